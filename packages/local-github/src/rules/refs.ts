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

/** What stands in the way of a change of a ref: a ruleset, the branch's protection, an immutable release, the token. */
export async function refusalOf(
  hub: Hub,
  repo: Repository,
  by: Principal,
  change: RefChange,
): Promise<Refusal | undefined> {
  const { ref, before, after } = change
  const path = after === ZERO_SHA || !isBranchOrTag(ref) ? undefined : await foreignWorkflow(repo, by, after)
  if (path) return { kind: 'workflow', path }
  const held = hub.store.releases.find((row) => row.repo === repo.id && row.immutable && ref === `refs/tags/${row.tag}`)
  if (held) {
    const change = before === ZERO_SHA ? 'create' : after === ZERO_SHA ? 'delete' : 'update'
    return { kind: 'ruleset', sentences: [`Cannot ${change} this protected ref.`] }
  }
  if (before === ZERO_SHA && isSpent(hub, repo, ref))
    return { kind: 'ruleset', sentences: ['Cannot create ref due to creations being restricted.'] }
  const sources = sourcesFor(hub, repo, ref)
  for (const origin of ['ruleset', 'protection'] as const) {
    const found = []
    for (const source of sources.filter((each) => each.origin === origin))
      found.push(...(await violationsOf(hub, repo, by, change, source)))
    if (found.length) return { kind: origin, sentences: [...new Set(found)] }
  }
  return undefined
}

/** The tag of an immutable release that is no more. */
const isSpent = ({ store }: Hub, repo: Repository, ref: string) =>
  store.spentTags.find((row) => row.repository === fullName(repo) && ref === `refs/tags/${row.tag}`) !== undefined

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
