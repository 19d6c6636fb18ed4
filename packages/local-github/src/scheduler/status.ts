import type { Hub } from '../hub.ts'
import { repoHtml } from '../shapes/common.ts'
import type { Job, Run } from '../store/entities.ts'
import { fullName } from '../store/store.ts'

/** Moves a run on and tells who watches. */
export function setRunStatus(hub: Hub, run: Run, status: Run['status']): void {
  if (run.status === status) return
  hub.store.runs.update(run, { status, updatedAt: hub.clock.now() })
  report(hub, 'run', run)
}

/** Moves a job on, its check run with it. */
export function setJobStatus(hub: Hub, job: Job, status: Job['status']): void {
  if (job.status === status && status !== 'completed') return
  hub.store.jobs.update(job, { status })
  const check = hub.store.checkRuns.get(job.id)!
  const { startedAt, completedAt, conclusion, annotations } = job
  hub.store.checkRuns.update(check, {
    ...{ status, conclusion, completedAt, annotations },
    startedAt: startedAt ?? check.startedAt,
  })
  report(hub, 'job', hub.store.runs.get(job.run)!, job)
}

export function report(hub: Hub, kind: 'run' | 'job', run: Run, job?: Job): void {
  const repo = hub.store.repositories.get(run.repo)!
  const { id, name, status, conclusion } = job ?? run
  const url = `${repoHtml(hub, repo)}/actions/runs/${run.id}${job ? `/job/${job.id}` : ''}`
  const message = kind === 'run' ? run.message : null
  hub.log({ kind, repository: fullName(repo), id, name, event: run.event, status, conclusion, url, message })
}
