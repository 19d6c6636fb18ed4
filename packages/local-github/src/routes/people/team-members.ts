import { type App, bodyOf, page } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { simpleUser } from '../../shapes/common.ts'
import { teamApi } from '../../shapes/teams.ts'
import type { Team } from '../../store/entities.ts'
import { membershipOf } from '../../store/roles.ts'
import { membersOf } from '../../store/teams.ts'
import { maintainedTeamOf, teamOf } from './teams.ts'

/** Who is in a team. */
export function addTeamMemberRoutes(app: App, hub: Hub): void {
  const { teams, memberships } = hub.store
  const path = '/orgs/:org/teams/:team/memberships/:login'

  app.get('/orgs/:org/teams/:team/members', (c) => {
    const { role = 'all' } = c.req.query()
    const members = membersOf(hub.store, teamOf(hub, c)).filter(
      (member) => member.state === 'active' && (role === 'all' || member.role === role),
    )
    return c.json(
      page(c, members).map((each) => ({
        ...simpleUser(hub, each.login),
        role: each.role,
        inherited: each.inherited,
      })),
    )
  })

  app.get(path, (c) => {
    const team = teamOf(hub, c)
    const { login } = accountOf(hub, c)
    return c.json(shape(team, login))
  })

  app.put(path, async (c) => {
    const team = maintainedTeamOf(hub, c)
    const { login, type } = accountOf(hub, c)
    if (type === 'Organization') {
      const errors = [{ resource: 'TeamMember', code: 'org', field: 'user' }]
      throw new ApiError(422, 'Cannot add an organization as a member.', { errors })
    }
    const { role = 'member' } = await bodyOf<{ role: 'member' | 'maintainer' }>(c)
    const known = memberships.find((row) => row.organization === team.organization && row.user === login)
    if (!known) {
      if (membershipOf(hub.store, team.organization, personOf(c))?.role !== 'admin')
        throw new ApiError(403, 'You must be an admin to add or update an organization membership.')
      memberships.insert({ organization: team.organization, user: login, role: 'member', state: 'pending' })
    }
    const others = team.members.filter((member) => member.login !== login)
    teams.update(team, { members: [...others, { login, role }], updatedAt: hub.clock.now() })
    return c.json(shape(team, login))
  })

  app.delete(path, (c) => {
    const team = teamOf(hub, c)
    const { login } = accountOf(hub, c)
    // Everybody may leave.
    if (login !== personOf(c)) maintainedTeamOf(hub, c)
    if (!team.members.some((member) => member.login === login)) throw notFound()
    teams.update(team, {
      members: team.members.filter((member) => member.login !== login),
      updatedAt: hub.clock.now(),
    })
    return c.body(null, 204)
  })

  function shape(team: Team, login: string) {
    const member = membersOf(hub.store, team).find((each) => each.login === login)
    if (!member) throw notFound()
    return { url: `${teamApi(hub, team)}/memberships/${login}`, role: member.role, state: member.state }
  }
}
