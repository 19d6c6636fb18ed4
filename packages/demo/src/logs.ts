import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { LOGS } from './paths.ts'
import type { World } from './world.ts'

/** Saves the log of every job of every run, as `<run>-<workflow>-<job>.log`. */
export async function saveLogs({ ada: { github } }: World): Promise<void> {
  const { octokit } = github
  await mkdir(LOGS, { recursive: true })
  const runs = await octokit.paginate(octokit.rest.actions.listWorkflowRunsForRepo, { ...at(github), per_page: 100 })
  for (const { id, name } of runs) {
    const { data } = await octokit.rest.actions.listJobsForWorkflowRun({ ...at(github), run_id: id, per_page: 100 })
    for (const job of data.jobs) {
      if (job.conclusion === null || job.conclusion === 'skipped') continue
      const log = await octokit.rest.actions.downloadJobLogsForWorkflowRun({ ...at(github), job_id: job.id })
      const text = typeof log.data === 'string' ? log.data : Buffer.from(log.data as ArrayBuffer).toString('utf8')
      await writeFile(join(LOGS, `${id}-${name}-${job.name}.log`.replaceAll(/[^\w.-]+/g, '-')), text)
    }
  }
}
