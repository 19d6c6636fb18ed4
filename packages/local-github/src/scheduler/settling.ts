import type { Hub } from '../hub.ts'
import type { Job } from '../store/entities.ts'
import { leaveLine } from './concurrency.ts'
import { setJobDeployment } from './deployments.ts'
import { failureAnnotation } from './expand.ts'
import { jobsOf, type LiveJob, type LiveRow, type Scope } from './live-run.ts'
import { setJobStatus } from './status.ts'

const DEPLOYMENT_STATES = {
  success: 'success',
  cancelled: 'inactive',
  skipped: 'inactive',
  failure: 'failure',
} as const

/** Adds a failure to what a job's page shows. */
export function annotate(hub: Hub, job: Job, message: string): void {
  hub.store.jobs.update(job, { annotations: [...job.annotations, failureAnnotation(message)] })
}

/** Ends a row as failed, with the reason in its log. */
export function fail(hub: Hub, job: LiveJob, row: LiveRow, message: string): void {
  const log = [row.job.log, `${hub.clock.now()} ##[error]${message}`].filter(Boolean).join('\n')
  hub.store.jobs.update(row.job, { log })
  annotate(hub, row.job, message)
  settle(hub, job, row, 'failure')
}

/** Ends a row, its check run and its deployment; the others of a matrix that fails fast are cancelled. */
export function settle(
  hub: Hub,
  job: LiveJob,
  row: LiveRow,
  conclusion: NonNullable<Job['conclusion']>,
  url?: string,
): void {
  hub.store.jobs.update(row.job, {
    conclusion,
    result: conclusion === 'failure' && row.job.continueOnError ? 'success' : conclusion,
    completedAt: hub.clock.now(),
  })
  setJobStatus(hub, row.job, 'completed')
  setJobDeployment(hub, row.job, DEPLOYMENT_STATES[conclusion], url)
  row.alarm?.()
  if (row.lease) leaveLine(hub, row.lease)
  if (row.job.result === 'failure' && row.job.strategy['fail-fast']) {
    for (const sibling of job.rows!) if (sibling.job.status !== 'completed') cancelRow(sibling)
  }
}

/** Asks a row to end; what has not begun ends when it is looked at next. */
export function cancelRow(row: LiveRow): void {
  row.cancelled = true
  row.cancel?.()
}

/** The same for every job of a file. */
export function cancelScope(scope: Scope): void {
  if (scope.call) scope.call.cancelled = true
  for (const { rows = [] } of jobsOf(scope)) for (const row of rows) if (row.job.status !== 'completed') cancelRow(row)
}
