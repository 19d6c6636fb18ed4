import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { checkBody } from '../../issues/find.ts'
import { type CommentPlace, isOfPull, locate } from '../../pulls/comments.ts'
import { pullOf, SCOPE } from '../../pulls/find.ts'
import {
  demandOwn,
  demandVerdict,
  dismissReview,
  emit,
  refused,
  submitReview,
  type Verdict,
  visibleReviews,
} from '../../pulls/reviews.ts'
import type { Pull } from '../../shapes/pulls.ts'
import { positionedComment, reviewShape } from '../../shapes/reviews.ts'
import type { Repository, Review } from '../../store/entities.ts'
import { writable } from '../issues/reactions.ts'

interface Asked {
  commit_id: string
  body: string
  event: Verdict
  comments: ReadonlyArray<CommentPlace & { body: string }>
}

export function addReviewRoutes(app: App, hub: Hub): void {
  const { reviews, reviewComments } = hub.store
  const all = '/repos/:owner/:repo/pulls/:number/reviews'

  app.get(all, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const own = visibleReviews(hub, c.get('by'), pullOf(hub, repo, c))
    return c.json(page(c, own).map((row) => reviewShape(hub, repo, row)))
  })

  app.post(all, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const issue = pullOf(hub, repo, c)
    const by = c.get('by')
    const { commit_id: commit = issue.pull.headSha, body = '', event, comments = [] } = await bodyOf<Asked>(c)
    checkBody('PullRequestReview', body)
    if (event) demandVerdict(hub, repo, by, issue, { event, body, comments: comments.length })
    demandNonePending(by, issue)
    if (!(await isOfPull(repo, issue, commit))) throw refused('The commit is not part of the pull request')
    const places = []
    // All or nothing: one comment that has no place refuses the review.
    for (const comment of comments) {
      const place = await locate(hub, repo, issue, commit, comment)
      if (place === 'path') throw refused('Path could not be resolved')
      if (place === 'line') throw refused('Line could not be resolved')
      places.push({ ...place, body: comment.body })
    }
    const at = hub.clock.now()
    const common = { repo: repo.id, issue: issue.id, user: actor(by) }
    const review = reviews.insert({ ...common, body, state: 'PENDING', commit, submittedAt: null, updatedAt: at })
    for (const place of places)
      reviewComments.insert({ ...common, ...place, review: review.id, inReplyTo: null, createdAt: at, updatedAt: at })
    if (event) await submitReview(hub, repo, by, issue, review, event)
    return c.json(reviewShape(hub, repo, review))
  })

  app.get(`${all}/:id`, (c) => {
    const { repo, review } = reviewOf(c, repoOf(hub, c, SCOPE, 'read'))
    return c.json(reviewShape(hub, repo, review))
  })

  app.put(`${all}/:id`, async (c) => {
    const { repo, issue, review } = reviewOf(c, writable(hub, c, SCOPE))
    const by = c.get('by')
    demandOwn(hub, by, repo, review.user)
    const { body = '' } = await bodyOf<{ body: string }>(c)
    checkBody('PullRequestReview', body)
    const from = review.body
    reviews.update(review, { body, updatedAt: hub.clock.now() })
    if (review.state !== 'PENDING' && from !== body)
      await emit(hub, repo, by, issue, review, 'edited', { changes: { body: { from } } })
    return c.json(reviewShape(hub, repo, review))
  })

  app.delete(`${all}/:id`, (c) => {
    const { repo, review } = reviewOf(c, writable(hub, c, SCOPE))
    if (review.state !== 'PENDING') throw refused('Can not delete a non-pending pull request review')
    const shape = reviewShape(hub, repo, review)
    for (const row of reviewComments.filter((each) => each.review === review.id)) reviewComments.delete(row.id)
    reviews.delete(review.id)
    return c.json(shape)
  })

  app.get(`${all}/:id/comments`, (c) => {
    const { repo, review } = reviewOf(c, repoOf(hub, c, SCOPE, 'read'))
    const own = reviewComments.filter((row) => row.review === review.id)
    return c.json(page(c, own).map((row) => positionedComment(hub, repo, row)))
  })

  app.post(`${all}/:id/events`, async (c) => {
    const { repo, issue, review } = reviewOf(c, writable(hub, c, SCOPE))
    const by = c.get('by')
    const { event, body = review.body } = await bodyOf<{ event: Verdict; body: string }>(c)
    checkBody('PullRequestReview', body)
    if (review.state !== 'PENDING') throw refused('Can not submit a non-pending pull request review')
    const comments = reviewComments.filter((row) => row.review === review.id).length
    demandVerdict(hub, repo, by, issue, { event: event!, body, comments })
    reviews.update(review, { body })
    await submitReview(hub, repo, by, issue, review, event!)
    return c.json(reviewShape(hub, repo, review))
  })

  app.put(`${all}/:id/dismissals`, async (c) => {
    const { repo, issue, review } = reviewOf(c, repoOf(hub, c, SCOPE, 'write'))
    const { message = '' } = await bodyOf<{ message: string }>(c)
    if (message.trim() === '') throw refused('Dismissal message is missing')
    if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
      throw refused(`Can not dismiss a ${review.state.toLowerCase()} pull request review`)
    await dismissReview(hub, repo, c.get('by'), issue, review, message)
    return c.json(reviewShape(hub, repo, review))
  })

  function reviewOf(c: Ctx, repo: Repository): { repo: Repository; issue: Pull; review: Review } {
    const issue = pullOf(hub, repo, c)
    const id = numberParam(c, 'id')
    const review = visibleReviews(hub, c.get('by'), issue).find((row) => row.id === id)
    if (!review) throw notFound()
    return { repo, issue, review }
  }

  function demandNonePending(by: Parameters<typeof actor>[0], issue: Pull): void {
    const login = actor(by)
    const pending = reviews.find((row) => row.issue === issue.id && row.user === login && row.state === 'PENDING')
    if (pending) throw refused('User can only have one pending review per pull request')
  }
}
