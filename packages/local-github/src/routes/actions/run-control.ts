import { type App, bodyOf, type Ctx, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { isAwaiting } from '../../scheduler/admission.ts'
import { jobsOfAttempt } from '../../scheduler/attempts.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { Run } from '../../store/entities.ts'
import { jobOf, runOf } from './find.ts'

/** For so long a run can be run again, so often. */
const RETRY_WITHIN = 30 * 24 * 3600 * 1000
const MOST_ATTEMPTS = 51

/** Runs are cancelled, run again and approved. */
export function addRunControlRoutes(app: App, hub: Hub, scheduler: Scheduler): void {
  const ownRun = (c: Ctx) => runOf(hub, repoOf(hub, c, 'actions', 'write'), c)

  for (const [path, force] of [
    ['cancel', false],
    ['force-cancel', true],
  ] as const) {
    app.post(`/repos/:owner/:repo/actions/runs/:run/${path}`, (c) => {
      if (!scheduler.cancel(ownRun(c), force)) {
        throw new ApiError(409, 'Cannot cancel a workflow run that is completed.')
      }
      return c.json({}, 202)
    })
  }

  async function rerun(c: Ctx, run: Run, redo: Run['redo']) {
    await bodyOf(c)
    if (Date.parse(run.createdAt) + RETRY_WITHIN < hub.clock.time().getTime())
      throw new ApiError(403, 'Unable to retry this workflow run because it was created over a month ago')
    if (run.message || run.attempt >= MOST_ATTEMPTS) throw new ApiError(403, 'This workflow run cannot be retried')
    await scheduler.rerun(run, actor(c.get('by')), redo)
    return c.json({}, 201)
  }

  app.post('/repos/:owner/:repo/actions/runs/:run/rerun', (c) => {
    const run = ownRun(c)
    if (run.status !== 'completed') throw new ApiError(403, 'This workflow is already running')
    return rerun(c, run, 'all')
  })

  app.post('/repos/:owner/:repo/actions/runs/:run/rerun-failed-jobs', (c) => {
    const run = ownRun(c)
    if (run.status !== 'completed') throw new ApiError(403, 'This workflow is already running')
    const isFailed = jobsOfAttempt(hub, run).some(({ conclusion }) => conclusion !== 'success')
    if (!isFailed) throw new ApiError(403, 'This workflow run cannot be retried')
    return rerun(c, run, 'failed')
  })

  app.post('/repos/:owner/:repo/actions/jobs/:job/rerun', (c) => {
    const job = jobOf(hub, repoOf(hub, c, 'actions', 'write'), c)
    const run = hub.store.runs.get(job.run)!
    if (run.status !== 'completed') throw new ApiError(403, 'The workflow run containing this job is already running')
    if (!jobsOfAttempt(hub, run).includes(job)) throw new ApiError(403, 'This job cannot be retried')
    return rerun(c, run, job.id)
  })

  // What a job's own token did waits as well, but only a re-run by somebody else lets it start.
  app.post('/repos/:owner/:repo/actions/runs/:run/approve', async (c) => {
    const run = ownRun(c)
    if (!run.fork) throw new ApiError(403, 'This run is not from a fork pull request')
    if (!isAwaiting(run)) throw new ApiError(403, 'This run does not need approval')
    await scheduler.approve(run)
    return c.json({}, 201)
  })
}
