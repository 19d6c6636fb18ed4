import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { at, downloadArtifact, listArtifacts } from '@modelyard/github'
import { artifactName, type Kind, readRecord, type Statement } from '@modelyard/spec'
import { git } from './repository.ts'
import type { Person, World } from './world.ts'

export interface PullRequest {
  number: number
  head: string
}

export interface Run {
  id: number
  status: string
  conclusion: string | null
}

/** Pushes what Ada changed to a branch and opens a pull request from it; the clone is back on main afterwards. */
export async function openPullRequest({ ada, clone }: World, branch: string): Promise<PullRequest> {
  await git(clone, 'switch', '--quiet', '--create', branch)
  await git(clone, 'add', '--all')
  await git(clone, 'commit', '--quiet', '--message', branch)
  await git(clone, 'push', '--quiet', 'origin', branch)
  const { data } = await ada.github.octokit.rest.pulls.create({
    ...at(ada.github),
    head: branch,
    base: 'main',
    title: branch,
  })
  await git(clone, 'switch', '--quiet', 'main')
  return { number: data.number, head: data.head.sha }
}

/** Forks the repository as Mallory and opens a pull request from a branch of the fork with what `change` wrote there. */
export async function openForkPullRequest(
  { ada, mallory, local, folder }: World,
  branch: string,
  change: (fork: string) => Promise<void>,
): Promise<PullRequest> {
  const { octokit } = mallory.github
  const { data: made } = await octokit.rest.repos.createFork(at(mallory.github))
  const fork = join(folder, `fork-${branch}`)
  const address = `${local.url.replace('//', `//mallory:${mallory.token}@`)}/${made.full_name}.git`
  await git(folder, 'clone', '--quiet', address, fork)
  await git(fork, 'switch', '--quiet', '--create', branch)
  await change(fork)
  await git(fork, 'add', '--all')
  await git(fork, 'commit', '--quiet', '--message', branch)
  await git(fork, 'push', '--quiet', 'origin', branch)
  const { data } = await octokit.rest.pulls.create({
    ...at(ada.github),
    head: `mallory:${branch}`,
    base: 'main',
    title: branch,
  })
  await approveRuns(ada, data.head.sha)
  return { number: data.number, head: data.head.sha }
}

/** Lets start what GitHub keeps waiting for whom it does not know yet. */
export async function approveRuns({ github }: Person, sha: string): Promise<void> {
  const { rest } = github.octokit
  const waiting = { head_sha: sha, status: 'action_required' as const }
  const { data } = await rest.actions.listWorkflowRunsForRepo({ ...at(github), ...waiting })
  for (const { id } of data.workflow_runs) await rest.actions.approveWorkflowRun({ ...at(github), run_id: id })
}

/** Waits until the newest run of a workflow (on a commit) is over or waits for a reviewer. */
export async function waitForRun(
  { ada }: World,
  { workflow, sha, since = 0 }: { workflow: string; sha?: string; since?: number },
): Promise<Run> {
  const { octokit } = ada.github
  const end = Date.now() + 120_000
  while (Date.now() < end) {
    const { data } = await octokit.rest.actions.listWorkflowRunsForRepo({
      ...at(ada.github),
      ...(sha ? { head_sha: sha } : {}),
    })
    const run = data.workflow_runs.find(({ path, id }) => path.endsWith(`/${workflow}`) && id > since)
    if (run && (run.status === 'completed' || run.status === 'waiting'))
      return { id: run.id, status: run.status, conclusion: run.conclusion }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(`No run of ${workflow} ended within two minutes.`)
}

/** Starts a workflow as a person would with the button, and waits until it is over or waits for a reviewer. */
export async function dispatch(
  world: World,
  { workflow, ref = 'main', inputs = {} }: { workflow: string; ref?: string; inputs?: Record<string, string> },
): Promise<Run> {
  const { github } = world.ada
  const { data } = await github.octokit.rest.actions.listWorkflowRunsForRepo({ ...at(github), per_page: 1 })
  await github.octokit.rest.actions.createWorkflowDispatch({ ...at(github), workflow_id: workflow, ref, inputs })
  return waitForRun(world, { workflow, since: data.workflow_runs[0]?.id ?? 0 })
}

/** Lets the time of a workflow's schedule come, and waits until its run is over. */
export async function runSchedule(world: World, workflow: string): Promise<Run> {
  const id = await world.local.runSchedule(world.repository, workflow)
  return waitForRun(world, { workflow, since: id - 1 })
}

/** The jobs of a run by name, with their conclusions. */
export async function jobsOf({ github }: Person, run: Run): Promise<Record<string, string | null>> {
  const { data } = await github.octokit.rest.actions.listJobsForWorkflowRun({
    ...at(github),
    run_id: run.id,
    per_page: 100,
  })
  return Object.fromEntries(data.jobs.map(({ name, conclusion }) => [name, conclusion]))
}

/** The log of a run's job by name. */
export async function logOf({ github }: Person, run: Run, job: string): Promise<string> {
  const { data } = await github.octokit.rest.actions.listJobsForWorkflowRun({
    ...at(github),
    run_id: run.id,
    per_page: 100,
  })
  const found = data.jobs.find(({ name }) => name === job)
  if (!found) throw new Error(`The run has no job ${job}: ${data.jobs.map(({ name }) => name).join(', ')}`)
  const { data: text } = await github.octokit.rest.actions.downloadJobLogsForWorkflowRun({
    ...at(github),
    job_id: found.id,
  })
  return typeof text === 'string' ? text : Buffer.from(text as ArrayBuffer).toString('utf8')
}

/** The comments of a pull request, oldest first. */
export async function comments(
  { github }: Person,
  pull: PullRequest,
): Promise<Array<{ author: string; body: string }>> {
  const { data } = await github.octokit.rest.issues.listComments({
    ...at(github),
    issue_number: pull.number,
    per_page: 100,
  })
  return data.map(({ user, body }) => ({ author: user?.login ?? '', body: body ?? '' }))
}

/** The record of a kind that a run published for a model; undefined where it did not. */
export async function recordOf<K extends Kind>(
  { github }: Person,
  run: Run,
  kind: K,
  model: string,
): Promise<Statement<K> | undefined> {
  const [artifact] = await listArtifacts(github, { runId: run.id, name: artifactName(model, kind) })
  if (!artifact) return undefined
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-record-'))
  try {
    await downloadArtifact(github, { artifactId: artifact.id, folder })
    return readRecord(await readFile(join(folder, `${kind}.json`), 'utf8'), kind)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
