import { readHeadCommit } from '../../git/commits.ts'
import { type App, type Ctx, page, repoOf } from '../../http/app.ts'
import { ApiError } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { deleteRun } from '../../scheduler/delete-run.ts'
import { runShape } from '../../shapes/runs.ts'
import type { Repository, Run } from '../../store/entities.ts'
import { createdWithin } from './created.ts'
import { attemptOf, runOf } from './find.ts'
import { findWorkflow } from './workflows.ts'

/** A search by any of these finds no more than the newest thousand. */
const SEARCHES = ['actor', 'branch', 'check_suite_id', 'created', 'event', 'head_sha', 'status']
const MOST_FOUND = 1000

export function addRunRoutes(app: App, hub: Hub): void {
  const { runs } = hub.store

  async function show(c: Ctx, repo: Repository, run: Run) {
    const shape = runShape(hub, repo, run, await readHeadCommit(repo.gitDir, run.headSha))
    return c.req.query('exclude_pull_requests') === 'true' ? { ...shape, pull_requests: [] } : shape
  }

  async function list(c: Ctx, repo: Repository, wanted: (run: Run) => boolean) {
    const { event, status, branch, head_sha: sha, actor: login, check_suite_id: suite, created } = c.req.query()
    const isWithin = createdWithin(created)
    const rows = runs.filter(
      (run) =>
        run.repo === repo.id &&
        wanted(run) &&
        (!event || run.event === event) &&
        (!status || run.status === status || run.conclusion === status) &&
        (!branch || run.headBranch === branch) &&
        (!sha || run.headSha === sha) &&
        (!login || run.actor === login) &&
        (!suite || String(run.id) === suite) &&
        isWithin(run.createdAt),
    )
    const isSearch = SEARCHES.some((name) => c.req.query(name) !== undefined)
    const found = rows.reverse().slice(0, isSearch ? MOST_FOUND : rows.length)
    const shown = await Promise.all(page(c, found).map((run) => show(c, repo, run)))
    return c.json({ total_count: rows.length, workflow_runs: shown })
  }

  app.get('/repos/:owner/:repo/actions/runs', (c) => list(c, repoOf(hub, c, 'actions', 'read'), () => true))

  app.get('/repos/:owner/:repo/actions/workflows/:workflow/runs', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const workflow = await findWorkflow(hub, repo, c.req.param('workflow'))
    return list(c, repo, (run) => run.workflow === workflow.id)
  })

  app.get('/repos/:owner/:repo/actions/runs/:run', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(await show(c, repo, runOf(hub, repo, c)))
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/attempts/:attempt', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = runOf(hub, repo, c)
    return c.json(await show(c, repo, { ...run, ...attemptOf(run, c) }))
  })

  app.delete('/repos/:owner/:repo/actions/runs/:run', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    const run = runOf(hub, repo, c)
    if (run.status !== 'completed') throw new ApiError(403, 'Could not delete the workflow run')
    await deleteRun(hub, run)
    return c.body(null, 204)
  })
}
