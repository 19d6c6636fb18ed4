import type { Repository, Review, ReviewComment } from '../store/entities.ts'
import { association } from './association.ts'
import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { reactionRollup } from './reactions.ts'

export function reviewShape(shaping: Shaping, repo: Repository, review: Review) {
  const issue = shaping.store.issues.get(review.issue)!
  const html = `${repoHtml(shaping, repo)}/pull/${issue.number}#pullrequestreview-${review.id}`
  const pullUrl = `${repoApi(shaping, repo)}/pulls/${issue.number}`
  return {
    id: review.id,
    node_id: nodeId('PullRequestReview', review.id),
    user: simpleUser(shaping, review.user),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(shaping.store, repo, review.user),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    // A pending review has not been submitted at any time.
    ...(review.submittedAt !== null && { submitted_at: review.submittedAt }),
    commit_id: review.commit,
  }
}

/** A comment on a line of the diff; without `line` and its kin where one review's comments are listed. */
export function reviewCommentShape(shaping: Shaping, repo: Repository, comment: ReviewComment) {
  const { original, place } = comment
  return {
    ...positionedComment(shaping, repo, comment),
    line: place?.line ?? null,
    side: original?.side ?? 'RIGHT',
    start_line: place?.startLine ?? null,
    start_side: original?.startSide ?? null,
    original_line: original?.line ?? null,
    original_start_line: original?.startLine ?? null,
    subject_type: original === null ? 'file' : 'line',
  }
}

/** The form in which the comments of one review are listed. */
export function positionedComment(shaping: Shaping, repo: Repository, comment: ReviewComment) {
  const { number } = shaping.store.issues.get(comment.issue)!
  const url = `${repoApi(shaping, repo)}/pulls/comments/${comment.id}`
  const pullUrl = `${repoApi(shaping, repo)}/pulls/${number}`
  const html = `${repoHtml(shaping, repo)}/pull/${number}#discussion_r${comment.id}`
  // A comment on a whole file counts as one on its first line.
  const onFile = comment.original === null ? 1 : undefined
  return {
    url,
    pull_request_review_id: comment.review,
    id: comment.id,
    node_id: nodeId('PullRequestReviewComment', comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    position: onFile ?? comment.place?.position ?? null,
    original_position: onFile ?? comment.original!.position,
    commit_id: comment.commit,
    original_commit_id: comment.originalCommit,
    ...(comment.inReplyTo !== null && { in_reply_to_id: comment.inReplyTo }),
    user: simpleUser(shaping, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: association(shaping.store, repo, comment.user),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: reactionRollup(shaping, 'review_comment', comment.id, url),
  }
}
