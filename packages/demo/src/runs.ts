import { at } from '@modelyard/github'
import { eventually } from './look.ts'
import { MODEL, type Person, REPOSITORY, type World } from './world.ts'

/** A workflow run, as the API shows it. */
export interface Run {
  id: number
  status: string
  conclusion: string | null
  url: string
}

/** Waits until the run of a workflow on a commit is over, or waits for a reviewer; answers with it. */
export async function waitForRun(
  world: World,
  { workflow, sha, event, since = 0 }: { workflow: string; sha?: string; event: string; since?: number },
): Promise<Run> {
  const { octokit } = world.ada.github
  const found = await eventually(`A run of ${workflow}`, 20, async () => {
    const { data } = await octokit.rest.actions.listWorkflowRunsForRepo({
      ...at(world.ada.github),
      event,
      ...(sha ? { head_sha: sha } : {}),
    })
    return data.workflow_runs.find((run) => run.path.endsWith(`/${workflow}`) && run.id > since)
  })
  return eventually(`The run of ${workflow}`, 300, async () => {
    const { data: run } = await octokit.rest.actions.getWorkflowRun({ ...at(world.ada.github), run_id: found.id })
    if (run.status !== 'completed' && run.status !== 'waiting') return undefined
    return { id: run.id, status: run.status, conclusion: run.conclusion, url: run.html_url }
  })
}

/** The newest run of any workflow: what comes after it is new. */
export async function newestRun(person: Person): Promise<number> {
  const { data } = await person.github.octokit.rest.actions.listWorkflowRunsForRepo({
    ...at(person.github),
    per_page: 1,
  })
  return data.workflow_runs[0]?.id ?? 0
}

/** The jobs of a run by name, with their conclusions. */
export async function jobsOf(person: Person, run: Run): Promise<Record<string, string | null>> {
  const { data } = await person.github.octokit.rest.actions.listJobsForWorkflowRun({
    ...at(person.github),
    run_id: run.id,
    per_page: 100,
  })
  return Object.fromEntries(data.jobs.map(({ name, conclusion }) => [name, conclusion]))
}

/** Lets the time of the daily check for drift come, and waits until it is over. */
export async function checkDrift(world: World): Promise<Run> {
  const id = await world.local.runSchedule(REPOSITORY, 'drift.yml')
  return waitForRun(world, { workflow: 'drift.yml', event: 'schedule', since: id - 1 })
}

/** Starts `rollback` with one click, and waits until it is over. */
export async function rollBack(world: World): Promise<Run> {
  const since = await newestRun(world.ada)
  await world.rita.github.octokit.rest.actions.createWorkflowDispatch({
    ...at(world.rita.github),
    workflow_id: 'rollback.yml',
    ref: 'main',
    inputs: { model: MODEL },
  })
  return waitForRun(world, { workflow: 'rollback.yml', event: 'workflow_dispatch', since })
}

/** Starts `promote` as a person would with the button, and waits until it is over or waits for a reviewer. */
export async function promote(world: World, stage: string, version: string): Promise<Run> {
  const since = await newestRun(world.ada)
  await world.ada.github.octokit.rest.actions.createWorkflowDispatch({
    ...at(world.ada.github),
    workflow_id: 'promote.yml',
    ref: 'main',
    inputs: { model: 'model.yaml', version, stage },
  })
  return waitForRun(world, { workflow: 'promote.yml', event: 'workflow_dispatch', since })
}
