import { git, showFile } from '../git/git.ts'
import { namesIn } from '../git/objects.ts'
import type { Hub } from '../hub.ts'
import type { Repository, Run, Workflow } from '../store/entities.ts'
import { githubContext } from './contexts.ts'
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
  const names = await namesIn(repo.gitDir, sha, FOLDER)
  const paths = names.filter((name) => /\.ya?ml$/.test(name)).map((name) => `${FOLDER}/${name}`)
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
  return hub.store.workflows.insert({ repo: repo.id, path, name, state: 'active', createdAt: at, updatedAt: at })
}

/** A queued run; one whose file does not parse has failed already, with the parser's words. */
export async function createRun(hub: Hub, event: GitHubEvent, found: FoundWorkflow): Promise<Run> {
  const { repo, by } = event
  const workflow = workflowRow(hub, repo, found)
  const number = hub.store.runs.filter((row) => row.workflow === workflow.id).length + 1
  const login = event.actor ?? (by.kind === 'anonymous' ? repo.owner : by.login)
  const message = found.parsed.ok ? null : found.parsed.message
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
    status: message ? 'completed' : 'queued',
    conclusion: message ? 'failure' : null,
    message,
    cancelled: false,
    kept: [],
    pastAttempts: [],
    logsDeleted: false,
    fork: event.headRepo !== undefined && event.headRepo !== repo.id,
    createdAt: hub.clock.now(),
    startedAt: hub.clock.now(),
    updatedAt: hub.clock.now(),
  })
  const runName = found.parsed.ok ? found.parsed.workflow.raw['run-name'] : undefined
  if (runName) {
    const contexts = { github: githubContext(hub, run), inputs: run.inputs, vars: {} }
    hub.store.runs.update(run, { title: String(evaluateTemplate(String(runName), contexts)) || run.title })
  }
  return run
}

async function defaultTitle({ name, repo, payload, headSha, workflow }: GitHubEvent): Promise<string> {
  if (name === 'pull_request') return String((payload.pull_request as { title: string }).title)
  if (name === 'push') return git(repo.gitDir, ['show', '-s', '--format=%s', headSha])
  if (name === 'release') return String((payload.release as { name: string | null; tag_name: string }).name ?? '')
  return workflow ?? name
}
