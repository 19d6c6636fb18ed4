import type { Hub } from '../hub.ts'
import { holdsGroup } from './concurrency.ts'
import { jobContexts } from './contexts.ts'
import { setJobDeployment } from './deployments.ts'
import { type ExecutionSettings, executeJob } from './execute.ts'
import { evaluateDeep } from './expressions.ts'
import { passEnvironment } from './gates.ts'
import type { LiveJob, LiveRow, LiveRun } from './live-run.ts'
import { needsContext } from './outputs.ts'
import { contend } from './places.ts'
import { hasRunner } from './runners.ts'
import { annotate, fail, settle } from './settling.ts'
import { setJobStatus } from './status.ts'

const MAX_JOBS = 2
const DEFAULT_TIMEOUT_MINUTES = 360
/** GitHub's words for a job whose machine went away: here it is the server that did. */
const LOST_RUNNER =
  'The hosted runner lost communication with the server. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.'

/** What the parts of a scheduler share. */
export interface Work {
  hub: Hub
  settings: ExecutionSettings
  /** The runs that are not finished, by id. */
  lives: Map<number, LiveRun>
  executing: Set<Promise<void>>
  isClosed: () => boolean
  pump: () => void
}

/** Starts a queued row when nothing holds it back any more; true when it was settled or started. */
export function tryStart(work: Work, live: LiveRun, job: LiveJob, row: LiveRow): boolean {
  const { hub, settings, lives, executing, pump } = work
  const { run } = live
  if (row.job.status === 'in_progress') {
    // One that was found so, and not begun here.
    if (!row.cancel) fail(hub, job, row, LOST_RUNNER)
    return !row.cancel
  }
  if (row.cancelled) {
    settle(hub, job, row, 'cancelled')
    return true
  }
  if (!row.lease && job.raw.concurrency !== undefined) {
    const contexts = jobContexts(hub, live, job, {
      needs: needsContext(hub, live, job),
      matrix: row.job.matrix,
      strategy: row.job.strategy,
    })
    const place = contend(hub, lives, run, { key: row.job.key, job: row.job.id }, job.raw.concurrency, contexts)
    if (typeof place === 'string') {
      annotate(hub, row.job, place)
      settle(hub, job, row, 'cancelled')
      return true
    }
    row.lease = place
  }
  if (row.lease && !holdsGroup(hub, row.lease)) {
    setJobStatus(hub, row.job, 'pending')
    return false
  }
  const environment = passEnvironment(hub, run, row, pump)
  if (typeof environment === 'object') {
    fail(hub, job, row, environment.refused)
    return true
  }
  if (environment === 'waiting') {
    setJobStatus(hub, row.job, 'waiting')
    return false
  }
  if (row.job.status !== 'queued') setJobStatus(hub, row.job, 'queued')
  if (!hasRunner(row.job.labels, settings.labels)) return false
  const siblings = job.rows!.filter((other) => other.job.status === 'in_progress').length
  if (executing.size >= MAX_JOBS || siblings >= row.job.strategy['max-parallel']) return false
  execute(work, live, job, row)
  return true
}

function execute(work: Work, live: LiveRun, job: LiveJob, row: LiveRow): void {
  const { hub, settings, executing, pump } = work
  hub.store.jobs.update(row.job, { startedAt: hub.clock.now() })
  setJobStatus(hub, row.job, 'in_progress')
  setJobDeployment(hub, row.job, 'in_progress')
  const execution = executeJob(hub, settings, live, job, row)
  row.cancel = execution.cancel
  const contexts = jobContexts(hub, live, job, {
    needs: needsContext(hub, live, job),
    matrix: row.job.matrix,
    strategy: row.job.strategy,
  })
  const minutes = Number(evaluateDeep(job.raw['timeout-minutes'], contexts) ?? DEFAULT_TIMEOUT_MINUTES)
  const timeout = setTimeout(() => {
    annotate(hub, row.job, `The job has exceeded the maximum execution time of ${minutes}m0s`)
    execution.cancel()
  }, minutes * 60_000)
  const finished = execution.done
    .then(({ outputs, url, conclusion, steps, log, summary, annotations }) => {
      if (isOver(work, row)) return
      hub.store.jobs.update(row.job, {
        ...{ steps, log, summary, annotations: [...row.job.annotations, ...annotations] },
        outputs: conclusion === 'success' ? outputs : { ...row.job.outputs, ...outputs },
      })
      settle(hub, job, row, conclusion, url)
    })
    .catch((error: Error) => {
      if (!isOver(work, row)) fail(hub, job, row, error.message)
    })
    .finally(() => {
      clearTimeout(timeout)
      executing.delete(finished)
      pump()
    })
  executing.add(finished)
}

/** Nobody waits for its end: it was cancelled by force, or its server stops and the next one finds it lost. */
const isOver = ({ isClosed }: Work, { job }: LiveRow) => isClosed() || job.status === 'completed'
