import type { Hub } from '../hub.ts'
import { repoHtml } from '../shapes/common.ts'
import type { DeploymentState, Job, Repository, Run } from '../store/entities.ts'
import { BOT } from '../store/store.ts'

/** The deployment that GitHub makes for a job with an environment. */
export function createJobDeployment(hub: Hub, repo: Repository, run: Run, job: Job, environment: string): void {
  const row = hub.store.deployments.insert({
    repo: repo.id,
    sha: run.headSha,
    ref: run.headBranch ?? run.ref,
    task: 'deploy',
    environment,
    originalEnvironment: environment,
    description: null,
    payload: {},
    production: environment === 'production',
    transient: false,
    user: BOT,
    createdAt: hub.clock.now(),
  })
  hub.store.jobs.update(job, { deployment: row.id })
}

export function setJobDeployment(hub: Hub, job: Job, state: DeploymentState, url = ''): void {
  if (job.deployment === null) return
  const repo = hub.store.repositories.get(job.repo)!
  addDeploymentStatus(hub, job.deployment, {
    state,
    description: '',
    environmentUrl: url,
    logUrl: `${repoHtml(hub, repo)}/actions/runs/${job.run}/job/${job.id}`,
    user: BOT,
    autoInactive: true,
  })
}

/**
 * Adds a status. A success makes earlier successful deployments of the same environment inactive, unless they are of
 * a production or a transient environment (GitHub's `auto_inactive`).
 */
export function addDeploymentStatus(
  hub: Hub,
  id: number,
  status: {
    state: DeploymentState
    description: string
    environmentUrl: string
    logUrl: string
    user: string
    autoInactive: boolean
    environment?: string
  },
) {
  const { store } = hub
  const deployment = store.deployments.get(id)!
  const { autoInactive, environment = deployment.environment, ...rest } = status
  if (environment !== deployment.environment) store.deployments.update(deployment, { environment })
  const row = { repo: deployment.repo, deployment: id, environment, createdAt: hub.clock.now(), ...rest }
  if (status.state === 'success' && autoInactive) {
    const earlier = store.deployments.filter(
      (other) =>
        other.repo === deployment.repo &&
        other.environment === environment &&
        other.id < id &&
        !other.production &&
        !other.transient,
    )
    for (const other of earlier) {
      const last = store.deploymentStatuses.filter((old) => old.deployment === other.id).at(-1)
      if (last?.state === 'success')
        store.deploymentStatuses.insert({ ...row, deployment: other.id, state: 'inactive' })
    }
  }
  return store.deploymentStatuses.insert(row)
}
