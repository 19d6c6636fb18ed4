import type { Comment, Issue, PullPart, Repository, Review } from '../store/entities.ts'
import { nodeId, repoApi, repoHtml, repository, type Shaping, simpleUser } from './common.ts'

export type Pull = Issue & { pull: PullPart }

export function label(shaping: Shaping, repo: Repository, name: string) {
  const id = [...name].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 1_000_000, 11)
  return {
    id,
    node_id: nodeId('Label', id),
    url: `${repoApi(shaping, repo)}/labels/${encodeURIComponent(name)}`,
    name,
    color: 'ededed',
    default: false,
    description: null,
  }
}

/** How the author stands to the repository. */
function association(repo: Repository, login: string): string {
  if (login === repo.owner) return 'OWNER'
  return repo.collaborators.some((each) => each.login === login) ? 'COLLABORATOR' : 'NONE'
}

export function issueShape(shaping: Shaping, repo: Repository, issue: Issue) {
  const api = repoApi(shaping, repo)
  const url = `${api}/issues/${issue.number}`
  const html = `${repoHtml(shaping, repo)}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`
  const assignees = issue.assignees.map((login) => simpleUser(shaping, login))
  return {
    id: issue.id,
    node_id: nodeId('Issue', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    state: issue.state,
    state_reason: null,
    locked: false,
    active_lock_reason: null,
    user: simpleUser(shaping, issue.user),
    labels: issue.labels.map((name) => label(shaping, repo, name)),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    comments: shaping.store.comments.filter((row) => row.issue === issue.id).length,
    author_association: association(repo, issue.user),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    ...(issue.pull
      ? {
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

export function commentShape(shaping: Shaping, repo: Repository, comment: Comment) {
  const issue = shaping.store.issues.get(comment.issue)!
  const kind = issue.pull ? 'pull' : 'issues'
  return {
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${repoApi(shaping, repo)}/issues/comments/${comment.id}`,
    html_url: `${repoHtml(shaping, repo)}/${kind}/${issue.number}#issuecomment-${comment.id}`,
    issue_url: `${repoApi(shaping, repo)}/issues/${issue.number}`,
    user: simpleUser(shaping, comment.user),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: association(repo, comment.user),
    performed_via_github_app: null,
  }
}

/** The form of lists; `pullShape` adds what only the single pull request says. */
export function simplePull(shaping: Shaping, repo: Repository, issue: Pull) {
  const api = repoApi(shaping, repo)
  const { pull } = issue
  const head = shaping.store.repositories.get(pull.headRepo)
  const url = `${api}/pulls/${issue.number}`
  const html = `${repoHtml(shaping, repo)}/pull/${issue.number}`
  const { number, title, body, state, labels, assignee, assignees, milestone, locked, active_lock_reason, ...rest } =
    issueShape(shaping, repo, issue)
  return {
    url,
    id: issue.id,
    node_id: nodeId('PullRequest', issue.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: `${api}/issues/${number}`,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${api}/issues/${number}/comments`,
    statuses_url: `${api}/statuses/${pull.headSha}`,
    ...{ number, title, body, state, labels, assignee, assignees, milestone, locked, active_lock_reason },
    user: rest.user,
    created_at: rest.created_at,
    updated_at: rest.updated_at,
    closed_at: rest.closed_at,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeSha,
    requested_reviewers: [],
    requested_teams: [],
    head: branch(shaping, head ?? repo, pull.headRef, pull.headSha),
    base: branch(shaping, repo, pull.baseRef, pull.baseSha),
    _links: Object.fromEntries(
      Object.entries({
        self: url,
        html,
        issue: `${api}/issues/${number}`,
        comments: `${api}/issues/${number}/comments`,
        review_comments: `${url}/comments`,
        review_comment: `${api}/pulls/comments{/number}`,
        commits: `${url}/commits`,
        statuses: `${api}/statuses/${pull.headSha}`,
      }).map(([name, href]) => [name, { href }]),
    ),
    author_association: rest.author_association,
    auto_merge: null,
    draft: pull.draft,
  }
}

export interface PullNumbers {
  commits: number
  additions: number
  deletions: number
  changedFiles: number
}

export function pullShape(shaping: Shaping, repo: Repository, issue: Pull, numbers: PullNumbers) {
  const { pull } = issue
  const mergeable = pull.mergedAt || issue.state === 'closed' ? null : pull.mergeSha !== null
  return {
    ...simplePull(shaping, repo, issue),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: mergeable === null ? 'unknown' : mergeable ? 'clean' : 'dirty',
    merged_by: pull.mergedBy ? simpleUser(shaping, pull.mergedBy) : null,
    comments: shaping.store.comments.filter((row) => row.issue === issue.id).length,
    review_comments: 0,
    maintainer_can_modify: false,
    commits: numbers.commits,
    additions: numbers.additions,
    deletions: numbers.deletions,
    changed_files: numbers.changedFiles,
  }
}

function branch(shaping: Shaping, repo: Repository, ref: string, sha: string) {
  return {
    label: `${repo.owner}:${ref}`,
    ref,
    sha,
    user: simpleUser(shaping, repo.owner),
    repo: repository(shaping, repo),
  }
}

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
    author_association: association(repo, review.user),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    submitted_at: review.submittedAt,
    commit_id: review.commit,
  }
}
