import { commitTree } from '../../git/git.ts'
import { personNamed } from '../../git/people.ts'
import { updateRef } from '../../git/ref-updates.ts'
import { createBareRepository, DEFAULT_SETTINGS } from '../../git/repositories.ts'
import { writeTree } from '../../git/trees.ts'
import { type App, bodyOf } from '../../http/app.ts'
import { ApiError, invalid } from '../../http/errors.ts'
import { demandMember, organizationOf } from '../../http/organizations.ts'
import { personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { fullRepository } from '../../shapes/repositories.ts'
import type { Repository } from '../../store/entities.ts'
import { demandFreeName, toRepositoryName } from './names.ts'
import { demandMergeable, type GivenSettings, privacyOf, settingsOf } from './settings.ts'

interface Given extends GivenSettings {
  name: string
  auto_init: boolean
  team_id: number
}

/** New repositories of people and organizations. */
export function addCreateRoutes(app: App, hub: Hub): void {
  app.post('/user/repos', async (c) => {
    const login = personOf(c)
    return c.json(fullRepository(hub, await create(login, login, await bodyOf<Given>(c)), 'admin'), 201)
  })

  app.post('/orgs/:org/repos', async (c) => {
    const organization = organizationOf(hub, c)
    const refusal = 'You need admin access to the organization before adding a repository to it.'
    demandMember(hub, c, organization, 'member', refusal)
    const body = await bodyOf<Given>(c)
    const team = body.team_id === undefined ? undefined : hub.store.teams.get(body.team_id)
    if (body.team_id !== undefined && team?.organization !== organization.login)
      throw invalid('Repository', 'invalid', 'team_id')
    const repo = await create(organization.login, personOf(c), body)
    if (team)
      hub.store.teams.update(team, { repositories: [...team.repositories, { repo: repo.id, role: team.permission }] })
    return c.json(fullRepository(hub, repo, 'admin'), 201)
  })

  async function create(account: string, person: string, body: Partial<Given>): Promise<Repository> {
    const message = 'Repository creation failed.'
    if (!body.name) {
      const errors = [{ resource: 'Repository', code: 'missing_field', field: 'name' }]
      throw new ApiError(422, message, { errors })
    }
    const name = toRepositoryName(body.name)
    const settings = { ...DEFAULT_SETTINGS, ...settingsOf(body) }
    demandMergeable(settings)
    const isPrivate = privacyOf(body) ?? false
    const repo = await hub.lockNames(account, async () => {
      demandFreeName(hub, account, name, message)
      return createBareRepository(hub, `${account}/${name}`, { owner: person, private: isPrivate, settings })
    })
    if (body.auto_init) await begin(repo, person)
    return repo
  }

  /** The first commit, with a README. */
  async function begin(repo: Repository, person: string): Promise<void> {
    const { gitDir, name, settings, defaultBranch } = repo
    const text = `# ${name}${settings.description ? `\n${settings.description}` : ''}`
    const tree = await writeTree(repo, [{ path: 'README.md', mode: '100644', type: 'blob', content: text }])
    const author = { ...personNamed(hub.store, person), date: hub.clock.now() }
    const sha = await commitTree(gitDir, { tree, parents: [], message: 'Initial commit', author })
    await updateRef(gitDir, `refs/heads/${defaultBranch}`, sha)
  }
}
