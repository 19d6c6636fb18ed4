import { actor, type Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { emitActivity } from '../scheduler/issue-events.ts'
import { emitPull } from '../scheduler/pull-events.ts'
import { issueShape } from '../shapes/issues.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Issue, IssueEvent, Repository } from '../store/entities.ts'

/** Writes a line into the history of an issue, or of a pull request. */
export function record(
  hub: Hub,
  by: Principal,
  issue: Issue,
  event: string,
  about: IssueEvent['about'] = {},
  commit: string | null = null,
): IssueEvent {
  const row = { repo: issue.repo, issue: issue.id, actor: actorOf(hub, by, issue), event, commit, about }
  return hub.store.issueEvents.insert({ ...row, createdAt: hub.clock.now() })
}

// Who has no account pushes to nothing; a push by git is always somebody's.
const actorOf = (hub: Hub, by: Principal, issue: Issue) =>
  by.kind === 'anonymous' ? hub.store.repositories.get(issue.repo)!.owner : actor(by)

/** Tells the workflows what happened to an issue (`issues`), or to a pull request (`pull_request`). */
export async function emitIssue(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Issue,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  if (issue.pull) await emitPull(hub, repo, by, issue as Pull, action, details)
  else {
    const payload = { issue: issueShape(hub, repo, issue), ...details }
    await emitActivity(hub, repo, by, { name: 'issues', action, payload })
  }
}
