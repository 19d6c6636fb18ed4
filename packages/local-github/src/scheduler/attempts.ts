import type { Hub } from '../hub.ts'
import type { Job, PastAttempt, Run } from '../store/entities.ts'
import { insertJob } from './expand.ts'
import { createRow, keyOf, type LiveJob, type LiveRow, type LiveRun } from './live-run.ts'

/** The jobs of one of a run's attempts: its own, and those whose results it took over. */
export function jobsOfAttempt({ store }: Hub, run: Run, { attempt, kept }: PastAttempt = run): Job[] {
  return store.jobs.filter((row) => row.run === run.id && (row.attempt === attempt || kept.includes(row.id)))
}

/** Makes of a run that ended one that has not begun its next attempt. */
export function beginAttempt(hub: Hub, run: Run, by: string, redo: Run['redo']): void {
  const { attempt, status, conclusion, triggeringActor, startedAt, updatedAt, kept } = run
  hub.store.runs.update(run, {
    pastAttempts: [...run.pastAttempts, { attempt, status, conclusion, triggeringActor, startedAt, updatedAt, kept }],
    ...{ attempt: attempt + 1, triggeringActor: by, startedAt: hub.clock.now(), redo },
    ...{ conclusion: null, cancelled: false, kept: [] },
  })
}

/**
 * The rows that a job has before anybody looks at its `if:`: those that it had when the server stopped; in a re-run of
 * some jobs those of the attempt before, where neither the job nor anything that it needs runs again. Of a matrix only
 * the combinations that were asked for run again. Undefined for a job that is to be looked at anew.
 */
export function rowsFromBefore(hub: Hub, live: LiveRun, job: LiveJob): LiveRow[] | undefined {
  const { run } = live
  const isOwn = (row: Job) => row.key === keyOf(job)
  const found = jobsOfAttempt(hub, run).filter(isOwn)
  if (found.length > 0) return found.map(createRow)
  const { redo } = run
  const before = run.pastAttempts.at(-1)
  if (redo === 'all' || !before || follows(run, job)) return undefined
  const isAgain = (row: Job) =>
    redo === 'failed' ? row.conclusion === 'failure' || row.conclusion === 'cancelled' : row.id === redo
  const rows = jobsOfAttempt(hub, run, before).filter(isOwn)
  // One that never got as far as a runner has nothing to repeat.
  if (rows.length === 0 || rows.some((row) => isAgain(row) && row.labels.length === 0)) return undefined
  hub.store.runs.update(run, { kept: [...run.kept, ...rows.filter((row) => !isAgain(row)).map(({ id }) => id)] })
  return rows.map((row) => createRow(isAgain(row) ? repeat(hub, live, job, row) : row))
}

/** Whether something that this job, or a job that calls it, needs has run in this attempt. */
function follows(run: Run, { needs, scope }: LiveJob): boolean {
  if (needs.some((key) => hasRun(run, scope.jobs.get(key)!))) return true
  return scope.call !== undefined && follows(run, scope.call.job)
}

function hasRun(run: Run, { rows = [], calls = [] }: LiveJob): boolean {
  return (
    rows.some(({ job }) => job.attempt === run.attempt) ||
    calls.some(({ jobs }) => [...jobs.values()].some((job) => hasRun(run, job)))
  )
}

function repeat(hub: Hub, live: LiveRun, job: LiveJob, old: Job): Job {
  const { name, labels, matrix, strategy, environment, continueOnError, deploys } = old
  const same = { name, labels, matrix, strategy, environment, continueOnError, deploys }
  return insertJob(hub, live, job, { ...same, status: 'queued', conclusion: null, result: null })
}
