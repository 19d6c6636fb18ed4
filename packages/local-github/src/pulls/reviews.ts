import { actor, may, type Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { record } from '../issues/history.ts'
import { emitReview } from '../scheduler/pull-events.ts'
import type { Pull } from '../shapes/pulls.ts'
import { reviewCommentShape, reviewShape } from '../shapes/reviews.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import type { Repository, Review } from '../store/entities.ts'
import { updatePull } from './lifecycle.ts'

export const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const

export type Verdict = keyof typeof STATES

/** GitHub's answer where a review is not as it must be: sentences instead of fields. */
export const refused = (sentence: string) => new ApiError(422, 'Unprocessable Entity', { errors: [sentence] })

/** Refuses a verdict that its giver may not give, or that lacks its words. */
export function demandVerdict(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  { event, body, comments }: { event: Verdict; body: string; comments: number },
): void {
  const isOwn = issue.user === actor(by)
  if (event === 'APPROVE' && isOwn) throw refused('Can not approve your own pull request')
  if (event === 'REQUEST_CHANGES' && isOwn) throw refused('Can not request changes on your own pull request')
  if (event === 'APPROVE' && by.kind === 'job' && !actionsSettings(hub.store, repo.id).can_approve_pull_request_reviews)
    throw refused('GitHub Actions is not permitted to approve pull requests.')
  if (event !== 'APPROVE' && body.trim() === '' && comments === 0) throw refused('Review body is missing')
}

/** Submits a review: who was asked for it no longer is, and workflows hear of it and of its comments. */
export async function submitReview(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  review: Review,
  event: Verdict,
) {
  const at = hub.clock.now()
  hub.store.reviews.update(review, { state: STATES[event], submittedAt: at, updatedAt: at })
  updatePull(hub, issue, { reviewers: issue.pull.reviewers.filter((login) => login !== review.user) })
  hub.store.issues.update(issue, { updatedAt: at })
  await emit(hub, repo, by, issue, review, 'submitted')
  for (const row of hub.store.reviewComments.filter((each) => each.review === review.id)) {
    const payload = { comment: reviewCommentShape(hub, repo, row) }
    await emitReview(hub, repo, by, issue, { name: 'pull_request_review_comment', action: 'created', payload })
  }
}

export async function dismissReview(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  review: Review,
  message: string | null,
): Promise<void> {
  const { state, id } = review
  hub.store.reviews.update(review, { state: 'DISMISSED', updatedAt: hub.clock.now() })
  record(hub, by, issue, 'review_dismissed', { review: { id, state: state.toLowerCase(), message } })
  await emit(hub, repo, by, issue, review, 'dismissed')
}

/** Announces a review, as events spell its state: in small letters. */
export async function emit(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  review: Review,
  action: 'submitted' | 'edited' | 'dismissed',
  details: object = {},
): Promise<void> {
  const shape = reviewShape(hub, repo, review)
  const payload = { review: { ...shape, state: shape.state.toLowerCase() }, ...details }
  await emitReview(hub, repo, by, issue, { name: 'pull_request_review', action, payload })
}

/** The reviews that somebody sees: pending ones are their author's alone. */
export function visibleReviews(hub: Hub, by: Principal, issue: Pull): Review[] {
  const login = by.kind === 'anonymous' ? undefined : by.login
  return hub.store.reviews.filter((row) => row.issue === issue.id && (row.state !== 'PENDING' || row.user === login))
}

export function demandOwn(hub: Hub, by: Principal, repo: Repository, user: string): void {
  if (user !== actor(by) && !may(hub, by, repo, 'write'))
    throw new ApiError(403, 'Must have admin rights to Repository.')
}
