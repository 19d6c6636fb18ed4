import { dirname } from 'node:path/posix'
import { advanceRef, createCommit, createTree, type GitHub, loadRefFile, readRef } from '@modelyard/github'
import { flatName, parseJson, RegistryEvent, retrainBranch, UserError } from '@modelyard/spec'
import { logMessage } from './message.ts'

/** The newest entry of a model's log. */
export interface LogTip {
  sha: string
  event: RegistryEvent
}

const EVENT = 'event.json'

/** The folder of the branches of retrain pull requests. */
const RETRAIN = `refs/heads/${dirname(retrainBranch('m'))}`

/**
 * The one ref that every event of a model advances; a branch where the host takes nothing else. A name that ends in
 * `.lock` is not allowed in git.
 */
export function logRef(model: string, { branchesOnly = false }: Pick<GitHub, 'branchesOnly'> = {}): string {
  return `refs/${branchesOnly ? 'heads/' : ''}modelyard/${flatName(model).replace(/\.lock$/, '.lock_')}`
}

/**
 * Reads the newest entry of a model's log; null where nothing has happened yet. Throws a `UserError` where the log is
 * kept elsewhere: of two logs, neither would hold anybody back.
 */
export async function readLogTip(github: GitHub, model: string): Promise<LogTip | null> {
  const ref = logRef(model, github)
  if (ref === RETRAIN)
    throw new UserError(
      `The log of ${model} would be the branch modelyard/retrain, and git has no branch modelyard/retrain/… beside that: nothing was changed. Give the model another name, or set MODELYARD_LOGS to "refs" where the host allows it.`,
    )
  const tip = await loadRefFile(github, ref, EVENT)
  if (!tip) {
    if ((await readRef(github, logRef(model, { branchesOnly: !github.branchesOnly }))) === null) return null
    throw logElsewhere(github, model)
  }
  const event = RegistryEvent.safeParse(tip.text === null ? undefined : parseJson(tip.text))
  if (!event.success) {
    throw new UserError(
      `${ref} does not end with an event that this release of Modelyard understands (${tip.sha.slice(0, 12)}). Update Modelyard.`,
    )
  }
  return { sha: tip.sha, event: event.data }
}

/** What says that the log of a model is kept elsewhere than this run was told. */
export function logElsewhere({ branchesOnly = false }: GitHub, model: string): UserError {
  const [other, ref] = [!branchesOnly, branchesOnly].map((each) => logRef(model, { branchesOnly: each }))
  return new UserError(
    `The log of ${model} is ${other}, and this run looks for ${ref}: nothing was changed. Set MODELYARD_LOGS to "${branchesOnly ? 'refs' : 'branches'}" in every workflow.`,
  )
}

/**
 * Adds an event behind the entry on which it was decided. `lost` means that another event came first: nothing was
 * written, and whoever asks decides again. `keeps` are commits that the log is to hold on to.
 */
export async function appendEvent(
  github: GitHub,
  { tip, event, keeps }: { tip: LogTip | null; event: RegistryEvent; keeps: string[] },
): Promise<LogTip | 'lost'> {
  const content = `${JSON.stringify(RegistryEvent.parse(event), null, 2)}\n`
  const tree = await createTree(github, { base: null, changes: [{ path: EVENT, content }] })
  const parents = [...(tip ? [tip.sha] : []), ...keeps]
  const sha = await createCommit(github, { message: logMessage(event), tree, parents })
  const outcome = await advanceRef(github, { ref: logRef(event.model, github), from: tip?.sha ?? null, to: sha })
  return outcome === 'lost' ? 'lost' : { sha, event }
}
