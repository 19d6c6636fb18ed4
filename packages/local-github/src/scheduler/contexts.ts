import type { Hub } from '../hub.ts'
import { nodeId } from '../shapes/common.ts'
import { actionsSettings } from '../store/actions-settings.ts'
import type { CalledFile, Job, Run } from '../store/entities.ts'
import { isOf, secretsFor, variablesFor } from '../store/settings.ts'
import type { Contexts } from './expressions.ts'
import type { LiveJob, LiveRun, Scope } from './live-run.ts'

/** The `github` context, without `token` and what only a running step has. */
export function githubContext(hub: Hub, run: Run): Record<string, unknown> {
  const repo = hub.store.repositories.get(run.repo)!
  const name = `${repo.owner}/${repo.name}`
  const workflow = hub.store.workflows.get(run.workflow)!
  const id = (login: string) => String(hub.store.users.find((user) => user.login === login)?.id ?? '')
  return {
    event_name: run.event,
    event: run.payload,
    sha: run.sha,
    ref: run.ref,
    ref_name: run.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: run.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: run.pulls.length && run.event.startsWith('pull_request') ? (run.headBranch ?? '') : '',
    base_ref: run.baseRef,
    actor: run.actor,
    actor_id: id(run.actor),
    triggering_actor: run.triggeringActor,
    repository: name,
    repository_id: String(repo.id),
    repository_node_id: nodeId('Repository', repo.id),
    repository_owner: repo.owner,
    repository_owner_id: id(repo.owner),
    repository_visibility: repo.private ? 'private' : 'public',
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    workflow: run.name,
    workflow_ref: `${name}/${workflow.path}@${run.ref}`,
    workflow_sha: run.sha,
    server_url: 'https://github.com',
    api_url: hub.urls.api,
    graphql_url: `${hub.urls.api}/graphql`,
    retention_days: String(actionsSettings(hub.store, run.repo).retention_days),
  }
}

/** What a job's expressions may use before it runs. */
export function jobContexts(
  hub: Hub,
  { run }: LiveRun,
  { scope }: LiveJob,
  own: { needs: Contexts; matrix?: Record<string, unknown> | null; strategy?: Record<string, unknown> },
): Contexts {
  return {
    github: githubContext(hub, run),
    inputs: scope.inputs,
    vars: visibleVariables(hub, run),
    needs: own.needs,
    matrix: own.matrix ?? null,
    strategy: own.strategy ?? {},
  }
}

/** `vars`, with the environment's once a job has one. A fork's pull request sees none. */
export function visibleVariables(hub: Hub, run: Run, environment?: string | null): Record<string, string> {
  if (run.fork) return {}
  return variablesFor(hub.store, hub.store.repositories.get(run.repo)!, environment ?? undefined)
}

/** The secrets of a workflow file beside GITHUB_TOKEN: the repository's, or what the caller passed. A fork has none. */
export function scopeSecrets(hub: Hub, { run }: LiveRun, { call }: Scope): Record<string, string> {
  if (run.fork) return {}
  return call?.secrets ?? secretsFor(hub.store, hub.store.repositories.get(run.repo)!)
}

/** The same for one job of it: its environment's secrets go before all others, also in a called workflow. */
export function jobSecrets(hub: Hub, live: LiveRun, job: LiveJob, environment: string | null): Record<string, string> {
  const given = scopeSecrets(hub, live, job.scope)
  if (live.run.fork || environment === null) return given
  const own = hub.store.secrets.filter(isOf({ repo: live.run.repo, environment }))
  return { ...given, ...Object.fromEntries(own.map(({ name, value }) => [name, value])) }
}

/** The variables that GitHub's runner sets and act does not, or sets otherwise. */
export function runnerVariables(hub: Hub, run: Run): Record<string, string> {
  const { event: _event, ...context } = githubContext(hub, run)
  return {
    ...Object.fromEntries(
      Object.entries(context).map(([name, value]) => [`GITHUB_${name.toUpperCase()}`, String(value)]),
    ),
    // act reads the commit from this one.
    SHA_REF: run.sha,
    RUNNER_NAME: 'local-github',
    RUNNER_ENVIRONMENT: 'github-hosted',
  }
}

/** Members of contexts that act leaves empty; the projection puts them in. */
export function missingMembers(hub: Hub, run: Run): { github: Record<string, string>; runner: Record<string, string> } {
  const context = githubContext(hub, run)
  const names = ['actor_id', 'triggering_actor', 'repository_id', 'repository_owner_id', 'workflow_ref', 'workflow_sha']
  return {
    github: Object.fromEntries(names.map((name) => [name, String(context[name])])),
    runner: { environment: 'github-hosted', name: 'local-github' },
  }
}

/** What the job's OIDC token says of it; `environment` only where the job has one. */
export function oidcClaims(hub: Hub, run: Run, job: Job, called?: CalledFile): Record<string, unknown> {
  const context = githubContext(hub, run)
  const repository = String(context.repository)
  const about = job.environment
    ? `environment:${job.environment}`
    : run.event.startsWith('pull_request')
      ? 'pull_request'
      : `ref:${run.ref}`
  const names = [
    'actor',
    'actor_id',
    'base_ref',
    'event_name',
    'head_ref',
    'ref',
    'ref_protected',
    'ref_type',
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'repository_visibility',
    'run_attempt',
    'run_id',
    'run_number',
    'sha',
    'workflow',
    'workflow_ref',
    'workflow_sha',
  ]
  return {
    sub: `repo:${repository}:${about}`,
    ...Object.fromEntries(names.map((name) => [name, String(context[name])])),
    job_workflow_ref: called ? `${called.repository}/${called.path}@${called.ref ?? called.sha}` : context.workflow_ref,
    job_workflow_sha: called?.sha ?? context.workflow_sha,
    runner_environment: 'github-hosted',
    ...(job.environment ? { environment: job.environment } : {}),
  }
}
