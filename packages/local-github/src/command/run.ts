import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { parseWorkflowFile, type WorkflowFile } from '../scheduler/workflow-file.ts'
import type { LocalGitHub } from '../server.ts'
import { type Ask, createClient } from './client.ts'
import { type Clone, findClone, git, snapshot } from './clone.ts'
import { Mistake } from './mistake.ts'
import { eventLine, jobTable, logText, type Out } from './show.ts'
import { pair, type Settings, start } from './start.ts'

export interface RunOptions extends Settings {
  /** What starts it; the first of EVENTS that the workflow has when missing. */
  event?: string | undefined
  /** `name=value` for each input of a dispatch. */
  inputs: string[]
  secrets: string[]
  variables: string[]
  /** Print the logs of all jobs, not of the failed ones alone. */
  logs: boolean
}

const ME = 'me'
const EVENTS = ['workflow_dispatch', 'push', 'pull_request', 'schedule', 'repository_dispatch'] as const
type Event = (typeof EVENTS)[number]

/** A GitHub of one run: it hosts the clone for as long as that takes. */
interface Host {
  github: LocalGitHub
  ask: Ask
  clone: Clone
  /** The commit of the files as they lie in the clone. */
  sha: string
  remote: string
  workflow: { id: number; file: string }
}

/**
 * Runs one workflow file on the files of the clone as they lie there, on a GitHub that is gone afterwards. Answers with
 * the exit code: 0 where every run succeeded or was skipped, else 1.
 */
export async function run(folder: string, file: string, options: RunOptions, out: Out): Promise<number> {
  const clone = await findClone(folder)
  const path = relative(clone.root, resolve(folder, file))
  const event = chooseEvent(await readWorkflow(clone, path), path, options.event)
  const root = await mkdtemp(join(tmpdir(), 'local-github-'))
  try {
    const github = await start(options, { root, log: (event) => out.write(`${eventLine(event)}\n`) })
    try {
      const host = await hostClone(github, clone, path, options)
      await STARTERS[event](host, options)
      await github.idle()
      return await showRuns(host, options, out)
    } finally {
      await github.close()
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

async function readWorkflow({ root }: Clone, path: string): Promise<WorkflowFile> {
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path))
    throw new Mistake(`${path} is no workflow file: name one in .github/workflows of this clone.`)
  const text = await readFile(join(root, path), 'utf8').catch((cause) => {
    throw new Mistake(`${path} cannot be read: ${(cause as Error).message}.`, { cause })
  })
  const parsed = await parseWorkflowFile(path, text)
  if (!parsed.ok) throw new Mistake(`GitHub would not take ${path}: ${parsed.message}`)
  return parsed.workflow
}

function chooseEvent({ events }: WorkflowFile, path: string, wanted: string | undefined): Event {
  const startable = EVENTS.filter((event) => event in events)
  const event = wanted === undefined ? startable[0] : startable.find((each) => each === wanted)
  if (event) return event
  const known =
    startable.length > 0 ? `it can be started by ${startable.join(', ')}` : `give it one of ${EVENTS.join(', ')}`
  throw new Mistake(`${path} does not run on ${wanted ?? 'what can be started here'}: ${known}.`)
}

/** The clone's last commit is the default branch; its other workflows are switched off. */
async function hostClone(github: LocalGitHub, clone: Clone, path: string, options: RunOptions): Promise<Host> {
  const { token } = await github.createUser(ME)
  const { cloneUrl, gitDir } = await github.createRepository(clone.fullName, { owner: ME })
  for (const given of options.secrets) github.setSecret(clone.fullName, ...pair(given, '--secret', 'NAME=value'))
  for (const given of options.variables) github.setVariable(clone.fullName, ...pair(given, '--variable', 'NAME=value'))
  const sha = await snapshot(clone, gitDir, 'The files as they are')
  // Beside the server, so that nothing starts: the workflows are known from the snapshot on.
  await git(clone.root, ['push', '--quiet', gitDir, 'HEAD:refs/heads/main'])
  await git(gitDir, ['update-ref', 'refs/heads/main', sha])
  const ask = createClient(github, token)
  const actions = `/repos/${clone.fullName}/actions`
  const { workflows } = await ask<{ workflows: Array<{ id: number; path: string }> }>(
    'GET',
    `${actions}/workflows?per_page=100`,
  )
  for (const other of workflows.filter((each) => each.path !== path))
    await ask('PUT', `${actions}/workflows/${other.id}/disable`)
  const workflow = workflows.find((each) => each.path === path)
  if (!workflow) throw new Mistake(`git ignores ${path}, so that GitHub would never see it.`)
  const remote = cloneUrl.replace('://', `://${ME}:${token}@`)
  return { github, ask, clone, sha, remote, workflow: { id: workflow.id, file: basename(path) } }
}

const STARTERS: Record<Event, (host: Host, options: RunOptions) => Promise<unknown>> = {
  workflow_dispatch: ({ ask, clone, workflow }, { inputs }) =>
    ask('POST', `/repos/${clone.fullName}/actions/workflows/${workflow.id}/dispatches`, {
      ref: 'main',
      inputs: named(inputs),
    }),
  repository_dispatch: ({ ask, clone }, { inputs }) => {
    const { event_type = 'local', ...client_payload } = named(inputs)
    return ask('POST', `/repos/${clone.fullName}/dispatches`, { event_type, client_payload })
  },
  schedule: ({ github, clone, workflow }) => github.runSchedule(clone.fullName, workflow.file),
  push: async (host) => {
    const parent = await git(host.clone.root, ['rev-parse', 'HEAD'])
    const { gitDir } = host.github.findRepository(host.clone.fullName)!
    await git(gitDir, ['update-ref', 'refs/heads/main', parent])
    await pushSnapshot(host, 'main')
  },
  pull_request: async (host) => {
    const { gitDir } = host.github.findRepository(host.clone.fullName)!
    await git(gitDir, ['update-ref', 'refs/heads/main', await git(host.clone.root, ['rev-parse', 'HEAD'])])
    await pushSnapshot(host, 'working-tree')
    const body = { title: 'The files as they are', head: 'working-tree', base: 'main' }
    await host.ask('POST', `/repos/${host.clone.fullName}/pulls`, body)
  },
}

/** Over HTTP, as a person pushes: the commit is here already. */
function pushSnapshot({ github, clone, remote, sha }: Host, branch: string): Promise<string> {
  const { gitDir } = github.findRepository(clone.fullName)!
  return git(gitDir, ['push', '--quiet', remote, `${sha}:refs/heads/${branch}`])
}

const named = (pairs: string[]) => Object.fromEntries(pairs.map((given) => pair(given, '--input', 'name=value')))

interface ListedJob {
  id: number
  name: string
  conclusion: string | null
  status: string
  started_at: string
  completed_at: string | null
}

async function showRuns({ ask, clone, workflow }: Host, { logs }: RunOptions, out: Out): Promise<number> {
  const actions = `/repos/${clone.fullName}/actions`
  const { workflow_runs: runs } = await ask<{ workflow_runs: Array<{ id: number; conclusion: string | null }> }>(
    'GET',
    `${actions}/workflows/${workflow.id}/runs`,
  )
  if (runs.length === 0) {
    out.write(`\nNothing ran: the filters of ${workflow.file} leave this event out.\n`)
    return 1
  }
  for (const { id } of runs) {
    const { jobs } = await ask<{ jobs: ListedJob[] }>('GET', `${actions}/runs/${id}/jobs?per_page=100`)
    for (const job of jobs.filter(({ conclusion }) => logs || conclusion === 'failure'))
      out.write(`\n── ${job.name} ──\n${logText(await ask<string>('GET', `${actions}/jobs/${job.id}/logs`))}\n`)
    out.write(`\n${jobTable(jobs.map(shown))}\n`)
  }
  return runs.every(({ conclusion }) => conclusion === 'success' || conclusion === 'skipped') ? 0 : 1
}

function shown({ name, conclusion, status, started_at, completed_at }: ListedJob) {
  const seconds = completed_at ? Math.round((Date.parse(completed_at) - Date.parse(started_at)) / 1000) : 0
  return { name, conclusion: conclusion ?? status, seconds }
}
