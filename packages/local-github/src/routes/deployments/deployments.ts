import { isAncestor, mergeTree, resolve } from '../../git/git.ts'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { addDeploymentStatus } from '../../scheduler/deployments.ts'
import { deploymentShape, deploymentStatusShape } from '../../shapes/publish.ts'
import type { Deployment, DeploymentState, Repository } from '../../store/entities.ts'

const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']
const MAX_DESCRIPTION = 140

interface GivenDeployment {
  ref: string
  task: string
  auto_merge: boolean
  required_contexts: string[]
  payload: unknown
  environment: string
  description: string
  transient_environment: boolean
  production_environment: boolean
}

export function addDeploymentRoutes(app: App, hub: Hub): void {
  const { deployments, deploymentStatuses } = hub.store

  const deploymentOf = (repo: Repository, c: Ctx): Deployment => {
    const row = deployments.get(numberParam(c, 'id'))
    if (row?.repo !== repo.id) throw notFound()
    return row
  }

  app.get('/repos/:owner/:repo/deployments', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const { sha, ref, task, environment } = c.req.query()
    const rows = deployments.filter(
      (row) =>
        row.repo === repo.id &&
        (!sha || row.sha === sha) &&
        (!ref || row.ref === ref) &&
        (!task || row.task === task) &&
        (!environment || row.environment === environment),
    )
    return c.json(page(c, rows.reverse()).map((row) => deploymentShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/deployments', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const body = await bodyOf<GivenDeployment>(c)
    if (typeof body.ref !== 'string' || body.ref === '') throw invalid('Deployment', 'missing_field', 'ref')
    const sha = await resolve(repo.gitDir, body.ref)
    if (!sha) throw unprocessable(`No ref found for: ${body.ref}`)
    if (body.auto_merge !== false) await requireUpToDate(repo, body.ref, sha)
    requireContexts(repo, sha, body.required_contexts)
    const environment = body.environment ?? 'production'
    const row = deployments.insert({
      repo: repo.id,
      sha,
      ref: body.ref,
      task: body.task ?? 'deploy',
      environment,
      originalEnvironment: environment,
      description: body.description ?? '',
      payload: body.payload ?? {},
      production: body.production_environment ?? environment === 'production',
      transient: body.transient_environment ?? false,
      user: actor(c.get('by')),
      createdAt: hub.clock.now(),
    })
    return c.json(deploymentShape(hub, repo, row), 201)
  })

  app.get('/repos/:owner/:repo/deployments/:id', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    return c.json(deploymentShape(hub, repo, deploymentOf(repo, c)))
  })

  app.get('/repos/:owner/:repo/deployments/:id/statuses', (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const { id } = deploymentOf(repo, c)
    const rows = deploymentStatuses.filter((row) => row.deployment === id).reverse()
    return c.json(page(c, rows).map((row) => deploymentStatusShape(hub, repo, row)))
  })

  app.post('/repos/:owner/:repo/deployments/:id/statuses', async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const { id } = deploymentOf(repo, c)
    const body = await bodyOf<{
      state: DeploymentState
      description: string
      environment: string
      environment_url: string
      log_url: string
      target_url: string
      auto_inactive: boolean
    }>(c)
    if (!body.state || !STATES.includes(body.state)) throw invalid('DeploymentStatus', 'invalid', 'state')
    if ((body.description?.length ?? 0) > MAX_DESCRIPTION) {
      throw invalid(
        'DeploymentStatus',
        'custom',
        'description',
        `description is too long (maximum is ${MAX_DESCRIPTION} characters)`,
      )
    }
    const row = addDeploymentStatus(hub, id, {
      state: body.state,
      description: body.description ?? '',
      environmentUrl: body.environment_url ?? '',
      logUrl: body.log_url ?? body.target_url ?? '',
      user: actor(c.get('by')),
      autoInactive: body.auto_inactive !== false,
      ...(body.environment === undefined ? {} : { environment: body.environment }),
    })
    return c.json(deploymentStatusShape(hub, repo, row), 201)
  })

  // `auto_merge` (the default) merges the default branch into a ref that is behind it, and then answers 202: whoever
  // deploys does not want that, so here it ends at the conflict that GitHub would report.
  async function requireUpToDate(repo: Repository, ref: string, sha: string): Promise<void> {
    const base = await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`)
    if (!base || (await isAncestor(repo.gitDir, base, sha)) || !(await resolve(repo.gitDir, `refs/heads/${ref}`)))
      return
    if (await mergeTree(repo.gitDir, base, sha))
      throw new ApiError(409, `Auto-merged ${repo.defaultBranch} into ${ref} on deployment.`)
    throw new ApiError(409, `Conflict merging ${repo.defaultBranch} into ${ref}.`)
  }

  // Left out means: every context must be green.
  function requireContexts(repo: Repository, sha: string, required: string[] | undefined): void {
    if (required?.length === 0) return
    const statuses = hub.store.statuses.filter((row) => row.repo === repo.id && row.sha === sha)
    const checks = hub.store.checkRuns.filter((row) => row.repo === repo.id && row.headSha === sha)
    const states = new Map<string, boolean>([
      ...statuses.map(({ context, state }) => [context, state === 'success'] as const),
      ...checks.map(
        ({ name, conclusion }) => [name, ['success', 'neutral', 'skipped'].includes(conclusion ?? '')] as const,
      ),
    ])
    const wanted = required ?? [...states.keys()]
    if (wanted.every((context) => states.get(context))) return
    const contexts = [...states].map(([context, green]) => ({ context, state: green ? 'success' : 'pending' }))
    throw new ApiError(409, `Conflict: Commit status checks failed for ${sha}.`, {
      errors: contexts.map(({ context, state }) => ({
        resource: 'Deployment',
        field: 'required_contexts',
        code: 'invalid',
        message: `${context}: ${state}`,
      })),
    })
  }
}
