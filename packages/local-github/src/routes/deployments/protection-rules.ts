import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { customRuleApp, protectionRuleShape } from '../../shapes/environments.ts'
import type { CustomProtectionRule, Environment } from '../../store/entities.ts'
import { environmentOf } from './environments.ts'

const LIST = '/repos/:owner/:repo/environments/:name/deployment_protection_rules'
const ONE = `${LIST}/:rule`
const MAX_RULES = 6

/** Apps that have to allow each deployment to an environment. Which apps there are is told by `guards` of the server. */
export function addProtectionRuleRoutes(app: App, hub: Hub): void {
  const rules = hub.store.customProtectionRules
  const ruleOf = (environment: Environment, c: Ctx): CustomProtectionRule => {
    const row = rules.get(numberParam(c, 'rule'))
    if (row?.environment !== environment.id) throw notFound()
    return row
  }

  app.get(LIST, (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const { id } = environmentOf(hub, repo, c)
    const rows = rules.filter((row) => row.environment === id)
    return c.json({
      total_count: rows.length,
      custom_deployment_protection_rules: rows.map((row) => protectionRuleShape(hub, row)),
    })
  })

  app.post(LIST, async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const environment = environmentOf(hub, repo, c)
    const { integration_id } = await bodyOf<{ integration_id: number }>(c)
    const own = rules.filter((row) => row.environment === environment.id)
    if (!integration_id || own.some((row) => row.app === integration_id))
      throw invalid('Gate', 'invalid', 'integration_id')
    if (own.length >= MAX_RULES) throw invalid('Gate', 'invalid', 'environment')
    const row = rules.insert({ repo: repo.id, environment: environment.id, app: integration_id })
    return c.json(protectionRuleShape(hub, row), 201)
  })

  app.get(`${LIST}/apps`, (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    environmentOf(hub, repo, c)
    const apps = [...new Set(rules.filter((row) => row.repo === repo.id).map((row) => row.app))]
    return c.json({
      total_count: apps.length,
      available_custom_deployment_protection_rule_integrations: page(c, apps).map((id) => customRuleApp(hub, id)),
    })
  })

  app.get(ONE, (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(protectionRuleShape(hub, ruleOf(environmentOf(hub, repo, c), c)))
  })

  app.delete(ONE, (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    rules.delete(ruleOf(environmentOf(hub, repo, c), c).id)
    return c.body(null, 204)
  })
}
