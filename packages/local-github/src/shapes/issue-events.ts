import type { IssueEvent, Repository } from '../store/entities.ts'
import { nodeId, repoApi, type Shaping, simpleUser } from './common.ts'
import { issueShape } from './issues.ts'
import { teamShape } from './teams.ts'

/** One line of an issue's history. Who assigned is asked as `assigner`, who asked for a review as `review_requester`. */
export function issueEventShape(shaping: Shaping, repo: Repository, row: IssueEvent) {
  const api = repoApi(shaping, repo)
  const { label, assignee, milestone, rename, lockReason, reviewer, team, review } = row.about
  const actor = simpleUser(shaping, row.actor)
  const asked = team === undefined ? undefined : shaping.store.teams.get(team)
  return {
    id: row.id,
    node_id: nodeId('IssueEvent', row.id),
    url: `${api}/issues/events/${row.id}`,
    actor,
    event: row.event,
    commit_id: row.commit,
    commit_url: row.commit === null ? null : `${api}/commits/${row.commit}`,
    created_at: row.createdAt,
    performed_via_github_app: null,
    ...(label && { label }),
    ...(assignee !== undefined && { assignee: simpleUser(shaping, assignee), assigner: actor }),
    ...(milestone !== undefined && { milestone: { title: milestone } }),
    ...(rename && { rename }),
    ...(lockReason !== undefined && { lock_reason: lockReason }),
    ...((reviewer !== undefined || asked) && { review_requester: actor }),
    ...(reviewer !== undefined && { requested_reviewer: simpleUser(shaping, reviewer) }),
    ...(asked && { requested_team: teamShape(shaping, asked) }),
    ...(review && {
      dismissed_review: {
        state: review.state,
        review_id: review.id,
        dismissal_message: review.message,
        ...(review.commit !== undefined && { dismissal_commit_id: review.commit }),
      },
    }),
  }
}

/** The same where the events of a whole repository are listed: with the issue. */
export function eventWithIssue(shaping: Shaping, repo: Repository, row: IssueEvent) {
  const issue = shaping.store.issues.get(row.issue)!
  return { ...issueEventShape(shaping, repo, row), issue: issueShape(shaping, repo, issue) }
}
