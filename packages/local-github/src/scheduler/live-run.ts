import type { CalledFile, Conclusion, Job, Lease, Run } from '../store/entities.ts'
import type { CalledFiles } from './called-files.ts'
import type { StatusAnswers } from './expressions.ts'
import type { Permissions } from './permissions.ts'
import type { Mapping, WorkflowFile } from './workflow-file.ts'

/** A run that is not finished: the workflows it follows, and how far each of its jobs is. */
export interface LiveRun {
  run: Run
  root: Scope
  /** The workflows that its jobs call. */
  called: CalledFiles
  lease: Lease | undefined
  /** Whether a job of it has started. */
  begun: boolean
  /** Calls off the time at which it has gone on for too long. */
  alarm: (() => void) | undefined
}

/** The jobs of one workflow file as they go on: the run's own file, or one that a job calls. */
export interface Scope {
  workflow: WorkflowFile
  source: string
  inputs: Record<string, unknown>
  jobs: Map<string, LiveJob>
  /** Undefined for the run's own file. */
  call: Call | undefined
}

/** One call of a workflow, for one combination of the calling job's matrix. */
export interface Call {
  /** The job that calls. */
  job: LiveJob
  /** `release`, `release(1)` or `release/build`: what stands before the keys of its jobs. */
  key: string
  /** What stands before the names of its jobs. */
  name: string
  file: CalledFile
  /** What its jobs may do at most, and do where nothing is stated. */
  permissions: Permissions
  secrets: Record<string, string>
  matrix: Record<string, unknown> | null
  strategy: Job['strategy']
  /** Its places in the lines of the calling job's `concurrency` and of its own; undefined before it asked. */
  leases: Lease[] | undefined
  cancelled: boolean
}

/** One job of a file: not looked at yet; or one row, or one call, per combination of its matrix. */
export interface LiveJob {
  key: string
  raw: Mapping
  needs: string[]
  scope: Scope
  rows: LiveRow[] | undefined
  calls: Scope[] | undefined
}

export interface LiveRow {
  job: Job
  lease: Lease | undefined
  /** Calls off the time at which it looks at its environment again. */
  alarm: (() => void) | undefined
  cancel: (() => void) | undefined
  cancelled: boolean
}

export function createRow(job: Job): LiveRow {
  return { job, lease: undefined, alarm: undefined, cancel: undefined, cancelled: false }
}

export function createScope(given: Omit<Scope, 'jobs' | 'call'> & { call?: Call }): Scope {
  const scope: Scope = { call: undefined, ...given, jobs: new Map() }
  for (const [key, raw] of Object.entries(scope.workflow.jobs))
    scope.jobs.set(key, { key, raw, needs: list(raw.needs), scope, rows: undefined, calls: undefined })
  return scope
}

/** The job's key within its run. */
export function keyOf({ scope, key }: LiveJob): string {
  return scope.call ? `${scope.call.key}/${key}` : key
}

/** Every job of a file, and of the workflows that it calls as far as they are `open`. */
export function* jobsOf(scope: Scope, open: (called: Scope) => boolean = () => true): Generator<LiveJob> {
  for (const job of scope.jobs.values()) {
    yield job
    for (const called of job.calls ?? []) if (open(called)) yield* jobsOf(called, open)
  }
}

function list(needs: unknown): string[] {
  return needs === undefined ? [] : Array.isArray(needs) ? needs.map(String) : [String(needs)]
}

export function isSettled({ rows, calls }: LiveJob): boolean {
  return rows?.every(({ job }) => job.status === 'completed') ?? calls?.every(isScopeSettled) ?? false
}

export function isScopeSettled({ jobs }: Scope): boolean {
  return [...jobs.values()].every(isSettled)
}

/** What `needs.<job>.result` says of all rows, or of all calls, together. */
export function resultOf({ rows = [], calls }: LiveJob): Conclusion {
  return together(calls ? calls.map(resultOfScope) : rows.map(({ job }) => job.result))
}

export function resultOfScope({ jobs, call }: Scope): Conclusion {
  return together([...[...jobs.values()].map(resultOf), ...(call?.cancelled ? ['cancelled' as const] : [])])
}

function together(results: readonly (Conclusion | null)[]): Conclusion {
  for (const result of ['failure', 'cancelled'] as const) if (results.includes(result)) return result
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success'
}

/** What the status functions answer for a job: they look at everything before it, not at its `needs` alone. */
export function statusFor({ run }: LiveRun, job: LiveJob): StatusAnswers {
  const { jobs } = job.scope
  const ancestors = new Set<string>()
  const visit = (key: string) => {
    if (ancestors.has(key)) return
    ancestors.add(key)
    for (const needed of jobs.get(key)?.needs ?? []) visit(needed)
  }
  for (const key of job.needs) visit(key)
  const results = [...ancestors].map((key) => resultOf(jobs.get(key)!))
  const cancelled = run.cancelled || isCancelled(job.scope)
  return {
    success: !cancelled && results.every((result) => result === 'success'),
    failure: !cancelled && results.includes('failure'),
    cancelled,
  }
}

function isCancelled({ call }: Scope): boolean {
  return call !== undefined && (call.cancelled || isCancelled(call.job.scope))
}

/** The whole run's conclusion from its settled jobs. */
export function conclusionOf({ run, root }: LiveRun): Conclusion {
  return together([...[...root.jobs.values()].map(resultOf), ...(run.cancelled ? ['cancelled' as const] : [])])
}
