import type { Comment, Issue, Repository } from '../store/entities.ts'
import { association } from './association.ts'
import { nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { labelShape, milestoneShape } from './labels.ts'
import { reactionRollup } from './reactions.ts'

/** The form of lists and events; {@link fullIssue} adds who closed it. */
export function issueShape(shaping: Shaping, repo: Repository, issue: Issue) {
  const { store } = shaping
  const api = repoApi(shaping, repo)
  const url = `${api}/issues/${issue.number}`
  const html = `${repoHtml(shaping, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
  const assignees = issue.assignees.map((login) => simpleUser(shaping, login))
  const milestone = issue.milestone === null ? undefined : store.milestones.get(issue.milestone)
  return {
    id: issue.id,
    node_id: nodeId(issue.pull ? 'PullRequest' : 'Issue', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: html,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: issue.stateReason,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    user: simpleUser(shaping, issue.user),
    labels: labelsOf(shaping, repo, issue),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: milestone ? milestoneShape(shaping, repo, milestone) : null,
    comments: store.comments.filter((row) => row.issue === issue.id).length,
    author_association: association(store, repo, issue.user),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    reactions: reactionRollup(shaping, 'issue', issue.id, url),
    performed_via_github_app: null,
    ...(issue.pull
      ? {
          draft: issue.pull.draft,
          pull_request: {
            url: `${api}/pulls/${issue.number}`,
            html_url: html,
            diff_url: `${html}.diff`,
            patch_url: `${html}.patch`,
            merged_at: issue.pull.mergedAt,
          },
        }
      : {}),
  }
}

export function fullIssue(shaping: Shaping, repo: Repository, issue: Issue) {
  return {
    ...issueShape(shaping, repo, issue),
    closed_by: issue.closedBy === null ? null : simpleUser(shaping, issue.closedBy),
  }
}

export function labelsOf(shaping: Shaping, repo: Repository, { labels }: Issue) {
  return labels.map((id) => labelShape(shaping, repo, shaping.store.labels.get(id)!))
}

export function commentShape(shaping: Shaping, repo: Repository, comment: Comment) {
  const issue = shaping.store.issues.get(comment.issue)!
  const kind = issue.pull ? 'pull' : 'issues'
  const url = `${repoApi(shaping, repo)}/issues/comments/${comment.id}`
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url,
    html_url: `${repoHtml(shaping, repo)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repoApi(shaping, repo)}/issues/${issue.number}`,
    user: simpleUser(shaping, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(shaping.store, repo, comment.user),
    reactions: reactionRollup(shaping, 'comment', comment.id, url),
    performed_via_github_app: null,
  }
}
