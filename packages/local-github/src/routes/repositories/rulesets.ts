import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { access, type Principal } from '../../http/auth.ts'
import { invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { toRegExp } from '../../scheduler/filters.ts'
import { rulesetShape } from '../../shapes/publish.ts'
import type { Repository, Ruleset } from '../../store/entities.ts'

/** What a ruleset can restrict about a ref. */
export type RefChange = 'creation' | 'update' | 'deletion'

const RESTRICTED: Record<RefChange, string> = {
  creation: 'Cannot create ref due to creations being restricted.',
  update: 'Cannot update this protected ref.',
  deletion: 'Cannot delete this protected ref.',
}

/** GitHub's number for the role of those who administer a repository. */
const ADMINISTRATOR = 5

/** Rulesets of tags and branches, and whether published releases can be changed. */
export function addRuleRoutes(app: App, hub: Hub): void {
  const { rulesets } = hub.store
  const administered = (c: Ctx) => {
    const repo = repoOf(hub, c, 'administration', 'write')
    if (access(hub, c.get('by'), repo) !== 'admin') throw notFound()
    return repo
  }
  const rulesetOf = (repo: Repository, c: Ctx): Ruleset => {
    const ruleset = rulesets.get(numberParam(c, 'id'))
    if (ruleset?.repo !== repo.id) throw notFound()
    return ruleset
  }

  app.get('/repos/:owner/:repo/rulesets', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const own = rulesets.filter((row) => row.repo === repo.id)
    return c.json(page(c, own).map((row) => rulesetShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/rulesets', async (c) => {
    const repo = administered(c)
    const {
      name,
      enforcement,
      target = 'branch',
      ...given
    } = await bodyOf<Omit<Ruleset, 'id' | 'repo' | 'createdAt'>>(c)
    if (typeof name !== 'string') throw invalid('Ruleset', 'missing_field', 'name')
    if (!enforcement) throw invalid('Ruleset', 'missing_field', 'enforcement')
    const { conditions = {}, rules = [], bypass_actors = [] } = given
    const row = {
      repo: repo.id,
      name,
      enforcement,
      target,
      conditions,
      rules,
      bypass_actors,
      createdAt: hub.clock.now(),
    }
    return c.json(rulesetShape(hub, repo, rulesets.insert(row)), 201)
  })

  app.delete('/repos/:owner/:repo/rulesets/:id', (c) => {
    const repo = administered(c)
    rulesets.delete(rulesetOf(repo, c).id)
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/immutable-releases', (c) => {
    const repo = administered(c)
    if (!repo.immutableReleases) throw notFound()
    return c.json({ enabled: true, enforced_by_owner: false })
  })

  app.put('/repos/:owner/:repo/immutable-releases', (c) => {
    hub.store.repositories.update(administered(c), { immutableReleases: true })
    return c.body(null, 204)
  })

  app.delete('/repos/:owner/:repo/immutable-releases', (c) => {
    hub.store.repositories.update(administered(c), { immutableReleases: false })
    return c.body(null, 204)
  })
}

/** Refuses a change of a ref that a ruleset restricts, or that an immutable release holds on to. */
export function demandByRules(hub: Hub, repo: Repository, by: Principal, ref: string, change: RefChange): void {
  const held = hub.store.releases.find((row) => row.repo === repo.id && row.immutable && ref === `refs/tags/${row.tag}`)
  const restricting = hub.store.rulesets.find((row) => row.repo === repo.id && restricts(row, ref, change))
  if (held || (restricting && !bypasses(hub, restricting, repo, by))) {
    throw unprocessable(`Repository rule violations found\n\n${RESTRICTED[change]}\n\n`)
  }
}

function restricts({ enforcement, target, conditions, rules }: Ruleset, ref: string, change: RefChange): boolean {
  const folder = target === 'tag' ? 'refs/tags/' : 'refs/heads/'
  const { include = [], exclude = [] } = conditions.ref_name ?? {}
  const matches = (pattern: string) => pattern === '~ALL' || toRegExp(pattern).test(ref)
  return (
    enforcement === 'active' &&
    ref.startsWith(folder) &&
    rules.some(({ type }) => type === change) &&
    include.some(matches) &&
    !exclude.some(matches)
  )
}

function bypasses(hub: Hub, { bypass_actors }: Ruleset, repo: Repository, by: Principal): boolean {
  const isAdministrator = by.kind === 'user' && access(hub, by, repo) === 'admin'
  return (
    isAdministrator &&
    bypass_actors.some(({ actor_type, actor_id }) => actor_type === 'RepositoryRole' && actor_id === ADMINISTRATOR)
  )
}
