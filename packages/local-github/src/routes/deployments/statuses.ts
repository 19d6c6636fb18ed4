import { type App, bodyOf, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { addDeploymentStatus } from '../../scheduler/deployments.ts'
import { deploymentEvent } from '../../scheduler/publish-events.ts'
import { deploymentStatusShape } from '../../shapes/deployments.ts'
import type { DeploymentState } from '../../store/entities.ts'
import { deploymentOf } from './deployments.ts'

const LIST = '/repos/:owner/:repo/deployments/:id/statuses'
const STATES = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success']
const MAX_DESCRIPTION = 140

interface GivenStatus {
  state: DeploymentState
  description: string
  environment: string
  environment_url: string
  log_url: string
  target_url: string
  auto_inactive: boolean
}

export function addDeploymentStatusRoutes(app: App, hub: Hub): void {
  const { deploymentStatuses } = hub.store

  app.get(LIST, (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const { id } = deploymentOf(hub, repo, c)
    const rows = deploymentStatuses.filter((row) => row.deployment === id).reverse()
    return c.json(page(c, rows).map((row) => deploymentStatusShape(hub, repo, row)))
  })

  app.post(LIST, async (c) => {
    const repo = repoOf(hub, c, 'deployments', 'write')
    const deployment = deploymentOf(hub, repo, c)
    const body = await bodyOf<GivenStatus>(c)
    const { state, description = '', environment } = body
    if (!state || !STATES.includes(state)) throw invalid('DeploymentStatus', 'invalid', 'state')
    if ([...description].length > MAX_DESCRIPTION) {
      const message = `description is too long (maximum is ${MAX_DESCRIPTION} characters)`
      throw invalid('DeploymentStatus', 'custom', 'description', message)
    }
    const by = c.get('by')
    const row = addDeploymentStatus(hub, deployment.id, {
      state,
      description,
      environmentUrl: body.environment_url ?? '',
      logUrl: body.log_url ?? body.target_url ?? '',
      user: actor(by),
      autoInactive: body.auto_inactive !== false,
      ...(environment === undefined ? {} : { environment }),
    })
    // That something is over starts nothing.
    if (state !== 'inactive') await hub.emit(await deploymentEvent(hub, repo, by, deployment, row))
    const shape = deploymentStatusShape(hub, repo, row)
    return c.json(shape, 201, { location: shape.url })
  })

  app.get(`${LIST}/:status`, (c) => {
    const repo = repoOf(hub, c, 'deployments', 'read')
    const row = deploymentStatuses.get(numberParam(c, 'status'))
    if (row?.deployment !== deploymentOf(hub, repo, c).id) throw notFound()
    return c.json(deploymentStatusShape(hub, repo, row))
  })
}
