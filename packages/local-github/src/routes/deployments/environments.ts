import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { environmentShape } from '../../shapes/runs.ts'
import type { Repository } from '../../store/entities.ts'

const MAX_REVIEWERS = 6
const EMPTY = { reviewers: [], preventSelfReview: false, waitTimer: 0, branchPolicy: null }

export function addEnvironmentRoutes(app: App, hub: Hub): void {
  const { environments } = hub.store
  const find = (repo: Repository, name: string) => environments.find((row) => row.repo === repo.id && row.name === name)

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
    const row = find(repo, c.req.param('name'))
    if (!row) throw notFound()
    return c.json(environmentShape(hub, repo, row))
  })

  app.put('/repos/:owner/:repo/environments/:name', async (c) => {
    const repo = repoOf(hub, c, 'administration', 'write')
    const by = c.get('by')
    if (access(hub, by, repo) !== 'admin') throw new ApiError(403, 'Must have admin rights to Repository.')
    const body = await bodyOf<{
      wait_timer: number
      prevent_self_review: boolean
      reviewers: { type: string; id: number }[] | null
      deployment_branch_policy: { protected_branches: boolean; custom_branch_policies: boolean } | null
    }>(c)
    const given = body.reviewers ?? []
    const reviewers = given.flatMap(({ id }) => hub.store.users.get(id)?.login ?? [])
    if (reviewers.length > MAX_REVIEWERS || reviewers.length < given.length)
      throw invalid('Environment', 'invalid', 'reviewers')
    const policy = body.deployment_branch_policy
    if (policy && policy.protected_branches === policy.custom_branch_policies) {
      throw unprocessable('protected_branches and custom_branch_policies cannot have the same value')
    }
    const name = c.req.param('name')
    const at = hub.clock.now()
    const row = find(repo, name) ?? environments.insert({ ...EMPTY, repo: repo.id, name, createdAt: at, updatedAt: at })
    environments.update(row, {
      reviewers,
      preventSelfReview: body.prevent_self_review === true,
      waitTimer: body.wait_timer ?? 0,
      branchPolicy: policy
        ? { protected: policy.protected_branches, patterns: row.branchPolicy?.patterns ?? [] }
        : null,
      updatedAt: at,
    })
    return c.json(environmentShape(hub, repo, row))
  })

  app.delete('/repos/:owner/:repo/environments/:name', (c) => {
    const repo = repoOf(hub, c, 'administration', 'write')
    const row = find(repo, c.req.param('name'))
    if (!row) throw notFound()
    environments.delete(row.id)
    return c.body(null, 204)
  })

  app.post('/repos/:owner/:repo/environments/:name/deployment-branch-policies', async (c) => {
    const repo = repoOf(hub, c, 'administration', 'write')
    const row = find(repo, c.req.param('name'))
    const { name } = await bodyOf<{ name: string }>(c)
    if (!row?.branchPolicy || row.branchPolicy.protected || typeof name !== 'string') throw notFound()
    const patterns = [...row.branchPolicy.patterns, name]
    environments.update(row, { branchPolicy: { ...row.branchPolicy, patterns } })
    const id = row.id * 100 + patterns.length
    return c.json({ id, node_id: '', name, type: 'branch' })
  })
}
