import type { Conclusion, Job, Lease, Run } from '../store/entities.ts'
import type { StatusAnswers } from './expressions.ts'
import type { Mapping, WorkflowFile } from './workflow-file.ts'

/** A run that is not finished: the workflow it follows, and how far each of its jobs is. */
export interface LiveRun {
  run: Run
  workflow: WorkflowFile
  jobs: Map<string, LiveJob>
  lease: Lease | undefined
  /** Whether a job of it has started. */
  begun: boolean
}

/** One job of the file: not looked at yet, or expanded into one row per combination of its matrix. */
export interface LiveJob {
  key: string
  raw: Mapping
  needs: string[]
  rows: LiveRow[] | undefined
}

export interface LiveRow {
  job: Job
  lease: Lease | undefined
  cancel: (() => void) | undefined
  cancelled: boolean
}

export function createRow(job: Job): LiveRow {
  return { job, lease: undefined, cancel: undefined, cancelled: false }
}

export function createLiveJobs(workflow: WorkflowFile): Map<string, LiveJob> {
  return new Map(
    Object.entries(workflow.jobs).map(([key, raw]) => [key, { key, raw, needs: list(raw.needs), rows: undefined }]),
  )
}

function list(needs: unknown): string[] {
  return needs === undefined ? [] : Array.isArray(needs) ? needs.map(String) : [String(needs)]
}

export function isSettled({ rows }: LiveJob): boolean {
  return rows?.every(({ job }) => job.status === 'completed') ?? false
}

/**
 * For a re-run of failed jobs: a job keeps the rows of its last attempt when all of them, and everything before it,
 * went well.
 */
export function keepSuccesses(jobs: Map<string, LiveJob>, rows: Job[]): void {
  for (let kept = true; kept; ) {
    kept = false
    for (const job of jobs.values()) {
      if (job.rows || !job.needs.every((key) => jobs.get(key)!.rows)) continue
      const own = rows.filter(({ key }) => key === job.key)
      const last = own.filter(({ attempt }) => attempt === Math.max(...own.map((row) => row.attempt)))
      if (last.length === 0 || !last.every(({ conclusion }) => conclusion === 'success')) continue
      job.rows = last.map(createRow)
      kept = true
    }
  }
}

/** What `needs.<job>.result` says of all rows together. */
export function resultOf({ rows = [] }: LiveJob): Conclusion {
  const results = rows.map(({ job }) => job.result)
  for (const result of ['failure', 'cancelled'] as const) if (results.includes(result)) return result
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success'
}

/** Of several rows the last one that says something for a name is heard. */
export function outputsOf({ rows = [] }: LiveJob): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const { job } of rows) {
    for (const [name, value] of Object.entries(job.outputs))
      if (value !== '' || !(name in outputs)) outputs[name] = value
  }
  return outputs
}

export function needsContext(live: LiveRun, job: LiveJob) {
  return Object.fromEntries(
    job.needs.map((key) => {
      const needed = live.jobs.get(key)!
      return [key, { result: resultOf(needed), outputs: outputsOf(needed) }]
    }),
  )
}

/** What the status functions answer for a job: they look at everything before it, not at its `needs` alone. */
export function statusFor(live: LiveRun, job: LiveJob): StatusAnswers {
  const ancestors = new Set<string>()
  const visit = (key: string) => {
    if (ancestors.has(key)) return
    ancestors.add(key)
    for (const needed of live.jobs.get(key)?.needs ?? []) visit(needed)
  }
  for (const key of job.needs) visit(key)
  const results = [...ancestors].map((key) => resultOf(live.jobs.get(key)!))
  return {
    success: !live.run.cancelled && results.every((result) => result === 'success'),
    failure: !live.run.cancelled && results.includes('failure'),
    cancelled: live.run.cancelled,
  }
}

/** The whole run's conclusion from its settled jobs. */
export function conclusionOf(live: LiveRun): Conclusion {
  const results = [...live.jobs.values()].map(resultOf)
  if (results.includes('failure')) return 'failure'
  if (live.run.cancelled || results.includes('cancelled')) return 'cancelled'
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success'
}
