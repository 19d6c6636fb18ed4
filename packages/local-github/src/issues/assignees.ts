import { invalid } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { getUser } from '../store/accounts.ts'
import type { Issue, Repository } from '../store/entities.ts'
import { covers, membershipOf, roleOf } from '../store/roles.ts'

/** An issue has no more of them; GitHub leaves out those that come after. */
export const MAX_ASSIGNEES = 10

/** Whether somebody can be assigned: who can write, a member who can read, and who wrote the issue or commented on it. */
export function isAssignable(hub: Hub, repo: Repository, login: string, issue?: Issue): boolean {
  const { store } = hub
  const role = roleOf(store, repo, login)
  if (covers(role, 'triage') || (role !== 'none' && membershipOf(store, repo.owner, login))) return true
  if (!issue || !getUser(hub, login)) return false
  return (
    issue.user === login || store.comments.find((row) => row.issue === issue.id && row.user === login) !== undefined
  )
}

/** Everybody who can be assigned to any issue of the repository. */
export function assignable(hub: Hub, repo: Repository): string[] {
  return hub.store.users
    .filter(({ type, login }) => type === 'User' && isAssignable(hub, repo, login))
    .map(({ login }) => login)
}

/** The accounts of a request that states who is assigned: one who cannot be is refused. */
export function demandAssignees(hub: Hub, repo: Repository, logins: readonly string[], issue?: Issue): string[] {
  const found = logins.map((login) => {
    const user = getUser(hub, login)
    if (!user || !isAssignable(hub, repo, user.login, issue)) throw invalid('Issue', 'invalid', 'assignees')
    return user.login
  })
  return [...new Set(found)].slice(0, MAX_ASSIGNEES)
}
