import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor, type Principal } from '../../http/auth.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { demandBody } from '../../issues/find.ts'
import { timeOf } from '../../issues/list.ts'
import { type CommentPlace, isOfPull, locate } from '../../pulls/comments.ts'
import { pullOf, SCOPE } from '../../pulls/find.ts'
import { demandOwn } from '../../pulls/reviews.ts'
import { emitReview } from '../../scheduler/pull-events.ts'
import type { Pull } from '../../shapes/pulls.ts'
import { reviewCommentShape } from '../../shapes/reviews.ts'
import type { Repository, ReviewComment } from '../../store/entities.ts'
import { demandUnlocked } from '../issues/issues.ts'
import { addReactionRoutes, writable } from '../issues/reactions.ts'

interface Asked extends CommentPlace {
  body: string
  commit_id: string
  in_reply_to: number
}

/** Comments on the lines of a pull request's diff. */
export function addReviewCommentRoutes(app: App, hub: Hub): void {
  const { reviewComments, reviews, issues, reactions } = hub.store
  const all = '/repos/:owner/:repo/pulls/comments'
  const path = '/repos/:owner/:repo/pulls/:number/comments'

  app.get(all, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    return list(c, repo, (row) => row.repo === repo.id)
  })

  app.get(path, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    const { id } = pullOf(hub, repo, c)
    return list(c, repo, (row) => row.issue === id)
  })

  app.post(path, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const issue = pullOf(hub, repo, c)
    demandUnlocked(hub, repo, c, issue, 'comment')
    const asked = await bodyOf<Asked>(c)
    const body = demandBody('PullRequestReviewComment', asked.body)
    if (asked.in_reply_to !== undefined) {
      const parent = reviewComments.get(asked.in_reply_to)
      if (parent?.issue !== issue.id) throw invalid('PullRequestReviewComment', 'invalid', 'in_reply_to')
      return answer(c, repo, await reply(c, repo, issue, parent, body))
    }
    const { commit_id: commit = '', path = '' } = asked
    if (!(await isOfPull(repo, issue, commit))) throw invalid('PullRequestReviewComment', 'invalid', 'commit_id')
    const place = await locate(hub, repo, issue, commit, { ...asked, path })
    if (place === 'path' || place === 'line')
      throw invalid(
        'PullRequestReviewComment',
        'custom',
        `pull_request_review_thread.${place}`,
        'could not be resolved',
      )
    return answer(c, repo, await add(c, repo, issue, { ...place, body, inReplyTo: null }))
  })

  app.post(`${path}/:id/replies`, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const issue = pullOf(hub, repo, c)
    const parent = commentOf(repo, c)
    if (parent.issue !== issue.id || parent.inReplyTo !== null) throw notFound()
    demandUnlocked(hub, repo, c, issue, 'comment')
    const { body } = await bodyOf<{ body: string }>(c)
    const text = demandBody('PullRequestReviewComment', body)
    return answer(c, repo, await reply(c, repo, issue, parent, text))
  })

  app.get(`${all}/:id`, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    return c.json(reviewCommentShape(hub, repo, commentOf(repo, c)))
  })

  app.patch(`${all}/:id`, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const comment = commentOf(repo, c)
    demandOwn(hub, c.get('by'), repo, comment.user)
    const { body } = await bodyOf<{ body: string }>(c)
    const from = comment.body
    const text = demandBody('PullRequestReviewComment', body)
    reviewComments.update(comment, { body: text, updatedAt: hub.clock.now() })
    await emit(c, repo, comment, 'edited', { changes: { body: { from } } })
    return c.json(reviewCommentShape(hub, repo, comment))
  })

  app.delete(`${all}/:id`, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const comment = commentOf(repo, c)
    demandOwn(hub, c.get('by'), repo, comment.user)
    reviewComments.delete(comment.id)
    for (const row of reactions.filter((each) => each.kind === 'review_comment' && each.subject === comment.id))
      reactions.delete(row.id)
    await emit(c, repo, comment, 'deleted')
    return c.body(null, 204)
  })

  addReactionRoutes(app, hub, {
    path: `${all}/:id`,
    kind: 'review_comment',
    scope: SCOPE,
    subject: (repo, c) => commentOf(repo, c).id,
    check: (repo, c) => demandUnlocked(hub, repo, c, issues.get(commentOf(repo, c).issue)!, 'react'),
  })

  /** Of a pending review its author alone sees the comments. */
  function isVisible(by: Principal, { review, user }: ReviewComment): boolean {
    return reviews.get(review)?.state !== 'PENDING' || (by.kind !== 'anonymous' && by.login === user)
  }

  function commentOf(repo: Repository, c: Ctx): ReviewComment {
    const comment = reviewComments.get(numberParam(c, 'id'))
    if (comment?.repo !== repo.id || !isVisible(c.get('by'), comment)) throw notFound()
    return comment
  }

  function list(c: Ctx, repo: Repository, test: (row: ReviewComment) => boolean) {
    const { sort = 'created', direction = 'asc' } = c.req.query()
    const since = timeOf(c.req.query('since'))
    const by = c.get('by')
    const rows = reviewComments.filter(
      (row) =>
        test(row) &&
        reviews.get(row.review)?.state !== 'PENDING' &&
        isVisible(by, row) &&
        (!since || new Date(row.updatedAt) >= since),
    )
    if (sort === 'updated') rows.sort((a, b) => Date.parse(a.updatedAt) - Date.parse(b.updatedAt))
    if (direction === 'desc') rows.reverse()
    return c.json(page(c, rows).map((row) => reviewCommentShape(hub, repo, row)))
  }

  /** A reply stands where the comment stands that began the thread. */
  function reply(c: Ctx, repo: Repository, issue: Pull, parent: ReviewComment, body: string): Promise<ReviewComment> {
    const { path, diffHunk, originalCommit, original, commit, place } = parent
    const first = parent.inReplyTo ?? parent.id
    return add(c, repo, issue, { path, diffHunk, originalCommit, original, commit, place, body, inReplyTo: first })
  }

  type Words = Omit<ReviewComment, 'id' | 'repo' | 'issue' | 'review' | 'user' | 'createdAt' | 'updatedAt'>

  /** Each comment is part of a review; one that comes alone makes its own. */
  async function add(c: Ctx, repo: Repository, issue: Pull, words: Words): Promise<ReviewComment> {
    const user = actor(c.get('by'))
    const pending = reviews.find((row) => row.issue === issue.id && row.user === user && row.state === 'PENDING')
    if (pending) {
      const error = { resource: 'PullRequestReview', code: 'custom', field: 'user_id' }
      const message = 'user_id can only have one pending review per pull request'
      throw new ApiError(422, 'Validation Failed', { errors: [{ ...error, message }] })
    }
    const at = hub.clock.now()
    const common = { repo: repo.id, issue: issue.id, user, updatedAt: at }
    const state = 'COMMENTED' as const
    const review = reviews.insert({ ...common, body: '', state, commit: words.originalCommit, submittedAt: at })
    const comment = reviewComments.insert({ ...common, ...words, review: review.id, createdAt: at })
    issues.update(issue, { updatedAt: at })
    await emit(c, repo, comment, 'created')
    return comment
  }

  function answer(c: Ctx, repo: Repository, comment: ReviewComment) {
    const shape = reviewCommentShape(hub, repo, comment)
    return c.json(shape, 201, { location: shape.url })
  }

  async function emit(c: Ctx, repo: Repository, comment: ReviewComment, action: string, details = {}): Promise<void> {
    const issue = issues.get(comment.issue) as Pull
    const payload = { comment: reviewCommentShape(hub, repo, comment), ...details }
    const name = 'pull_request_review_comment'
    await emitReview(hub, repo, c.get('by'), issue, { name, action, payload })
  }
}
