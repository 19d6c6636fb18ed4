import type { Hub } from '../hub.ts'
import { ensureEnvironment, refusedByPolicy } from '../rules/environments.ts'
import type { Environment, Run } from '../store/entities.ts'
import { createJobDeployment, setJobDeployment } from './deployments.ts'
import type { LiveRow } from './live-run.ts'

const MINUTE = 60_000
/** A job that waits longer for its environment has failed. */
const LONGEST_WAIT = 30 * 24 * 60 * MINUTE

/**
 * What a job's environment says to its start: `open`, `waiting` for a reviewer, an app or a time, or the sentence by
 * which it is refused. The deployment of the job is made on the first look. `wake` is called when a time has come.
 */
export function passEnvironment(
  hub: Hub,
  run: Run,
  row: LiveRow,
  wake: () => void,
): 'open' | 'waiting' | { refused: string } {
  const { job } = row
  if (job.environment === null) return 'open'
  const repo = hub.store.repositories.get(run.repo)!
  const environment = ensureEnvironment(hub, repo, job.environment)
  const refused = refusedByPolicy(hub, environment, run)
  if (refused) return { refused }
  const now = hub.clock.time().getTime()
  const since = job.waitingSince ?? hub.clock.now()
  const timer = Date.parse(since) + environment.waitTimer * MINUTE
  const isOpen = timer <= now && isReviewed(hub, run, environment) && areAppsContent(hub, run, environment)
  if (job.deploys && job.deployment === null) {
    createJobDeployment(hub, repo, run, job, environment.name)
    if (!isOpen) setJobDeployment(hub, job, 'waiting')
  }
  if (isOpen) return 'open'
  if (job.waitingSince === null) hub.store.jobs.update(job, { waitingSince: since })
  const end = Date.parse(since) + LONGEST_WAIT
  if (end <= now) return { refused: `The deployment to ${environment.name} was not approved within 30 days.` }
  row.alarm ??= hub.clock.at(new Date(timer > now ? Math.min(timer, end) : end), () => {
    row.alarm = undefined
    wake()
  })
  return 'waiting'
}

function isReviewed(hub: Hub, run: Run, environment: Environment): boolean {
  return environment.reviewers.length === 0 || isApproved(hub, run, environment, undefined)
}

function areAppsContent(hub: Hub, run: Run, environment: Environment): boolean {
  const rules = hub.store.customProtectionRules.filter((row) => row.environment === environment.id)
  return rules.every(({ app }) => isApproved(hub, run, environment, app))
}

/** By a reviewer, or by the app of a custom rule. */
export function isApproved(hub: Hub, run: Run, environment: Environment, app: number | undefined): boolean {
  const said = hub.store.approvals.find(
    (row) =>
      row.run === run.id &&
      row.attempt === run.attempt &&
      row.environment === environment.name &&
      row.app === app &&
      row.state === 'approved',
  )
  return said !== undefined
}
