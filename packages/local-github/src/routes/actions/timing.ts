import { type App, repoOf } from '../../http/app.ts'
import type { Hub } from '../../hub.ts'
import type { Job, Repository } from '../../store/entities.ts'
import { runOf } from './find.ts'
import { findWorkflow } from './workflows.ts'

const SYSTEMS = { UBUNTU: /^ubuntu/, MACOS: /^macos/, WINDOWS: /^windows/ }

/** How long runs took, and what of it GitHub's own machines did: only private repositories pay for that. */
export function addTimingRoutes(app: App, hub: Hub): void {
  const { jobs, runs } = hub.store

  app.get('/repos/:owner/:repo/actions/runs/:run/timing', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    const billable = bySystem(jobs.filter((row) => row.run === run.id)).map(([system, rows]) => {
      const job_runs = rows.map((row) => ({ job_id: row.id, duration_ms: billed(repo, row) }))
      const total_ms = job_runs.reduce((sum, { duration_ms }) => sum + duration_ms, 0)
      return [system, { total_ms, jobs: rows.length, job_runs }]
    })
    const run_duration_ms = Date.parse(run.updatedAt) - Date.parse(run.startedAt)
    return c.json({ billable: Object.fromEntries(billable), run_duration_ms })
  })

  app.get('/repos/:owner/:repo/actions/workflows/:workflow/timing', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const { id } = await findWorkflow(hub, repo, c.req.param('workflow'))
    const own = jobs.filter((row) => runs.get(row.run)?.workflow === id)
    const billable = bySystem(own).map(([system, rows]) => [
      system,
      { total_ms: rows.reduce((sum, row) => sum + billed(repo, row), 0) },
    ])
    return c.json({ billable: Object.fromEntries(billable) })
  })
}

function bySystem(rows: readonly Job[]): [system: string, rows: Job[]][] {
  const started = rows.filter(({ startedAt }) => startedAt !== null)
  return Object.entries(SYSTEMS)
    .map(([system, label]): [string, Job[]] => [
      system,
      started.filter(({ labels }) => labels.some((each) => label.test(each))),
    ])
    .filter(([, own]) => own.length > 0)
}

function billed(repo: Repository, { startedAt, completedAt }: Job): number {
  return repo.private && startedAt && completedAt ? Date.parse(completedAt) - Date.parse(startedAt) : 0
}
