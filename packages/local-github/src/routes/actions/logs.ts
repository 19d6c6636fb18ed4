import { type App, type Ctx, repoOf } from '../../http/app.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { jobsOfAttempt } from '../../scheduler/attempts.ts'
import { zipFiles } from '../../services/zip.ts'
import { blobUrl, saveBlob } from '../../store/blobs.ts'
import type { PastAttempt, Run } from '../../store/entities.ts'
import { attemptOf, jobOf, runOf } from './find.ts'

/** GitHub cuts the names of the files in an archive of logs. */
const LONGEST_NAME = 90

/** Logs lie in a store elsewhere: the API redirects there, once a job, or a run, has ended. */
export function addLogRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/actions/jobs/:job/logs', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const job = jobOf(hub, repo, c)
    if (job.status !== 'completed' || hub.store.runs.get(job.run)!.logsDeleted) throw notFound()
    const file = await saveBlob(hub, job.log, 'text/plain; charset=utf-8')
    return c.redirect(blobUrl(hub, file, 'r', 1), 302)
  })

  async function archive(c: Ctx, run: Run, attempt: PastAttempt) {
    if (attempt.status !== 'completed' || run.logsDeleted) throw notFound()
    const files = jobsOfAttempt(hub, run, attempt).map(({ name, log }, index) => ({
      name: `${index}_${name.replace(/[\\/:*?"<>|]/g, '').slice(0, LONGEST_NAME)}.txt`,
      text: log,
    }))
    const file = await saveBlob(hub, zipFiles(files), 'application/zip')
    return c.redirect(blobUrl(hub, file, 'r', 1), 302)
  }

  app.get('/repos/:owner/:repo/actions/runs/:run/logs', (c) => {
    const run = runOf(hub, repoOf(hub, c, 'actions', 'read'), c)
    return archive(c, run, run)
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/attempts/:attempt/logs', (c) => {
    const run = runOf(hub, repoOf(hub, c, 'actions', 'read'), c)
    return archive(c, run, attemptOf(run, c))
  })

  app.delete('/repos/:owner/:repo/actions/runs/:run/logs', (c) => {
    const run = runOf(hub, repoOf(hub, c, 'actions', 'write'), c)
    if (run.status !== 'completed') throw new ApiError(403, 'Could not delete the logs of a workflow run in progress')
    hub.store.runs.update(run, { logsDeleted: true })
    for (const { id } of hub.store.jobs.filter((row) => row.run === run.id))
      hub.store.jobs.update(hub.store.jobs.get(id)!, { log: '' })
    return c.body(null, 204)
  })
}
