import { ZERO_SHA } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import { ApiError, unprocessable } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import type { Repository } from '../store/entities.ts'
import { fullName } from '../store/store.ts'
import { sourcesFor } from './sources.ts'
import { violationsOf } from './violations.ts'
import { foreignWorkflow } from './workflow-files.ts'

/** A change of a ref that somebody asks for; ZERO_SHA where there was, or will be, none. */
export interface RefChange {
  ref: string
  before: string
  after: string
}

/** Why a change of a ref is not made. */
export type Refusal = { kind: 'ruleset' | 'protection'; sentences: string[] } | { kind: 'workflow'; path: string }

export interface Decision {
  refusal?: Refusal
  /** What the asker did not have to keep. */
  waived: string[]
}

/** What stands in the way of a change of a ref: a ruleset, the branch's protection, an immutable release, the token. */
export async function decide(hub: Hub, repo: Repository, by: Principal, change: RefChange): Promise<Decision> {
  const { ref, after } = change
  const path = after === ZERO_SHA || !isBranchOrTag(ref) ? undefined : await foreignWorkflow(repo, by, after)
  if (path) return { refusal: { kind: 'workflow', path }, waived: [] }
  const locked = lockOf(hub, repo, change)
  if (locked) return { refusal: { kind: 'ruleset', sentences: [locked] }, waived: [] }
  const found = { ruleset: new Set<string>(), protection: new Set<string>() }
  const waived = new Set<string>()
  for (const source of sourcesFor(hub, repo, ref)) {
    const violations = await violationsOf(hub, repo, by, change, source)
    for (const sentence of violations.held) found[source.origin].add(sentence)
    for (const sentence of violations.waived) waived.add(sentence)
  }
  const kind = (['ruleset', 'protection'] as const).find((each) => found[each].size > 0)
  return { waived: [...waived], ...(kind && { refusal: { kind, sentences: [...found[kind]] } }) }
}

/** Why a change of a ref may not be made; undefined: it may. */
export async function refusalOf(hub: Hub, repo: Repository, by: Principal, change: RefChange) {
  return (await decide(hub, repo, by, change)).refusal
}

/** An immutable release holds on to its tag, and one that is no more on its tag's name. */
function lockOf({ store }: Hub, repo: Repository, { ref, before, after }: RefChange): string | undefined {
  if (store.releases.find((row) => row.repo === repo.id && row.immutable && ref === `refs/tags/${row.tag}`)) {
    const doing = before === ZERO_SHA ? 'create' : after === ZERO_SHA ? 'delete' : 'update'
    return `Cannot ${doing} this protected ref.`
  }
  const isSpent = store.spentTags.find((row) => row.repository === fullName(repo) && ref === `refs/tags/${row.tag}`)
  return isSpent && before === ZERO_SHA ? 'Cannot create ref due to creations being restricted.' : undefined
}

const isBranchOrTag = (ref: string) => /^refs\/(?:heads|tags)\//.test(ref)

/** Refuses a change of a ref over REST that rules, an immutable release or a job's token do not allow. */
export async function demandRefChange(hub: Hub, repo: Repository, by: Principal, change: RefChange): Promise<void> {
  const refusal = await refusalOf(hub, repo, by, change)
  if (!refusal) return
  if (refusal.kind === 'workflow') throw new ApiError(403, 'Resource not accessible by integration')
  throw unprocessable(inAnswer(refusal))
}

/** A refusal by rules as the API words it. */
export function inAnswer({ kind, sentences }: Extract<Refusal, { sentences: string[] }>): string {
  if (kind === 'protection') return sentences.join(' ')
  return `Repository rule violations found\n\n${sentences.join('\n\n')}\n\n`
}
