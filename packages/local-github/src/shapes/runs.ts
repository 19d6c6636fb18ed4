import type { Hub } from '../hub.ts'
import type { Artifact, Job, Repository, Run, Workflow } from '../store/entities.ts'
import { minimalRepository, nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'

/** What git knows of a run's head commit. */
export interface HeadCommit {
  id: string
  tree_id: string
  message: string
  timestamp: string
  author: { name: string; email: string }
  committer: { name: string; email: string }
}

export function workflowShape(shaping: Shaping, repo: Repository, workflow: Workflow) {
  const url = `${repoApi(shaping, repo)}/actions/workflows/${workflow.id}`
  const html = repoHtml(shaping, repo)
  return {
    id: workflow.id,
    node_id: nodeId('Workflow', workflow.id),
    name: workflow.name,
    path: workflow.path,
    state: workflow.state,
    created_at: workflow.createdAt,
    updated_at: workflow.updatedAt,
    url,
    html_url: `${html}/blob/${repo.defaultBranch}/${workflow.path}`,
    badge_url: `${html}/actions/workflows/${workflow.path.split('/').at(-1)}/badge.svg`,
  }
}

export function runShape(shaping: Shaping, repo: Repository, run: Run, headCommit: HeadCommit | null) {
  const api = repoApi(shaping, repo)
  const url = `${api}/actions/runs/${run.id}`
  const workflow = shaping.store.workflows.get(run.workflow)!
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId('WorkflowRun', run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: workflow.path,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow,
    check_suite_id: run.id,
    check_suite_node_id: nodeId('CheckSuite', run.id),
    url,
    html_url: `${repoHtml(shaping, repo)}/actions/runs/${run.id}`,
    pull_requests: run.fork ? [] : run.pulls.map((number) => pullStub(shaping, repo, number)).filter(Boolean),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    actor: simpleUser(shaping, run.actor),
    triggering_actor: simpleUser(shaping, run.triggeringActor),
    run_started_at: run.startedAt,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${run.workflow}`,
    head_commit: headCommit,
    repository: minimalRepository(shaping, repo),
    head_repository: minimalRepository(shaping, shaping.store.repositories.get(run.headRepo) ?? repo),
    referenced_workflows: (run.called ?? []).map(({ reference, sha, ref }) => ({
      path: reference,
      sha,
      ...(ref === null ? {} : { ref }),
    })),
  }
}

/** The few members by which a run or a check names its pull requests. */
export function pullStub(shaping: Shaping, repo: Repository, number: number) {
  const issue = shaping.store.issues.find((row) => row.repo === repo.id && row.number === number)
  if (!issue?.pull) return undefined
  const head = shaping.store.repositories.get(issue.pull.headRepo) ?? repo
  const short = (of: Repository) => ({ id: of.id, url: repoApi(shaping, of), name: of.name })
  return {
    id: issue.id,
    number,
    url: `${repoApi(shaping, repo)}/pulls/${number}`,
    head: { ref: issue.pull.headRef, sha: issue.pull.headSha, repo: short(head) },
    base: { ref: issue.pull.baseRef, sha: issue.pull.baseSha, repo: short(repo) },
  }
}

export function jobShape(shaping: Shaping, repo: Repository, run: Run, job: Job) {
  const api = repoApi(shaping, repo)
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CheckRun', job.id),
    head_sha: run.headSha,
    head_branch: run.headBranch,
    workflow_name: run.name,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${repoHtml(shaping, repo)}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: job.createdAt,
    started_at: job.startedAt ?? job.createdAt,
    completed_at: job.completedAt,
    name: job.name,
    steps: job.steps.map(({ startedAt, completedAt, ...step }) => ({
      ...step,
      started_at: startedAt,
      completed_at: completedAt,
    })),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: job.startedAt ? 1 : null,
    runner_name: job.startedAt ? 'local-github' : null,
    runner_group_id: job.startedAt ? 1 : null,
    runner_group_name: job.startedAt ? 'Default' : null,
  }
}

/** Whether its bytes are gone: it is listed for longer than it can be had. */
export function isExpired({ clock }: Pick<Hub, 'clock'>, { expiresAt }: Artifact): boolean {
  return Date.parse(expiresAt) <= clock.time().getTime()
}

export function artifactShape(shaping: Shaping & Pick<Hub, 'clock'>, repo: Repository, artifact: Artifact) {
  const run = shaping.store.runs.get(artifact.run)!
  const url = `${repoApi(shaping, repo)}/actions/artifacts/${artifact.id}`
  return {
    id: artifact.id,
    node_id: nodeId('Artifact', artifact.id),
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: isExpired(shaping, artifact),
    created_at: artifact.createdAt,
    expires_at: artifact.expiresAt,
    updated_at: artifact.createdAt,
    digest: artifact.digest,
    workflow_run: {
      id: run.id,
      repository_id: repo.id,
      head_repository_id: run.headRepo,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  }
}
