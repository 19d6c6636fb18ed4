import type { Invitation, Membership, Repository, Role, User } from '../store/entities.ts'
import { ROLES } from '../store/roles.ts'
import { minimalRepository, nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'

/** What the API calls a role where it is given or granted. */
export const PERMISSION_NAMES = {
  read: 'pull',
  triage: 'triage',
  write: 'push',
  maintain: 'maintain',
  admin: 'admin',
} as const satisfies Record<Role, string>

/** The role that a request names; also by the words of old: `read`, `write`. */
export function toRole(permission: string): Role | undefined {
  return ROLES.find((role) => role === permission || PERMISSION_NAMES[role] === permission)
}

/** `{admin, maintain, push, triage, pull}`: what a role may. */
export function permissionsOf(role: Role | 'none') {
  const rank = role === 'none' ? -1 : ROLES.indexOf(role)
  return { admin: rank >= 4, maintain: rank >= 3, push: rank >= 2, triage: rank >= 1, pull: rank >= 0 }
}

/** What everybody may know of a person. */
export function publicUser(shaping: Shaping, user: User) {
  const repositories = shaping.store.repositories.filter((repo) => repo.owner === user.login && !repo.private)
  const at = user.createdAt ?? '2018-07-30T09:30:17Z'
  return {
    ...simpleUser(shaping, user.login),
    name: user.login,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: repositories.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: at,
    updated_at: at,
  }
}

function simpleOrganization({ urls }: Shaping, { id, login }: User) {
  const url = `${urls.api}/orgs/${login}`
  return {
    login,
    id,
    node_id: nodeId('Organization', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${urls.server}/avatars/${id}`,
    description: null,
  }
}

export function organizationShape(shaping: Shaping, organization: User) {
  const { login } = organization
  const repositories = shaping.store.repositories.filter((repo) => repo.owner === login && !repo.private)
  const at = organization.createdAt ?? '2018-07-30T09:30:17Z'
  return {
    ...simpleOrganization(shaping, organization),
    name: login,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories.length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${shaping.urls.server}/${login}`,
    created_at: at,
    updated_at: at,
    archived_at: null,
    type: 'Organization',
  }
}

export function membershipShape(shaping: Shaping, organization: User, { user, role, state }: Membership) {
  const url = `${shaping.urls.api}/orgs/${organization.login}`
  return {
    url: `${url}/memberships/${user}`,
    state,
    role,
    organization_url: url,
    user: simpleUser(shaping, user),
    organization: simpleOrganization(shaping, organization),
  }
}

/** A person beside the role on a repository. */
export function collaboratorShape(shaping: Shaping, login: string, role: Role | 'none') {
  return { ...simpleUser(shaping, login), permissions: permissionsOf(role), role_name: role }
}

export function invitationShape(shaping: Shaping, repo: Repository, invitation: Invitation) {
  const { id, role, invitee, inviter, createdAt } = invitation
  return {
    id,
    node_id: nodeId('RepositoryInvitation', id),
    repository: minimalRepository(shaping, repo),
    invitee: simpleUser(shaping, invitee),
    inviter: simpleUser(shaping, inviter),
    permissions: role,
    created_at: createdAt,
    expired: false,
    url: `${repoApi(shaping, repo)}/invitations/${id}`,
    html_url: `${repoHtml(shaping, repo)}/invitations`,
  }
}
