import { readCommit, subjectOf } from '../git/commits.ts'
import { showFile } from '../git/git.ts'
import { listFolder } from '../git/tree.ts'
import type { Hub } from '../hub.ts'
import type { Repository, Run, Workflow } from '../store/entities.ts'
import { CallError, type CalledFiles } from './called-files.ts'
import { githubContext, visibleVariables } from './contexts.ts'
import { type GitHubEvent, payloadOf } from './events.ts'
import { evaluateTemplate } from './expressions.ts'
import { type ParsedWorkflow, parseWorkflowFile } from './workflow-file.ts'

const FOLDER = '.github/workflows'

export interface FoundWorkflow {
  path: string
  text: string
  parsed: ParsedWorkflow
}

/** The workflow files of a commit. */
export async function findWorkflows(repo: Repository, sha: string): Promise<FoundWorkflow[]> {
  const entries = await listFolder(repo.gitDir, sha, FOLDER)
  const paths = entries.map(({ path }) => path).filter((path) => /\.ya?ml$/.test(path))
  return Promise.all(
    paths.map(async (path) => {
      const text = (await showFile(repo.gitDir, sha, path)) ?? ''
      return { path, text, parsed: await parseWorkflowFile(path, text) }
    }),
  )
}

/** The row of a workflow file, made when the file is first seen. */
export function workflowRow(hub: Hub, repo: Repository, { path, parsed }: FoundWorkflow): Workflow {
  const name = parsed.ok ? parsed.workflow.name : parsed.name
  const known = hub.store.workflows.find((row) => row.repo === repo.id && row.path === path)
  if (known) return known.name === name ? known : hub.store.workflows.update(known, { name })
  const at = hub.clock.now()
  // Somebody has to ask for the schedules of a fork.
  const isForked = repo.parent !== undefined && parsed.ok && 'schedule' in parsed.workflow.events
  const state = isForked ? 'disabled_fork' : 'active'
  return hub.store.workflows.insert({ repo: repo.id, path, name, state, createdAt: at, updatedAt: at })
}

/** A queued run; one whose file does not parse, or calls what it cannot, has failed already, with GitHub's words. */
export async function createRun(
  hub: Hub,
  event: GitHubEvent,
  found: FoundWorkflow,
  called: CalledFiles | CallError = new Map(),
): Promise<Run> {
  const { repo, by } = event
  const workflow = workflowRow(hub, repo, found)
  const number = hub.store.runs.filter((row) => row.workflow === workflow.id).length + 1
  const login = event.actor ?? (by.kind === 'anonymous' ? repo.owner : by.login)
  const isCallable = !(called instanceof CallError)
  const message = !found.parsed.ok
    ? found.parsed.message
    : isCallable
      ? null
      : `Invalid workflow file: ${called.message}`
  const run = hub.store.runs.insert({
    repo: repo.id,
    workflow: workflow.id,
    name: workflow.name,
    title: await defaultTitle(event),
    number,
    attempt: 1,
    event: event.name,
    payload: payloadOf(hub, event),
    sha: event.sha,
    ref: event.ref,
    headSha: event.headSha,
    headBranch: event.headBranch,
    headRepo: event.headRepo ?? repo.id,
    baseRef: event.baseRef ?? '',
    pulls: event.pulls ?? [],
    actor: login,
    triggeringActor: login,
    inputs: event.inputs ?? {},
    source: found.text,
    ...(isCallable && called.size > 0 ? { called: [...called.values()].map(({ file }) => file) } : {}),
    status: message ? 'completed' : 'queued',
    conclusion: !found.parsed.ok ? 'failure' : isCallable ? null : 'startup_failure',
    message,
    cancelled: false,
    redo: 'all',
    kept: [],
    pastAttempts: [],
    logsDeleted: false,
    fork: isForks(event),
    createdAt: hub.clock.now(),
    startedAt: hub.clock.now(),
    updatedAt: hub.clock.now(),
  })
  const runName = found.parsed.ok ? found.parsed.workflow.raw['run-name'] : undefined
  if (runName) {
    const contexts = { github: githubContext(hub, run), inputs: run.inputs, vars: visibleVariables(hub, run) }
    hub.store.runs.update(run, { title: String(evaluateTemplate(String(runName), contexts)) || run.title })
  }
  return run
}

/** What runs the code of another repository's pull request may only read; `pull_request_target` runs the base's. */
function isForks({ name, headRepo, repo }: GitHubEvent): boolean {
  return headRepo !== undefined && headRepo !== repo.id && name !== 'pull_request_target'
}

/** What the head commit of an event says. */
export async function messageOf({ repo, headSha }: GitHubEvent): Promise<string> {
  return (await readCommit(repo.gitDir, headSha)).message
}

async function defaultTitle({ name, repo, payload, headSha, workflow }: GitHubEvent): Promise<string> {
  if (name === 'pull_request') return String((payload.pull_request as { title: string }).title)
  if (name === 'push') return subjectOf((await readCommit(repo.gitDir, headSha)).message)
  if (name === 'release') return String((payload.release as { name: string | null; tag_name: string }).name ?? '')
  return workflow ?? name
}
