import type { Hub } from '../hub.ts'
import { repoHtml } from '../shapes/common.ts'
import type { DeploymentState, Environment, Job, Repository, Run } from '../store/entities.ts'
import { BOT } from '../store/store.ts'
import { matchesPatterns } from './filters.ts'
import type { LiveRow } from './live-run.ts'

/** The environment of that name; GitHub makes one, without protection, when a workflow names it first. */
function ensureEnvironment(hub: Hub, repo: Repository, name: string): Environment {
  const known = hub.store.environments.find(
    (row) => row.repo === repo.id && row.name.toLowerCase() === name.toLowerCase(),
  )
  if (known) return known
  const at = hub.clock.now()
  return hub.store.environments.insert({
    repo: repo.id,
    name,
    reviewers: [],
    preventSelfReview: false,
    waitTimer: 0,
    branchPolicy: null,
    createdAt: at,
    updatedAt: at,
  })
}

/** Why this run's ref may not deploy to the environment, if it may not. */
function refusedByPolicy(environment: Environment, run: Run): string | undefined {
  const policy = environment.branchPolicy
  if (!policy) return undefined
  const name = run.ref.replace(/^refs\/(heads|tags)\//, '')
  if (!policy.protected && matchesPatterns(policy.patterns, name)) return undefined
  const kind = run.ref.startsWith('refs/tags/') ? 'Tag' : 'Branch'
  return `${kind} "${name}" is not allowed to deploy to ${environment.name} due to environment protection rules.`
}

function isApproved(hub: Hub, run: Run, environment: string): boolean {
  return (
    hub.store.approvals.find(
      (row) => row.run === run.id && row.attempt === run.attempt && row.environment === environment,
    )?.state === 'approved'
  )
}

/**
 * What a job's environment says to its start: `open`, `waiting` for a reviewer, or the sentence by which it is
 * refused. The deployment of the job is made on the first look.
 */
export function passEnvironment(hub: Hub, run: Run, { job }: LiveRow): 'open' | 'waiting' | { refused: string } {
  if (job.environment === null) return 'open'
  const repo = hub.store.repositories.get(run.repo)!
  const environment = ensureEnvironment(hub, repo, job.environment)
  const refused = refusedByPolicy(environment, run)
  if (refused) return { refused }
  const reviewed = environment.reviewers.length > 0
  if (job.deploys && job.deployment === null) {
    createJobDeployment(hub, repo, run, job, environment.name)
    if (reviewed) setJobDeployment(hub, job, 'waiting')
  }
  return reviewed && !isApproved(hub, run, environment.name) ? 'waiting' : 'open'
}

/** The deployment that GitHub makes for a job with an environment. */
function createJobDeployment(hub: Hub, repo: Repository, run: Run, job: Job, environment: string): void {
  const row = hub.store.deployments.insert({
    repo: repo.id,
    sha: run.headSha,
    ref: run.headBranch ?? run.ref,
    task: 'deploy',
    environment,
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
