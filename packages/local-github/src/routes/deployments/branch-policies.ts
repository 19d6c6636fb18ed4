import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { branchPolicyShape } from '../../shapes/environments.ts'
import type { DeploymentBranchPolicy, Environment } from '../../store/entities.ts'
import { environmentOf } from './environments.ts'

const LIST = '/repos/:owner/:repo/environments/:name/deployment-branch-policies'
const ONE = `${LIST}/:policy`

/** Which branches and tags may deploy to an environment, by the patterns of their names. */
export function addBranchPolicyRoutes(app: App, hub: Hub): void {
  const policies = hub.store.deploymentBranchPolicies
  const policyOf = (environment: Environment, c: Ctx): DeploymentBranchPolicy => {
    const row = policies.get(numberParam(c, 'policy'))
    if (row?.environment !== environment.id) throw notFound()
    return row
  }
  const same = ({ id }: Environment, type: DeploymentBranchPolicy['type'], name: string) =>
    policies.find((row) => row.environment === id && row.type === type && row.name === name)

  app.get(LIST, (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const { id } = environmentOf(hub, repo, c)
    const rows = policies.filter((row) => row.environment === id)
    return c.json({ total_count: rows.length, branch_policies: page(c, rows).map(branchPolicyShape) })
  })

  app.post(LIST, async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const environment = environmentOf(hub, repo, c)
    if (environment.branchPolicy !== 'custom') throw notFound()
    const { name = '', type = 'branch' } = await bodyOf<Pick<DeploymentBranchPolicy, 'name' | 'type'>>(c)
    if (same(environment, type, name)) return c.body(null, 303)
    return c.json(branchPolicyShape(policies.insert({ repo: repo.id, environment: environment.id, name, type })))
  })

  app.get(ONE, (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(branchPolicyShape(policyOf(environmentOf(hub, repo, c), c)))
  })

  app.put(ONE, async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const policy = policyOf(environmentOf(hub, repo, c), c)
    const { name = policy.name } = await bodyOf<Pick<DeploymentBranchPolicy, 'name'>>(c)
    return c.json(branchPolicyShape(policies.update(policy, { name })))
  })

  app.delete(ONE, (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    policies.delete(policyOf(environmentOf(hub, repo, c), c).id)
    return c.body(null, 204)
  })
}
