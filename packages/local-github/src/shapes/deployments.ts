import type { Deployment, DeploymentStatus, Repository } from '../store/entities.ts'
import { nodeId, repoApi, type Shaping, simpleUser } from './common.ts'

export function deploymentShape(shaping: Shaping, repo: Repository, deployment: Deployment) {
  const url = `${repoApi(shaping, repo)}/deployments/${deployment.id}`
  const updated = shaping.store.deploymentStatuses.filter((row) => row.deployment === deployment.id).at(-1)
  return {
    url,
    id: deployment.id,
    node_id: nodeId('Deployment', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description,
    creator: simpleUser(shaping, deployment.user),
    created_at: deployment.createdAt,
    updated_at: updated?.createdAt ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: repoApi(shaping, repo),
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  }
}

export function deploymentStatusShape(shaping: Shaping, repo: Repository, status: DeploymentStatus) {
  const url = `${repoApi(shaping, repo)}/deployments/${status.deployment}`
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DeploymentStatus', status.id),
    // REST knows no deployment that waits: its description has no name for one.
    state: status.state === 'waiting' ? 'pending' : status.state,
    creator: simpleUser(shaping, status.user),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repoApi(shaping, repo),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
  }
}
