import { readFileSync } from 'node:fs'
import type { AnsweredRun, RunFacts } from '@modelyard/steps'

/** The parts of an event's payload that we read. */
interface Payload {
  repository?: { default_branch?: string }
  pull_request?: PullRequest
  workflow_run?: WorkflowRun
}

interface PullRequest {
  number: number
  head: { sha: string; repo: { full_name: string } | null }
  base?: { ref: string }
}

interface WorkflowRun {
  id: number
  html_url: string
  event: string
  head_sha: string
  head_branch: string | null
  head_repository: { full_name: string } | null
}

/** What GitHub says about this run, from the environment of a step. Pure but for the event file that it reads. */
export function readRunFacts(env: NodeJS.ProcessEnv): RunFacts {
  const payload = readPayload(env.GITHUB_EVENT_PATH)
  const repository = env.GITHUB_REPOSITORY
  const facts = {
    server: env.GITHUB_SERVER_URL,
    repository,
    commit: env.GITHUB_SHA,
    event: env.GITHUB_EVENT_NAME,
    tag: /^refs\/tags\/(.+)$/.exec(env.GITHUB_REF ?? '')?.[1],
    actor: env.GITHUB_ACTOR,
    id: env.GITHUB_RUN_ID,
    attempt: env.GITHUB_RUN_ATTEMPT ? Number(env.GITHUB_RUN_ATTEMPT) : undefined,
    url: env.GITHUB_RUN_ID ? `${env.GITHUB_SERVER_URL}/${repository}/actions/runs/${env.GITHUB_RUN_ID}` : undefined,
    base: baseOf(env, payload),
    pullRequest: pullRequest(payload.pull_request, repository),
    answers: payload.workflow_run && answered(payload.workflow_run),
    selfHosted: env.RUNNER_ENVIRONMENT === 'self-hosted',
    trusted: isTrusted(env, payload),
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as RunFacts
}

function readPayload(path: string | undefined): Payload {
  return path ? (JSON.parse(readFileSync(path, 'utf8')) as Payload) : {}
}

function pullRequest(pull: PullRequest | undefined, repository: string | undefined): RunFacts['pullRequest'] {
  if (!pull) return undefined
  return { number: pull.number, head: pull.head.sha, fork: pull.head.repo?.full_name !== repository }
}

function baseOf({ GITHUB_REF: ref = '' }: NodeJS.ProcessEnv, payload: Payload): string | undefined {
  if (payload.pull_request) return payload.pull_request.base?.ref
  const branch = payload.repository?.default_branch
  return ref.startsWith('refs/heads/') && ref !== `refs/heads/${branch}` ? branch : undefined
}

function answered(run: WorkflowRun): AnsweredRun {
  return {
    id: String(run.id),
    url: run.html_url,
    event: run.event,
    head: run.head_sha,
    branch: run.head_branch,
    headRepository: run.head_repository?.full_name ?? null,
  }
}

/** A run on the default branch that no pull request's code can have started. */
function isTrusted(env: NodeJS.ProcessEnv, payload: Payload): boolean {
  const event = env.GITHUB_EVENT_NAME ?? ''
  const branch = payload.repository?.default_branch
  return (
    ['push', 'workflow_dispatch', 'schedule', 'repository_dispatch'].includes(event) &&
    branch !== undefined &&
    env.GITHUB_REF === `refs/heads/${branch}`
  )
}
