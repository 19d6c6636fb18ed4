import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import { personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { minimalRepository } from '../../shapes/common.ts'
import { toRole } from '../../shapes/people.ts'
import { listedRepository } from '../../shapes/repositories.ts'
import { grantedTeamShape } from '../../shapes/teams.ts'
import type { Repository, Team } from '../../store/entities.ts'
import { withParents } from '../../store/roles.ts'
import { maintainsTeam, seesTeam, teamRole } from '../../store/teams.ts'
import { teamOf } from './teams.ts'

const WITH_PERMISSIONS = 'application/vnd.github.v3.repository+json'

/** What teams may do with repositories. */
export function addTeamRepositoryRoutes(app: App, hub: Hub): void {
  const { teams, repositories } = hub.store
  const path = '/orgs/:org/teams/:team/repos/:owner/:repo'

  app.get('/orgs/:org/teams/:team/repos', (c) => {
    const granted = withParents(hub.store, teamOf(hub, c)).flatMap((team) => team.repositories)
    const rows = [...new Set(granted.map(({ repo }) => repo))].flatMap((id) => repositories.get(id) ?? [])
    const visible = rows.filter((repo) => access(hub, c.get('by'), repo) !== 'none')
    return c.json(page(c, visible).map((repo) => minimalRepository(hub, repo)))
  })

  app.get(path, (c) => {
    const team = teamOf(hub, c)
    const repo = repoOf(hub, c, 'metadata', 'read')
    const role = teamRole(hub.store, team, repo)
    if (!role) throw notFound()
    if (!c.req.header('accept')?.includes(WITH_PERMISSIONS)) return c.body(null, 204)
    return c.json({ ...listedRepository(hub, repo, role), role_name: role })
  })

  app.put(path, async (c) => {
    const team = teamOf(hub, c)
    const repo = repoOf(hub, c, 'administration', 'admin')
    const { permission } = await bodyOf<{ permission: string }>(c)
    const role = permission === undefined ? team.permission : toRole(permission)
    if (!role) throw invalid('Team', 'invalid', 'permission')
    if (!belongs(team, repo)) throw invalid('Repository', 'invalid', 'owner')
    grant(team, [...without(team, repo), { repo: repo.id, role }])
    return c.body(null, 204)
  })

  app.delete(path, (c) => {
    const team = teamOf(hub, c)
    const maintains = maintainsTeam(hub.store, team, personOf(c))
    const repo = repoOf(hub, c, maintains ? 'metadata' : 'administration', maintains ? 'read' : 'admin')
    grant(team, without(team, repo))
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/teams', (c: Ctx) => {
    const repo = repoOf(hub, c, 'administration', 'read')
    const login = personOf(c)
    const rows = teams.filter((team) => team.organization === repo.owner && seesTeam(hub.store, team, login))
    const granted = rows.flatMap((team) => {
      const role = teamRole(hub.store, team, repo)
      return role ? [{ team, role }] : []
    })
    return c.json(page(c, granted).map(({ team, role }) => grantedTeamShape(hub, team, role)))
  })

  const without = (team: Team, repo: Repository) => team.repositories.filter((each) => each.repo !== repo.id)
  const grant = (team: Team, granted: Team['repositories']) =>
    teams.update(team, { repositories: granted, updatedAt: hub.clock.now() })

  /** A team gets the repositories of its organization, and direct forks of them. */
  function belongs(team: Team, repo: Repository): boolean {
    const parent = repo.parent === undefined ? undefined : repositories.get(repo.parent)
    return repo.owner === team.organization || parent?.owner === team.organization
  }
}
