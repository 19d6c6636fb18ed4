import { readHeadCommit } from '../../git/commits.ts'
import { type App, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import { zipFiles } from '../../services/zip.ts'
import { jobShape, runShape } from '../../shapes/runs.ts'
import { saveBlob } from '../../store/blobs.ts'
import type { Repository, Run } from '../../store/entities.ts'
import { findWorkflow } from './workflows.ts'

export function addRunRoutes(app: App, hub: Hub, scheduler: Scheduler): void {
  const { runs, jobs } = hub.store
  const runOf = (repo: Repository, c: Ctx): Run => {
    const run = runs.get(numberParam(c, 'id'))
    if (run?.repo !== repo.id) throw notFound()
    return run
  }

  const show = async (repo: Repository, run: Run) =>
    runShape(hub, repo, run, await readHeadCommit(repo.gitDir, run.headSha))

  async function list(c: Ctx, repo: Repository, wanted: (run: Run) => boolean) {
    const { event, status, branch, head_sha: sha, actor: login } = c.req.query()
    const rows = runs.filter(
      (run) =>
        run.repo === repo.id &&
        wanted(run) &&
        (!event || run.event === event) &&
        (!status || run.status === status || run.conclusion === status) &&
        (!branch || run.headBranch === branch) &&
        (!sha || run.headSha === sha) &&
        (!login || run.actor === login),
    )
    const shown = await Promise.all(page(c, rows.reverse()).map((run) => show(repo, run)))
    return c.json({ total_count: rows.length, workflow_runs: shown })
  }

  app.get('/repos/:owner/:repo/actions/runs', (c) => list(c, repoOf(hub, c, 'actions', 'read'), () => true))

  app.get('/repos/:owner/:repo/actions/workflows/:workflow/runs', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const workflow = await findWorkflow(hub, repo, c.req.param('workflow'))
    return list(c, repo, (run) => run.workflow === workflow.id)
  })

  app.get('/repos/:owner/:repo/actions/runs/:id', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(await show(repo, runOf(repo, c)))
  })

  app.get('/repos/:owner/:repo/actions/runs/:id/jobs', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(repo, c)
    const all = jobs.filter((row) => row.run === run.id)
    const newest = all.filter((row) => !all.some((other) => other.key === row.key && other.attempt > row.attempt))
    const rows = c.req.query('filter') === 'all' ? all : newest
    return c.json({ total_count: rows.length, jobs: page(c, rows).map((row) => jobShape(hub, repo, run, row)) })
  })

  app.get('/repos/:owner/:repo/actions/jobs/:id', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const job = jobs.get(numberParam(c, 'id'))
    if (job?.repo !== repo.id) throw notFound()
    return c.json(jobShape(hub, repo, runs.get(job.run)!, job))
  })

  // GitHub redirects to a store elsewhere; a client follows, or takes it as it comes.
  app.get('/repos/:owner/:repo/actions/jobs/:id/logs', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const job = jobs.get(numberParam(c, 'id'))
    if (job?.repo !== repo.id) throw notFound()
    return c.redirect(await saveBlob(hub, job.log, 'text/plain; charset=utf-8'), 302)
  })

  app.get('/repos/:owner/:repo/actions/runs/:id/logs', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const own = jobs.filter((row) => row.run === runOf(repo, c).id)
    const files = own.map(({ name, log }, index) => ({ name: `${index}_${name.replaceAll('/', '_')}.txt`, text: log }))
    return c.redirect(await saveBlob(hub, zipFiles(files), 'application/zip'), 302)
  })

  app.post('/repos/:owner/:repo/actions/runs/:id/cancel', (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    if (!scheduler.cancel(runOf(repo, c))) throw new ApiError(409, 'Cannot cancel a workflow run that is completed.')
    return c.json({}, 202)
  })

  for (const [path, redo] of [
    ['rerun', 'all'],
    ['rerun-failed-jobs', 'failed'],
  ] as const) {
    app.post(`/repos/:owner/:repo/actions/runs/:id/${path}`, async (c) => {
      const repo = repoOf(hub, c, 'actions', 'write')
      const run = runOf(repo, c)
      if (run.status !== 'completed' || run.message) throw new ApiError(403, 'This workflow run cannot be retried')
      await scheduler.rerun(run, actor(c.get('by')), redo)
      return c.json({}, 201)
    })
  }
}
