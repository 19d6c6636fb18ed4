import type { Repository, Role, Team } from './entities.ts'
import { membershipOf, ROLES, withParents } from './roles.ts'
import type { Store } from './store.ts'

export function findTeam(store: Store, organization: string, slug: string): Team | undefined {
  return store.teams.find((team) => team.organization === organization && team.slug === slug.toLowerCase())
}

/** `My TEam Näme` → `my-team-name`. */
export function toSlug(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{Mn}/gu, '')
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The teams that are part of this one, directly. */
export function childrenOf(store: Store, team: Team): Team[] {
  return store.teams.filter((each) => each.parent === team.id)
}

export interface TeamMember {
  login: string
  role: 'member' | 'maintainer'
  state: 'active' | 'pending'
  /** Only in a team that is part of this one. */
  inherited: boolean
}

/** Who is in a team, and in those that are part of it; an owner of the organization counts as maintainer. */
export function membersOf(store: Store, team: Team): TeamMember[] {
  const own = team.members.map(({ login, role }) => {
    const member = membershipOf(store, team.organization, login)
    return {
      login,
      role: member?.role === 'admin' ? ('maintainer' as const) : role,
      state: member ? ('active' as const) : ('pending' as const),
      inherited: false,
    }
  })
  const below = childrenOf(store, team).flatMap((child) => membersOf(store, child))
  const known = new Map<string, TeamMember>()
  for (const member of [...own, ...below.map((each) => ({ ...each, inherited: true }))])
    if (!known.has(member.login)) known.set(member.login, member)
  return [...known.values()]
}

/** What a team may do with a repository, by itself or through those that it is part of. */
export function teamRole(store: Store, team: Team, repo: Repository): Role | undefined {
  const roles = withParents(store, team).flatMap(
    (each) => each.repositories.find((grant) => grant.repo === repo.id)?.role ?? [],
  )
  return roles.sort((a, b) => ROLES.indexOf(b) - ROLES.indexOf(a))[0]
}

/** Whether somebody may know that a team is there: a secret one is for its members and the owners. */
export function seesTeam(store: Store, team: Team, login: string): boolean {
  const member = membershipOf(store, team.organization, login)
  if (!member) return false
  return team.privacy === 'closed' || member.role === 'admin' || team.members.some((each) => each.login === login)
}

/** Whether somebody may change a team. */
export function maintainsTeam(store: Store, team: Team, login: string): boolean {
  return (
    membersOf(store, team).some(
      (member) => member.login === login && member.role === 'maintainer' && !member.inherited,
    ) || membershipOf(store, team.organization, login)?.role === 'admin'
  )
}
