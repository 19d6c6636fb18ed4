import type { Repository, Role, Team } from './entities.ts'
import type { Store } from './store.ts'

/** From the least to the most. */
export const ROLES: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin']

/** What every member of an organization may do with its repositories, unless its owners say otherwise. */
export const BASE: Role = 'read'

/** Whether `held` may what `wanted` may. */
export function covers(held: Role | 'none', wanted: Role): boolean {
  return held !== 'none' && ROLES.indexOf(held) >= ROLES.indexOf(wanted)
}

/** The highest of what a person was given on a repository: as owner, member, collaborator, or through a team. */
export function roleOf(store: Store, repo: Repository, login: string): Role | 'none' {
  if (login === repo.owner) return 'admin'
  const member = membershipOf(store, repo.owner, login)
  if (member?.role === 'admin') return 'admin'
  const given = [
    member && BASE,
    repo.collaborators.find((each) => each.login === login)?.role,
    ...teamsOf(store, repo.owner, login).map((team) => team.repositories.find((each) => each.repo === repo.id)?.role),
  ]
  const ranks = given.map((role) => (role === undefined ? -1 : ROLES.indexOf(role)))
  return ROLES[Math.max(...ranks)] ?? 'none'
}

/** Makes somebody a collaborator with this role, or none any more. */
export function giveRole(store: Store, repo: Repository, login: string, role: Role | undefined): void {
  const others = repo.collaborators.filter((each) => each.login !== login)
  store.repositories.update(repo, { collaborators: role ? [...others, { login, role }] : others })
}

/** An active membership; undefined for who is none, or has not accepted. */
export function membershipOf(store: Store, organization: string, login: string) {
  return store.memberships.find(
    (row) => row.organization === organization && row.user === login && row.state === 'active',
  )
}

/** The teams a person is in, with those that these are part of: a team may what its parents may. */
export function teamsOf(store: Store, organization: string, login: string): Team[] {
  // Who was not yet admitted to the organization is in its teams by name only.
  if (!membershipOf(store, organization, login)) return []
  const own = store.teams.filter(
    (team) => team.organization === organization && team.members.some((member) => member.login === login),
  )
  return [...new Set(own.flatMap((team) => withParents(store, team)))]
}

/** A team, what it is part of, and so on. */
export function withParents(store: Store, team: Team): Team[] {
  const parent = team.parent === null ? undefined : store.teams.get(team.parent)
  return [team, ...(parent ? withParents(store, parent) : [])]
}
