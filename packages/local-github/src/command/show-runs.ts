import type { Ask } from './client.ts'
import { jobTable, logText, mark, type Out } from './show.ts'

interface ListedRun {
  id: number
  name: string
  display_title: string
  event: string
  head_branch: string
  run_number: number
  conclusion: string | null
  status: string
}

interface ListedJob {
  id: number
  name: string
  conclusion: string | null
  status: string
  started_at: string
  completed_at: string | null
}

/** Prints the runs of a workflow with the logs of their failed jobs, or of all; 0 where all succeeded or were skipped. */
export async function showRuns(
  { ask, clone, workflow }: { ask: Ask; clone: { fullName: string }; workflow: { id: number; file: string } },
  logs: boolean,
  out: Out,
): Promise<number> {
  const actions = `/repos/${clone.fullName}/actions`
  const listed = await ask<{ workflow_runs: ListedRun[] }>('GET', `${actions}/workflows/${workflow.id}/runs`)
  const runs = listed.workflow_runs
  if (runs.length === 0) {
    out.write(`\nNothing ran: the filters of ${workflow.file} leave this event out.\n`)
    return 1
  }
  for (const run of runs) {
    const { jobs } = await ask<{ jobs: ListedJob[] }>('GET', `${actions}/runs/${run.id}/jobs?per_page=100`)
    for (const job of jobs.filter(({ conclusion }) => logs || conclusion === 'failure'))
      out.write(`\n── ${job.name} ──\n${logText(await ask<string>('GET', `${actions}/jobs/${job.id}/logs`))}\n`)
    out.write(`\n${heading(run)}\n`)
    if (jobs.length > 0) out.write(`${jobTable(jobs.map(shown))}\n`)
  }
  return runs.every(({ conclusion }) => conclusion === 'success' || conclusion === 'skipped') ? 0 : 1
}

function heading({ name, run_number, event, head_branch, conclusion, status }: ListedRun): string {
  const state = conclusion ?? status
  return `${mark(state)} ${name} #${run_number} on ${event} of ${head_branch}: ${state.replaceAll('_', ' ')}`
}

function shown({ name, conclusion, status, started_at, completed_at }: ListedJob) {
  const seconds = completed_at ? Math.round((Date.parse(completed_at) - Date.parse(started_at)) / 1000) : 0
  return { name, conclusion: conclusion ?? status, seconds }
}
