import { type App, bodyOf, type Ctx, page, stated } from '../../http/app.ts'
import { ApiError, invalid, notFound } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import { personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { toRole } from '../../shapes/people.ts'
import { fullTeamShape, teamShape } from '../../shapes/teams.ts'
import { getUser } from '../../store/accounts.ts'
import type { Team, User } from '../../store/entities.ts'
import { membershipOf, withParents } from '../../store/roles.ts'
import { findRepository } from '../../store/store.ts'
import { childrenOf, findTeam, maintainsTeam, seesTeam, toSlug } from '../../store/teams.ts'

interface Given {
  name: string
  description: string
  maintainers: string[]
  repo_names: string[]
  privacy: Team['privacy']
  notification_setting: Team['notificationSetting']
  permission: string
  parent_team_id: number | null
  parent_team_slug: string
}

/** The team of the path, if the asker may know of it. */
export function teamOf(hub: Hub, c: Ctx): Team {
  const team = findTeam(hub.store, organizationOf(hub, c).login, c.req.param('team') ?? '')
  if (!team || !seesTeam(hub.store, team, personOf(c))) throw notFound()
  return team
}

/** The same, if the asker may also change it. */
export function maintainedTeamOf(hub: Hub, c: Ctx): Team {
  const team = teamOf(hub, c)
  if (!maintainsTeam(hub.store, team, personOf(c))) throw new ApiError(403, 'Must have admin rights to Team.')
  return team
}

/** The teams of organizations. */
export function addTeamRoutes(app: App, hub: Hub): void {
  const { teams, users } = hub.store
  const organizationFor = ({ organization }: Team) => users.find(({ login }) => login === organization)!

  app.get('/orgs/:org/teams', (c) => {
    const organization = organizationOf(hub, c)
    demandMember(hub, c, organization, 'member', 'Must be a member of the organization.')
    const login = personOf(c)
    const rows = teams.filter((team) => team.organization === organization.login && seesTeam(hub.store, team, login))
    return c.json(page(c, rows).map((team) => teamShape(hub, team)))
  })

  app.post('/orgs/:org/teams', async (c) => {
    const organization = organizationOf(hub, c)
    demandMember(hub, c, organization, 'member', 'Must be a member of the organization.')
    const body = await bodyOf<Given>(c)
    const { name, description = null, maintainers = [], repo_names = [], permission = 'pull' } = body
    if (!name) throw invalid('Team', 'missing_field', 'name')
    demandFreeName(organization, name)
    const parent = parentOf(organization, body) ?? null
    const privacy = body.privacy ?? (parent === null ? 'secret' : 'closed')
    if (parent !== null && privacy === 'secret') throw invalid('Team', 'invalid', 'privacy', SECRET)
    const repositories = repo_names.map((each) => {
      const repo = findRepository(hub.store, each)
      if (repo?.owner !== organization.login) throw invalid('Team', 'invalid', 'repo_names')
      return { repo: repo.id, role: toRole(permission) ?? ('read' as const) }
    })
    const logins = [personOf(c), ...maintainers].map((login) => getUser(hub, login)?.login ?? '')
    if (!logins.every((login) => membershipOf(hub.store, organization.login, login)))
      throw invalid('Team', 'invalid', 'maintainers')
    const at = hub.clock.now()
    const team = teams.insert({
      organization: organization.login,
      slug: toSlug(name),
      name,
      description,
      privacy,
      notificationSetting: body.notification_setting ?? 'notifications_enabled',
      permission: toRole(permission) ?? 'read',
      parent: parent?.id ?? null,
      members: [...new Set(logins)].map((login) => ({ login, role: 'maintainer' as const })),
      repositories,
      createdAt: at,
      updatedAt: at,
    })
    return c.json(fullTeamShape(hub, team, organization), 201)
  })

  app.get('/orgs/:org/teams/:team', (c) => {
    const team = teamOf(hub, c)
    return c.json(fullTeamShape(hub, team, organizationFor(team)))
  })

  app.patch('/orgs/:org/teams/:team', async (c) => {
    const team = maintainedTeamOf(hub, c)
    const organization = organizationFor(team)
    const body = await bodyOf<Given>(c)
    if (body.name !== undefined && toSlug(body.name) !== team.slug) demandFreeName(organization, body.name)
    const parent = parentOf(organization, body)
    if (parent && withParents(hub.store, parent).includes(team)) throw invalid('Team', 'invalid', 'parent_team_id')
    const nested = (parent === undefined ? team.parent : parent) !== null || childrenOf(hub.store, team).length > 0
    if (nested && body.privacy === 'secret') throw invalid('Team', 'invalid', 'privacy', SECRET)
    const changes = stated({
      name: body.name,
      slug: body.name === undefined ? undefined : toSlug(body.name),
      description: body.description,
      privacy: body.privacy,
      notificationSetting: body.notification_setting,
      permission: body.permission === undefined ? undefined : toRole(body.permission),
      parent: parent === undefined ? undefined : (parent?.id ?? null),
    })
    teams.update(team, { ...changes, updatedAt: hub.clock.now() })
    return c.json(fullTeamShape(hub, team, organization))
  })

  app.delete('/orgs/:org/teams/:team', (c) => {
    remove(maintainedTeamOf(hub, c))
    return c.body(null, 204)
  })

  app.get('/orgs/:org/teams/:team/teams', (c) => {
    const login = personOf(c)
    const children = childrenOf(hub.store, teamOf(hub, c)).filter((team) => seesTeam(hub.store, team, login))
    return c.json(page(c, children).map((team) => teamShape(hub, team)))
  })

  app.get('/user/teams', (c) => {
    const login = personOf(c)
    const own = teams.filter(
      (team) =>
        team.members.some((member) => member.login === login) &&
        membershipOf(hub.store, team.organization, login) !== undefined,
    )
    return c.json(page(c, own).map((team) => fullTeamShape(hub, team, organizationFor(team))))
  })

  /** A team goes with those that are part of it. */
  function remove(team: Team): void {
    for (const child of childrenOf(hub.store, team)) remove(child)
    teams.delete(team.id)
  }

  function demandFreeName(organization: User, name: string): void {
    if (findTeam(hub.store, organization.login, toSlug(name)))
      throw invalid('Team', 'already_exists', 'name', 'Name must be unique for this org')
  }

  /** The parent that a request names; null where it wants none, undefined where it says nothing. */
  function parentOf(organization: User, { parent_team_id, parent_team_slug }: Partial<Given>): Team | null | undefined {
    if (parent_team_id === null) return null
    if (parent_team_id === undefined && parent_team_slug === undefined) return undefined
    const parent =
      parent_team_id === undefined
        ? findTeam(hub.store, organization.login, parent_team_slug ?? '')
        : teams.get(parent_team_id)
    if (parent?.organization !== organization.login || parent.privacy === 'secret')
      throw invalid('Team', 'invalid', 'parent_team_id')
    return parent
  }
}

const SECRET = 'A team that is nested cannot be secret'
