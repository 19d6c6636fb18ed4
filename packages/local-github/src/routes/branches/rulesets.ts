import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { may } from '../../http/auth.ts'
import { invalidBecause, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { canBypass, rulesetsFor } from '../../rules/sources.ts'
import { fullRulesetShape, rulesetShape } from '../../shapes/rulesets.ts'
import type { Repository, Ruleset } from '../../store/entities.ts'

type GivenRuleset = Pick<Ruleset, 'name' | 'target' | 'enforcement' | 'conditions' | 'rules' | 'bypass_actors'>

/** What takes a plan that no account here has, or an organization's ruleset. */
const UNAVAILABLE = [
  'commit_message_pattern',
  'commit_author_email_pattern',
  'committer_email_pattern',
  'branch_name_pattern',
  'tag_name_pattern',
  'workflows',
  'license_compliance_scanning',
  'file_path_restriction',
  'max_file_path_length',
  'file_extension_restriction',
  'max_file_size',
]

/** Rulesets for branches and tags. */
export function addRulesetRoutes(app: App, hub: Hub): void {
  const { rulesets } = hub.store

  app.get('/repos/:owner/:repo/rules/branches/:branch{.+}', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const rules = rulesetsFor(hub, repo, `refs/heads/${c.req.param('branch')}`).flatMap(({ id, rules }) =>
      rules.map((rule) => ({
        ...rule,
        ruleset_source_type: 'Repository',
        ruleset_source: `${repo.owner}/${repo.name}`,
        ruleset_id: id,
      })),
    )
    return c.json(page(c, rules))
  })

  app.get('/repos/:owner/:repo/rulesets', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    const targets = c.req.query('targets')?.split(',')
    const own = rulesets.filter((row) => row.repo === repo.id && (!targets || targets.includes(row.target)))
    return c.json(page(c, own).map((row) => rulesetShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/rulesets', async (c) => {
    const repo = administered(c)
    const given = await bodyOf<GivenRuleset>(c)
    const { name, enforcement, target = 'branch', conditions = {}, rules = [], bypass_actors = [] } = given
    const row = { name: name!, enforcement: enforcement!, target, conditions, rules, bypass_actors }
    check(repo, row)
    const at = hub.clock.now()
    return c.json(show(c, repo, rulesets.insert({ repo: repo.id, ...row, createdAt: at, updatedAt: at })), 201)
  })

  app.get('/repos/:owner/:repo/rulesets/:id', (c) => {
    const repo = repoOf(hub, c, 'metadata', 'read')
    return c.json(show(c, repo, rulesetOf(repo, c)))
  })

  app.put('/repos/:owner/:repo/rulesets/:id', async (c) => {
    const repo = administered(c)
    const ruleset = rulesetOf(repo, c)
    const changed = { ...ruleset, ...(await bodyOf<GivenRuleset>(c)) }
    check(repo, changed, ruleset.id)
    const { name, target, enforcement, conditions, rules, bypass_actors } = changed
    const changes = { name, target, enforcement, conditions, rules, bypass_actors, updatedAt: hub.clock.now() }
    return c.json(show(c, repo, rulesets.update(ruleset, changes)))
  })

  app.delete('/repos/:owner/:repo/rulesets/:id', (c) => {
    const repo = administered(c)
    rulesets.delete(rulesetOf(repo, c).id)
    return c.body(null, 204)
  })

  function administered(c: Ctx): Repository {
    const repo = repoOf(hub, c, 'administration', 'write')
    if (!may(hub, c.get('by'), repo, 'admin')) throw notFound()
    return repo
  }

  function rulesetOf(repo: Repository, c: Ctx): Ruleset {
    const ruleset = rulesets.get(numberParam(c, 'id'))
    if (ruleset?.repo !== repo.id) throw notFound()
    return ruleset
  }

  function show(c: Ctx, repo: Repository, ruleset: Ruleset) {
    const by = c.get('by')
    return fullRulesetShape(hub, repo, ruleset, {
      administers: may(hub, by, repo, 'admin'),
      canBypass: canBypass(hub, repo, by, ruleset),
    })
  }

  function check(repo: Repository, ruleset: GivenRuleset, own?: number): void {
    if (rulesets.find((row) => row.repo === repo.id && row.id !== own && row.name === ruleset.name)) {
      throw invalidBecause('Name must be unique')
    }
    const { include = [], exclude = [] } = ruleset.conditions.ref_name ?? {}
    const folder = ruleset.target === 'tag' ? 'refs/tags/' : 'refs/heads/'
    const special = ruleset.target === 'tag' ? ['~ALL'] : ['~ALL', '~DEFAULT_BRANCH']
    const wrong = [...include, ...exclude].filter((each) => !special.includes(each) && !each.startsWith(folder))
    if (wrong.length) throw invalidBecause(`Invalid target patterns: ${wrong.map((each) => `'${each}'`).join(', ')}`)
    const owner = hub.store.users.find((row) => row.login === repo.owner)
    const isOffered = ({ type }: { type: string }) =>
      !UNAVAILABLE.includes(type) && (type !== 'merge_queue' || owner?.type === 'Organization')
    const refused = ruleset.rules.filter((rule) => !isOffered(rule))
    if (ruleset.target === 'push' || refused.length) {
      throw invalidBecause(`Invalid rules: ${refused.map(({ type }) => `'${titleOf(type)}'`).join(', ')}`)
    }
  }
}

/** `merge_queue` → `Merge queue`. */
const titleOf = (type: string) => `${type[0]!.toUpperCase()}${type.slice(1).replaceAll('_', ' ')}`
