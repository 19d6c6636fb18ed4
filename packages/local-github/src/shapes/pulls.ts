import type { Issue, PullPart, Repository } from '../store/entities.ts'
import { repoApi, repoHtml, repository, type Shaping, simpleUser } from './common.ts'
import { issueShape } from './issues.ts'
import { teamShape } from './teams.ts'

export type Pull = Issue & { pull: PullPart }

/** A pull request has an id of its own beside that of its issue, by which nothing can be asked for over REST. */
const PULL_IDS = 1_000_000_000

export const pullId = (issue: Issue) => PULL_IDS + issue.id

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
    id: pullId(issue),
    node_id: rest.node_id,
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
    ...requestedReviewers(shaping, issue),
    head: head ? branch(shaping, head, pull.headRef, pull.headSha) : lostBranch(pull),
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

/** What git counts of a pull request, and whether rules stand in its way. */
export interface PullFacts {
  commits: number
  additions: number
  deletions: number
  changedFiles: number
  mergeableState: 'clean' | 'dirty' | 'draft' | 'blocked' | 'behind' | 'unstable' | 'unknown'
}

export function pullShape(shaping: Shaping, repo: Repository, issue: Pull, facts: PullFacts) {
  const { pull } = issue
  const { comments, reviewComments } = shaping.store
  const mergeable = issue.state === 'closed' ? null : pull.mergeSha !== null
  return {
    ...simplePull(shaping, repo, issue),
    merged: pull.mergedAt !== null,
    mergeable,
    rebaseable: mergeable,
    mergeable_state: facts.mergeableState,
    merged_by: pull.mergedBy ? simpleUser(shaping, pull.mergedBy) : null,
    comments: comments.filter((row) => row.issue === issue.id).length,
    review_comments: reviewComments.filter((row) => row.issue === issue.id).length,
    maintainer_can_modify: pull.maintainerCanModify && issue.state === 'open',
    commits: facts.commits,
    additions: facts.additions,
    deletions: facts.deletions,
    changed_files: facts.changedFiles,
  }
}

/** Who was asked for a review and has not given one. */
export function requestedReviewers(shaping: Shaping, { pull }: Pull) {
  const teams = pull.reviewTeams.map((id) => shaping.store.teams.get(id)).filter((team) => team !== undefined)
  return {
    requested_reviewers: pull.reviewers.map((login) => simpleUser(shaping, login)),
    requested_teams: teams.map((team) => teamShape(shaping, team)),
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

/** Of a fork that was deleted. */
function lostBranch({ headRef, headSha }: PullPart) {
  return { label: `unknown repository:${headRef}`, ref: headRef, sha: headSha, user: null, repo: null }
}
