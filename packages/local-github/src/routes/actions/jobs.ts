import { type App, type Ctx, page, repoOf } from '../../http/app.ts'
import type { Hub } from '../../hub.ts'
import { jobsOfAttempt } from '../../scheduler/attempts.ts'
import { jobShape } from '../../shapes/runs.ts'
import type { Job, Repository, Run } from '../../store/entities.ts'
import { attemptOf, jobOf, runOf } from './find.ts'

export function addJobRoutes(app: App, hub: Hub): void {
  const { runs, jobs } = hub.store

  const list = (c: Ctx, repo: Repository, run: Run, rows: Job[]) =>
    c.json({ total_count: rows.length, jobs: page(c, rows).map((row) => jobShape(hub, repo, run, row)) })

  app.get('/repos/:owner/:repo/actions/runs/:run/jobs', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    const isAll = c.req.query('filter') === 'all'
    return list(c, repo, run, isAll ? jobs.filter((row) => row.run === run.id) : jobsOfAttempt(hub, run))
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/attempts/:attempt/jobs', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    return list(c, repo, run, jobsOfAttempt(hub, run, attemptOf(run, c)))
  })

  app.get('/repos/:owner/:repo/actions/jobs/:job', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const job = jobOf(hub, repo, c)
    return c.json(jobShape(hub, repo, runs.get(job.run)!, job))
  })
}
