import type { Hub } from '../hub.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import type { Repository, Run } from '../store/entities.ts'
import { covers, roleOf } from '../store/roles.ts'
import type { GitHubEvent } from './events.ts'

/** The events that start runs although a job's own token made them. */
const DISPATCHES = ['workflow_dispatch', 'repository_dispatch']
/** What a job's token does to a pull request makes runs that wait for somebody's approval. */
const APPROVABLE = ['opened', 'synchronize', 'reopened']

/** Whether runs can follow from an event at all. */
export function startsRuns(hub: Hub, { name, action = '', by, repo }: GitHubEvent): boolean {
  if (!actionsSettings(hub.store, repo.id).enabled) return false
  if (by.kind !== 'job' || DISPATCHES.includes(name)) return true
  return name === 'pull_request' && APPROVABLE.includes(action)
}

/** Whether the runs of an event wait until somebody who may write lets them start. */
export function awaitsApproval(hub: Hub, { name, by, repo, headRepo, payload }: GitHubEvent): boolean {
  // What `pull_request_target` starts is the base's own.
  if (name !== 'pull_request') return false
  if (by.kind === 'job') return true
  if (headRepo === undefined || headRepo === repo.id || repo.private) return false
  const author = (payload.pull_request as { user: { login: string } }).user.login
  return [author, by.kind === 'user' ? by.login : author].some((login) => isStranger(hub, repo, login))
}

/** By the repository's setting: who never had anything merged, or everybody who may not write. */
function isStranger({ store }: Hub, repo: Repository, login: string): boolean {
  if (covers(roleOf(store, repo, login), 'write')) return false
  const policy = actionsSettings(store, repo.id).approval_policy
  if (policy === 'all_external_contributors') return true
  // GitHub does not say for how long an account is new: here none is.
  if (policy === 'first_time_contributors_new_to_github') return false
  return !store.issues.find((row) => row.repo === repo.id && row.user === login && !!row.pull?.mergedAt)
}

/** Whether a run waits for approval. */
export const isAwaiting = ({ status, conclusion }: Run) => status === 'completed' && conclusion === 'action_required'
