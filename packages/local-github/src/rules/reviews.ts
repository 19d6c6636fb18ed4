import { ownersOf, readCodeowners } from '../git/codeowners.ts'
import { changedPaths, git } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import { may } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository, Review } from '../store/entities.ts'
import { teamsOf } from '../store/roles.ts'
import { type Rule, sourcesFor } from './sources.ts'

/** What a `pull_request` rule says; a branch's protection says the same in other words. */
export interface ReviewParameters {
  required_approving_review_count?: number
  dismiss_stale_reviews_on_push?: boolean
  require_code_owner_review?: boolean
  require_last_push_approval?: boolean
  required_review_thread_resolution?: boolean
  allowed_merge_methods?: string[]
}

/** GitHub's sentences for reviews that a pull request still lacks; none: it has them. */
export async function missingReviews(hub: Hub, repo: Repository, issue: Pull, rule: Rule): Promise<string[]> {
  const wanted = (rule.parameters ?? {}) as ReviewParameters
  const opinions = opinionsOf(hub, repo, issue)
  const approvals = opinions.filter(({ state }) => state === 'APPROVED')
  const count = wanted.required_approving_review_count ?? 0
  const found: string[] = []
  if (approvals.length < count) {
    const reviews = count === 1 ? 'approving review is' : 'approving reviews are'
    found.push(`At least ${count} ${reviews} required by reviewers with write access.`)
  }
  if (count > 0 && opinions.some(({ state }) => state === 'CHANGES_REQUESTED'))
    found.push('Changes have been requested.')
  if (wanted.require_code_owner_review) {
    const owners = await waitingOwners(hub, repo, issue, approvals)
    if (owners.length) found.push(`Waiting on code owner review from ${owners.join(' and/or ')}.`)
  }
  const pusher = issue.pull.pushedBy ?? issue.user
  const isNew = (review: Review) => review.commit === issue.pull.headSha && review.user !== pusher
  if (wanted.require_last_push_approval && !approvals.some(isNew)) {
    found.push(`New changes require approval from someone other than ${pusher} because they were the last pusher.`)
  }
  if (wanted.required_review_thread_resolution && hasThreads(hub, issue)) {
    found.push('A conversation must be resolved before this pull request can be merged.')
  }
  return found
}

/** The last word of each reviewer who may write; a comment takes none back. */
function opinionsOf(hub: Hub, repo: Repository, issue: Pull): Review[] {
  const last = new Map<string, Review>()
  for (const review of hub.store.reviews.filter((row) => row.issue === issue.id)) {
    const by: Principal = { kind: 'user', login: review.user }
    const counts = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(review.state)
    if (counts && review.user !== issue.user && may(hub, by, repo, 'write')) last.set(review.user, review)
  }
  return [...last.values()]
}

/** Of the changed files' owners those who are asked: for each file one of its owners has to approve. */
async function waitingOwners(hub: Hub, repo: Repository, issue: Pull, approvals: readonly Review[]): Promise<string[]> {
  const { baseSha, headSha } = issue.pull
  // What the base branch says counts, so that a pull request cannot change who owns it.
  const codeowners = await readCodeowners(repo.gitDir, baseSha)
  if (!codeowners) return []
  const from = await git(repo.gitDir, ['merge-base', baseSha, headSha])
  const approved = (owner: string) => approvals.some(({ user }) => isOwner(hub, repo, owner, user))
  const waiting = new Set<string>()
  for (const path of await changedPaths(repo.gitDir, from, headSha)) {
    const owners = ownersOf(codeowners, path).filter((owner) => owner.startsWith('@'))
    if (owners.length && !owners.some(approved)) for (const owner of owners) waiting.add(owner.slice(1))
  }
  return [...waiting]
}

function isOwner(hub: Hub, repo: Repository, owner: string, login: string): boolean {
  const [name, slug] = owner.slice(1).split('/') as [string, string | undefined]
  if (slug === undefined) return name.toLowerCase() === login.toLowerCase()
  return name === repo.owner && teamsOf(hub.store, name, login).some((team) => team.slug === slug)
}

// Conversations are resolved on the page alone, which is not here.
const hasThreads = (hub: Hub, issue: Pull) =>
  hub.store.reviewComments.find((row) => row.issue === issue.id) !== undefined

/** After a push to a pull request: approvals of what was there before go, where the base branch's rules say so. */
export function dismissStale(hub: Hub, repo: Repository, issue: Pull): void {
  const rules = sourcesFor(hub, repo, `refs/heads/${issue.pull.baseRef}`).flatMap((source) => source.rules)
  if (!rules.some(({ parameters }) => parameters?.dismiss_stale_reviews_on_push === true)) return
  const approvals = hub.store.reviews.filter((row) => row.issue === issue.id && row.state === 'APPROVED')
  for (const review of approvals) hub.store.reviews.update(review, { state: 'DISMISSED' })
}
