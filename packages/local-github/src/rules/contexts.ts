import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'

/** What became of one required check: a commit status of that context, or a check run of that name. */
export type ContextState = 'success' | 'pending' | 'failure' | 'expected'

export interface RequiredContext {
  context: string
  integration_id?: number | null
}

/** The app that all check runs here belong to. */
export const ACTIONS_APP = 15368

/** The newest word on a context at a commit; a skipped or neutral check run is as good as a success. */
export function stateOf(hub: Hub, repo: Repository, sha: string, required: RequiredContext): ContextState {
  const { context, integration_id: app } = required
  const status = hub.store.statuses.filter((row) => row.repo === repo.id && row.sha === sha && row.context === context)
  const checks = hub.store.checkRuns.filter(
    (row) => row.repo === repo.id && row.headSha === sha && row.name === context,
  )
  const [lastStatus, lastCheck] = [status.at(-1), checks.at(-1)]
  const states: ContextState[] = []
  // A status carries no app that is known here, so that one which must come from an app cannot be it.
  if (lastStatus && (app ?? -1) < 0) states.push(lastStatus.state === 'error' ? 'failure' : lastStatus.state)
  if (lastCheck && (app === undefined || app === null || app === -1 || app === ACTIONS_APP)) {
    if (lastCheck.status !== 'completed') states.push('pending')
    else states.push(PASSING.includes(lastCheck.conclusion ?? '') ? 'success' : 'failure')
  }
  // Where both are there, the worse one counts.
  return (['failure', 'pending', 'success'] as const).find((state) => states.includes(state)) ?? 'expected'
}

const PASSING = ['success', 'neutral', 'skipped']

/** GitHub's sentences for required checks that have not passed; none: all have. */
export function missingChecks(hub: Hub, repo: Repository, sha: string, required: readonly RequiredContext[]): string[] {
  const open = required
    .map((each) => ({ context: each.context, state: stateOf(hub, repo, sha, each) }))
    .filter(({ state }) => state !== 'success')
  if (open.length === 0) return []
  const [only] = open
  if (required.length === 1) return [`Required status check "${only!.context}" is ${WORDS[only!.state]}.`]
  const count = `${open.length} of ${required.length} required status checks`
  const states = [...new Set(open.map(({ state }) => state))]
  if (states.length === 1) return [`${count} are ${WORDS[states[0]!]}.`]
  const parts = states.map((state) => `${open.filter((each) => each.state === state).length} ${WORDS[state]}`)
  return [`${count} have not succeeded: ${parts.join(', and ')}.`]
}

const WORDS: Record<ContextState, string> = {
  expected: 'expected',
  pending: 'pending',
  failure: 'failing',
  success: 'successful',
}
