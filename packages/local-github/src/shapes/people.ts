import type { Invitation, Membership, Repository, Role, User } from '../store/entities.ts'
import { BASE, ROLES } from '../store/roles.ts'
import { minimalRepository, nodeId, repoHtml, type Shaping, simpleUser } from './common.ts'

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
    name: null,
    company: null,
    blog: '',
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
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
    is_verified: false,
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

/** An organization as its owners see it. */
export function ownedOrganizationShape(shaping: Shaping, organization: User) {
  const { repositories, memberships } = shaping.store
  const { login } = organization
  const ownPrivate = repositories.filter((repo) => repo.owner === login && repo.private)
  const members = memberships.filter((row) => row.organization === login && row.state === 'active')
  const outside = ownPrivate
    .flatMap(({ collaborators }) => collaborators.map((each) => each.login))
    .filter((person) => !members.some(({ user }) => user === person))
  return {
    ...organizationShape(shaping, organization),
    total_private_repos: ownPrivate.length,
    owned_private_repos: ownPrivate.length,
    private_gists: 0,
    disk_usage: 0,
    collaborators: new Set(outside).size,
    billing_email: null,
    default_repository_permission: BASE,
    two_factor_requirement_enabled: false,
    members_can_create_repositories: true,
    members_allowed_repository_creation_type: 'all',
    members_can_create_public_repositories: true,
    members_can_create_private_repositories: true,
    members_can_create_internal_repositories: false,
    members_can_create_pages: true,
    members_can_create_public_pages: true,
    members_can_create_private_pages: true,
    members_can_fork_private_repositories: false,
    web_commit_signoff_required: false,
    plan: {
      name: 'team',
      space: 976562499,
      private_repos: 999999,
      filled_seats: members.length,
      seats: members.length,
    },
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
    url: `${shaping.urls.api}/user/repository_invitations/${id}`,
    html_url: `${repoHtml(shaping, repo)}/invitations`,
  }
}
