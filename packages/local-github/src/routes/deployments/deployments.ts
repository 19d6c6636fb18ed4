import { resolve } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, invalidBecause, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { ensureEnvironment } from '../../rules/environments.ts'
import { deploymentEvent } from '../../scheduler/publish-events.ts'
import { deploymentShape } from '../../shapes/deployments.ts'
import type { Deployment, Repository } from '../../store/entities.ts'
import { demandContexts, mergeDefaultBranch } from './preconditions.ts'

interface GivenDeployment {
  ref: string
  task: string
  auto_merge: boolean
  required_contexts: string[]
  payload: unknown
  environment: string
  description: string | null
  transient_environment: boolean
  production_environment: boolean
}

export function deploymentOf({ store }: Hub, repo: Repository, c: Ctx): Deployment {
  const row = store.deployments.get(numberParam(c, 'id'))
  if (row?.repo !== repo.id) throw notFound()
  return row
}

export function addDeploymentRoutes(app: App, hub: Hub): void {
  const { deployments, deploymentStatuses } = hub.store

  app.get('/repos/:owner/:repo/deployments', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const asked = c.req.query()
    const fits = (row: Deployment) =>
      (['sha', 'ref', 'task', 'environment'] as const).every((key) => !asked[key] || row[key] === asked[key])
    const rows = deployments.filter((row) => row.repo === repo.id && fits(row))
    return c.json(page(c, rows.reverse()).map((row) => deploymentShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/deployments', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const by = c.get('by')
    const body = await bodyOf<GivenDeployment>(c)
    const { ref, environment = 'production' } = body
    if (!ref) throw invalid('Deployment', 'missing_field', 'ref')
    const sha = await resolve(repo.gitDir, ref)
    if (!sha) throw unprocessable(`No ref found for: ${ref}`)
    if (body.auto_merge !== false) {
      const message = await mergeDefaultBranch(hub, repo, by, ref)
      if (message) return c.json({ message }, 202)
    }
    demandContexts(hub, repo, ref, sha, body.required_contexts)
    const row = deployments.insert({
      repo: repo.id,
      sha,
      ref,
      task: body.task ?? 'deploy',
      environment,
      originalEnvironment: environment,
      description: body.description ?? '',
      payload: body.payload ?? {},
      production: body.production_environment ?? environment === 'production',
      transient: body.transient_environment ?? false,
      user: actor(by),
      createdAt: hub.clock.now(),
    })
    ensureEnvironment(hub, repo, environment)
    await hub.emit(await deploymentEvent(hub, repo, by, row))
    return c.json(deploymentShape(hub, repo, row), 201)
  })

  app.get('/repos/:owner/:repo/deployments/:id', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    return c.json(deploymentShape(hub, repo, deploymentOf(hub, repo, c)))
  })

  app.delete('/repos/:owner/:repo/deployments/:id', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const { id, environment } = deploymentOf(hub, repo, c)
    const statuses = deploymentStatuses.filter((row) => row.deployment === id)
    const beside = deployments.find((row) => row.repo === repo.id && row.environment === environment && row.id !== id)
    if (beside && statuses.at(-1)?.state === 'success')
      throw invalidBecause(
        'We cannot delete an active deployment unless it is the only deployment in a given environment.',
      )
    deployments.delete(id)
    for (const status of statuses) deploymentStatuses.delete(status.id)
    return c.body(null, 204)
  })
}
