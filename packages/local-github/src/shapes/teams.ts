import type { Role, Team, User } from '../store/entities.ts'
import { membersOf } from '../store/teams.ts'
import { nodeId, type Shaping } from './common.ts'
import { organizationShape, PERMISSION_NAMES, permissionsOf } from './people.ts'

export function teamApi({ store, urls }: Shaping, { organization, id }: Team): string {
  return `${urls.api}/organizations/${store.users.find(({ login }) => login === organization)?.id}/team/${id}`
}

/** A team without the one that it is part of. */
export function simpleTeam(shaping: Shaping, team: Team) {
  const url = teamApi(shaping, team)
  return {
    id: team.id,
    node_id: nodeId('Team', team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: team.notificationSetting,
    permission: PERMISSION_NAMES[team.permission] as string,
    type: 'organization' as const,
    url,
    html_url: `${shaping.urls.server}/orgs/${team.organization}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  }
}

export function teamShape(shaping: Shaping, team: Team) {
  const parent = team.parent === null ? undefined : shaping.store.teams.get(team.parent)
  return { ...simpleTeam(shaping, team), parent: parent ? simpleTeam(shaping, parent) : null }
}

/** A team as one of those that have a role on a repository. */
export function grantedTeamShape(shaping: Shaping, team: Team, role: Role) {
  return {
    ...teamShape(shaping, team),
    permission: PERMISSION_NAMES[role] as string,
    permissions: permissionsOf(role),
  }
}

export function fullTeamShape(shaping: Shaping, team: Team, organization: User) {
  return {
    ...teamShape(shaping, team),
    members_count: membersOf(shaping.store, team).length,
    repos_count: team.repositories.length,
    created_at: team.createdAt,
    updated_at: team.updatedAt,
    organization: organizationShape(shaping, organization),
  }
}
