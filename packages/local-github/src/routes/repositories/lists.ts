import { type App, type Ctx, page, repoOf } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { invalid } from '../../http/errors.ts'
import { organizationOf } from '../../http/organizations.ts'
import { accountOf, personOf } from '../../http/people.ts'
import type { Hub } from '../../hub.ts'
import { minimalRepository } from '../../shapes/common.ts'
import { listedRepository } from '../../shapes/repositories.ts'
import type { Repository } from '../../store/entities.ts'
import { membershipOf, roleOf } from '../../store/roles.ts'

/** The repositories of people and organizations, and the forks of a repository. */
export function addRepositoryListRoutes(app: App, hub: Hub): void {
  const { repositories } = hub.store
  const visible = (c: Ctx, repo: Repository) => access(hub, c.get('by'), repo) !== 'none'

  app.get('/user/repos', (c) => {
    const login = personOf(c)
    const { type, visibility = 'all', affiliation } = c.req.query()
    if (type !== undefined && (c.req.query('visibility') ?? affiliation) !== undefined)
      throw invalid('Search', 'invalid', 'type', 'If you specify visibility or affiliation, you cannot specify type.')
    const ties = affiliation?.split(',') ?? tiesOf(type)
    const rows = repositories.filter((repo) => {
      const privacy = type === 'public' || type === 'private' ? type : visibility
      return (
        roleOf(hub.store, repo, login) !== 'none' &&
        ties.includes(tieOf(repo, login)) &&
        (privacy === 'all' || repo.private === (privacy === 'private'))
      )
    })
    const shown = page(c, sorted(c, rows, 'full_name'))
    return c.json(shown.map((repo) => listedRepository(hub, repo, roleOf(hub.store, repo, login))))
  })

  app.get('/users/:login/repos', (c) => {
    const { login } = accountOf(hub, c)
    const { type = 'owner' } = c.req.query()
    const rows = repositories.filter((repo) => {
      const tie = roleOf(hub.store, repo, login) === 'none' ? undefined : tieOf(repo, login)
      return !repo.private && tie !== undefined && (type === 'all' || (type === 'owner') === (tie === 'owner'))
    })
    return c.json(page(c, sorted(c, rows, 'full_name')).map((repo) => minimalRepository(hub, repo)))
  })

  app.get('/orgs/:org/repos', (c) => {
    const { login } = organizationOf(hub, c)
    const { type = 'all' } = c.req.query()
    const fits: Record<string, (repo: Repository) => boolean> = {
      public: (repo) => !repo.private,
      private: (repo) => repo.private,
      forks: (repo) => repo.parent !== undefined,
      sources: (repo) => repo.parent === undefined,
    }
    const rows = repositories.filter((repo) => repo.owner === login && visible(c, repo) && (fits[type]?.(repo) ?? true))
    return c.json(page(c, sorted(c, rows, 'created')).map((repo) => minimalRepository(hub, repo)))
  })

  app.get('/repos/:owner/:repo/forks', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const forks = repositories.filter((each) => each.parent === repo.id && visible(c, each))
    const rows = c.req.query('sort') === 'oldest' ? forks : forks.reverse()
    return c.json(page(c, rows).map((each) => minimalRepository(hub, each)))
  })

  /** Why somebody has to do with a repository. */
  function tieOf(repo: Repository, login: string): string {
    if (repo.owner === login) return 'owner'
    return membershipOf(hub.store, repo.owner, login) ? 'organization_member' : 'collaborator'
  }
}

function tiesOf(type: string | undefined): string[] {
  if (type === 'owner') return ['owner']
  const others = ['collaborator', 'organization_member']
  return type === 'member' ? others : ['owner', ...others]
}

/** By name upwards, by times downwards, unless asked for otherwise. */
function sorted(c: Ctx, rows: readonly Repository[], usual: 'full_name' | 'created'): Repository[] {
  const { sort = usual, direction = sort === 'full_name' ? 'asc' : 'desc' } = c.req.query()
  const key = (repo: Repository) => {
    if (sort === 'full_name') return `${repo.owner}/${repo.name}`
    return sort === 'pushed' ? repo.pushedAt : sort === 'updated' ? repo.updatedAt : repo.createdAt
  }
  const sign = direction === 'desc' ? -1 : 1
  return [...rows].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id - b.id))
}
