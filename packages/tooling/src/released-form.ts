/** The commit that holds our own actions, and the version that it is released as. */
export interface Own {
  sha: string
  version: string
}

/** The actions of others that our workflows and templates use, by the commit that was read and found good. */
export const PINS: Record<string, Own> = {
  'actions/checkout@v6': { sha: 'd23441a48e516b6c34aea4fa41551a30e30af803', version: 'v6.1.0' },
  'actions/setup-node@v6': { sha: '249970729cb0ef3589644e2896645e5dc5ba9c38', version: 'v6.5.0' },
  'actions/setup-python@v6': { sha: 'ece7cb06caefa5fff74198d8649806c4678c61a1', version: 'v6.3.0' },
}

const OURS = 'modelyard/modelyard/'

/**
 * A workflow or a composite action as a release ships it: every `uses:` pinned to a commit, with its version beside it.
 * Pure. Throws where it uses an action of others that has no pin, and one of our `composites`: the commit that is
 * pinned does not hold those.
 */
export function releasedForm(text: string, own: Own, composites: string[] = []): string {
  return text.replace(/^(\s*(?:- )?uses:\s*)(.*)$/gm, (_, head: string, used: string) => {
    const [action = ''] = used.split('@')
    if (composites.some((name) => action === `${OURS}actions/${name}`))
      throw new Error(`${used} is a composite, which no release can pin: write the steps that it stands for.`)
    const pin = action.startsWith(OURS) ? own : PINS[used]
    if (!pin) throw new Error(`${used} has no pin: read it, and add its commit to released-form.ts.`)
    return `${head}${action}@${pin.sha} # ${pin.version}`
  })
}
