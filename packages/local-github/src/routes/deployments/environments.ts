import { type App, bodyOf, type Ctx, page, repoOf } from '../../http/app.ts'
import { invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { ensureEnvironment, findEnvironment } from '../../rules/environments.ts'
import { environmentShape } from '../../shapes/environments.ts'
import type { Environment, Repository, Reviewer } from '../../store/entities.ts'
import { roleOf } from '../../store/roles.ts'
import { isOf } from '../../store/settings.ts'

const MAX_NAME = 255
const MAX_REVIEWERS = 6
const MAX_WAIT = 43_200

interface GivenEnvironment {
  wait_timer: number
  prevent_self_review: boolean
  reviewers: Reviewer[] | null
  deployment_branch_policy: { protected_branches: boolean; custom_branch_policies: boolean } | null
}

/** The environment of the path, whose name may hold a `/` as `%2F`. */
export function environmentOf(hub: Hub, repo: Repository, c: Ctx): Environment {
  const environment = findEnvironment(hub, repo, c.req.param('name')!)
  if (!environment) throw notFound()
  return environment
}

export function addEnvironmentRoutes(app: App, hub: Hub): void {
  const { environments, users, teams } = hub.store

  app.get('/repos/:owner/:repo/environments', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const rows = environments.filter((row) => row.repo === repo.id)
    return c.json({
      total_count: rows.length,
      environments: page(c, rows).map((row) => environmentShape(hub, repo, row)),
    })
  })

  app.get('/repos/:owner/:repo/environments/:name', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(environmentShape(hub, repo, environmentOf(hub, repo, c)))
  })

  // What is left out is as if it had never been set.
  app.put('/repos/:owner/:repo/environments/:name', async (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    const body = await bodyOf<GivenEnvironment>(c)
    const name = c.req.param('name')
    if (name.length > MAX_NAME) throw invalid('Environment', 'invalid', 'name')
    const waitTimer = body.wait_timer ?? 0
    if (waitTimer < 0 || waitTimer > MAX_WAIT) throw invalid('Environment', 'invalid', 'wait_timer')
    const reviewers = (body.reviewers ?? []).map(({ type, id }) => ({ type, id }))
    if (reviewers.length > MAX_REVIEWERS || !reviewers.every((reviewer) => sees(repo, reviewer)))
      throw invalid('Environment', 'invalid', 'reviewers')
    const policy = body.deployment_branch_policy
    if (policy && policy.protected_branches === policy.custom_branch_policies) {
      throw unprocessable('protected_branches and custom_branch_policies cannot have the same value')
    }
    const row = environments.update(ensureEnvironment(hub, repo, name), {
      reviewers,
      preventSelfReview: body.prevent_self_review === true,
      waitTimer,
      branchPolicy: policy ? (policy.protected_branches ? 'protected' : 'custom') : null,
      updatedAt: hub.clock.now(),
    })
    return c.json(environmentShape(hub, repo, row))
  })

  app.delete('/repos/:owner/:repo/environments/:name', (c) => {
    const repo = repoOf(hub, c, 'administration', 'admin')
    deleteEnvironment(hub, repo, environmentOf(hub, repo, c))
    return c.body(null, 204)
  })

  /** Only who can read the repository can be asked. */
  function sees(repo: Repository, { type, id }: Reviewer): boolean {
    if (type === 'Team') return teams.get(id)?.repositories.some((each) => each.repo === repo.id) ?? false
    const user = users.get(id)
    return user !== undefined && (!repo.private || roleOf(hub.store, repo, user.login) !== 'none')
  }
}

/** With it goes what is its own. */
function deleteEnvironment({ store }: Hub, repo: Repository, { id, name }: Environment): void {
  store.environments.delete(id)
  for (const table of [store.deploymentBranchPolicies, store.customProtectionRules])
    for (const row of table.filter(({ environment }) => environment === id)) table.delete(row.id)
  for (const table of [store.variables, store.secrets, store.sealingKeys])
    for (const row of table.filter(isOf({ repo: repo.id, environment: name }))) table.delete(row.id)
}
