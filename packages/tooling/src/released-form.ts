/** The actions of others that our templates use, by the commit that was read and found good. */
const PINS: Record<string, { sha: string; version: string }> = {
  'actions/checkout@v6': { sha: 'd23441a48e516b6c34aea4fa41551a30e30af803', version: 'v6.1.0' },
  'actions/setup-python@v6': { sha: 'ece7cb06caefa5fff74198d8649806c4678c61a1', version: 'v6.3.0' },
}

/**
 * A workflow as a release ships it: every `uses:` pinned to a commit, with its version beside it. Pure.
 * Throws where it uses an action of others that has no pin.
 */
export function releasedForm(workflow: string, own: { sha: string; version: string }): string {
  return workflow.replace(/^(\s*(?:- )?uses:\s*)(.*)$/gm, (_, head: string, used: string) => {
    const [action] = used.split('@')
    const pin = action!.startsWith('modelyard/modelyard/') ? own : PINS[used]
    if (!pin) throw new Error(`${used} has no pin: read it, and add its commit to released-form.ts.`)
    return `${head}${action}@${pin.sha} # ${pin.version}`
  })
}
