import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, relative, resolve } from 'node:path'
import { parseWorkflowFile, type WorkflowFile } from '../scheduler/workflow-file.ts'
import type { LocalGitHub } from '../server.ts'
import { type Ask, createClient } from './client.ts'
import { type Clone, findClone, git, snapshot } from './clone.ts'
import { Mistake } from './mistake.ts'
import { eventLine, type Out } from './show.ts'
import { showRuns } from './show-runs.ts'
import { pair, type Settings, secret, start } from './start.ts'

export interface RunOptions extends Settings {
  /** The workflow: its path, or its name in .github/workflows. */
  file?: string | undefined
  /** What starts it; the first of EVENTS that the workflow has when missing. */
  event?: string | undefined
  /** The branch that is pushed or dispatched, that of the clone when missing; of a pull request its base, or main. */
  ref?: string | undefined
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
 * the exit code: 0 where every run succeeded or was skipped, 130 where it ended before, else 1.
 */
export async function run(folder: string, options: RunOptions, out: Out, ended: Promise<void>): Promise<number> {
  const clone = await findClone(folder)
  const { path, workflow } = await readWorkflow(clone, folder, options.file)
  const event = chooseEvent(workflow, path, options.event)
  await demandBranch(clone, options.ref)
  const root = await mkdtemp(join(tmpdir(), 'local-github-'))
  try {
    const github = await start(folder, options, { root, log: (event) => out.write(`${eventLine(event)}\n`) })
    try {
      const host = await hostClone(github, clone, path, options)
      await STARTERS[event](host, options)
      const isDone = await Promise.race([github.idle().then(() => true), ended.then(() => false)])
      return isDone ? await showRuns(host, options.logs, out) : 130
    } finally {
      await github.close()
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}

const FOLDER = '.github/workflows'

async function readWorkflow({ root }: Clone, folder: string, file: string | undefined) {
  const files = await readdir(join(root, FOLDER)).catch(() => [])
  const known = files
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `${FOLDER}/${name}`)
  const there = known.length > 0 ? `there is ${known.join(', ')}` : `${FOLDER} has none yet`
  if (file === undefined) throw new Mistake(`run needs a workflow file: ${there}.`)
  const given = relative(root, resolve(await realpath(folder), file))
  const path = known.find((each) => each === given) ?? known.find((each) => each === `${FOLDER}/${file}`)
  if (!path) throw new Mistake(`${file} is no workflow file of this clone: ${there}.`)
  const parsed = await parseWorkflowFile(path, await readFile(join(root, path), 'utf8'))
  if (!parsed.ok) throw new Mistake(`GitHub would not take ${path}: ${parsed.message}`)
  return { path, workflow: parsed.workflow }
}

async function demandBranch({ root }: Clone, name: string | undefined): Promise<void> {
  if (name === undefined) return
  await git(root, ['check-ref-format', `refs/heads/${name}`]).catch((cause) => {
    throw new Mistake(`--ref ${JSON.stringify(name)} is no name of a branch.`, { cause })
  })
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
  for (const given of options.secrets) give('--secret', () => github.setSecret(clone.fullName, ...secret(given)))
  for (const given of options.variables)
    give('--variable', () => github.setVariable(clone.fullName, ...pair(given, '--variable', 'NAME=value')))
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

/** What the server refuses of an option is the caller's mistake. */
function give(option: string, set: () => void): void {
  try {
    set()
  } catch (cause) {
    throw cause instanceof Mistake ? cause : new Mistake(`${option}: ${(cause as Error).message}`, { cause })
  }
}

const STARTERS: Record<Event, (host: Host, options: RunOptions) => Promise<unknown>> = {
  workflow_dispatch: async ({ github, ask, clone, sha, workflow }, { inputs, ref = clone.branch }) => {
    await setBranch(github, clone, ref, sha)
    return ask('POST', `/repos/${clone.fullName}/actions/workflows/${workflow.id}/dispatches`, {
      ref,
      inputs: named(inputs),
    })
  },
  repository_dispatch: ({ ask, clone }, { inputs }) => {
    const { event_type = 'local', ...client_payload } = named(inputs)
    return ask('POST', `/repos/${clone.fullName}/dispatches`, { event_type, client_payload })
  },
  schedule: ({ github, clone, workflow }) => github.runSchedule(clone.fullName, workflow.file),
  push: async (host, { ref = host.clone.branch }) => {
    const parent = await git(host.clone.root, ['rev-parse', 'HEAD'])
    for (const branch of new Set(['main', ref])) await setBranch(host.github, host.clone, branch, parent)
    await pushSnapshot(host, ref)
  },
  pull_request: async (host, { ref: base = 'main' }) => {
    const { github, clone, ask } = host
    const parent = await git(clone.root, ['rev-parse', 'HEAD'])
    for (const branch of new Set(['main', base])) await setBranch(github, clone, branch, parent)
    const head = ['main', base].includes(clone.branch) ? 'working-tree' : clone.branch
    await pushSnapshot(host, head)
    await ask('POST', `/repos/${clone.fullName}/pulls`, { title: 'The files as they are', head, base })
  },
}

/** Beside the server, so that nothing starts. */
function setBranch(github: LocalGitHub, { fullName }: Clone, branch: string, sha: string): Promise<string> {
  return git(github.findRepository(fullName)!.gitDir, ['update-ref', `refs/heads/${branch}`, sha])
}

/** Over HTTP, as a person pushes: the commit is here already. */
function pushSnapshot({ github, clone, remote, sha }: Host, branch: string): Promise<string> {
  const { gitDir } = github.findRepository(clone.fullName)!
  return git(gitDir, ['push', '--quiet', remote, `${sha}:refs/heads/${branch}`])
}

const named = (pairs: string[]) => Object.fromEntries(pairs.map((given) => pair(given, '--input', 'name=value')))
