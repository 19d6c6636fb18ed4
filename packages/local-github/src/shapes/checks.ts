import type { Commit } from '../git/commits.ts'
import type { CheckRun, CheckSuite, Repository, Run, Status } from '../store/entities.ts'
import type { Store } from '../store/store.ts'
import { githubActionsApp, minimalRepository, nodeId, repoApi, repoHtml, type Shaping, simpleUser } from './common.ts'
import { pullStub } from './runs.ts'

export function checkRunShape(shaping: Shaping, repo: Repository, check: CheckRun) {
  const url = `${repoApi(shaping, repo)}/check-runs/${check.id}`
  const html = `${repoHtml(shaping, repo)}/runs/${check.id}`
  const pulls = shaping.store.issues.filter((row) => row.repo === repo.id && row.pull?.headSha === check.headSha)
  const job = shaping.store.jobs.get(check.id)
  return {
    id: check.id,
    node_id: nodeId('CheckRun', check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: job ? `${repoHtml(shaping, repo)}/actions/runs/${job.run}/job/${job.id}` : html,
    details_url: check.detailsUrl ?? html,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: check.name,
    check_suite: { id: suiteIdOf(shaping.store, check) },
    app: githubActionsApp(shaping),
    pull_requests: pulls.map(({ number }) => pullStub(shaping, repo, number)),
  }
}

export function annotationShape(shaping: Shaping, repo: Repository, check: CheckRun) {
  return check.annotations.map((annotation) => ({
    ...annotation,
    blob_href: `${repoHtml(shaping, repo)}/blob/${check.headSha}/${annotation.path}`,
  }))
}

export function statusShape(shaping: Shaping, repo: Repository, status: Status) {
  const creator = simpleUser(shaping, status.user)
  return {
    url: `${repoApi(shaping, repo)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId('StatusContext', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator,
  }
}

/** The id of the suite that a check run is of: that of its workflow run, where it is a job's. */
export function suiteIdOf({ jobs }: Store, check: CheckRun): number {
  return jobs.get(check.id)?.run ?? check.suite ?? check.id
}

export interface Suite {
  /** A workflow run is a suite of its own. */
  row: CheckSuite | Run
  status: CheckRun['status']
  conclusion: CheckRun['conclusion'] | Run['conclusion']
  /** The newest check run of each name. */
  latest: readonly CheckRun[]
}

export function checkSuiteShape(shaping: Shaping, repo: Repository, { row, ...suite }: Suite, head: Commit) {
  const url = `${repoApi(shaping, repo)}/check-suites/${row.id}`
  const pulls = shaping.store.issues.filter((each) => each.repo === repo.id && each.pull?.headSha === row.headSha)
  const who = ({ name, email }: Commit['author']) => ({ name, email })
  return {
    id: row.id,
    node_id: nodeId('CheckSuite', row.id),
    head_branch: row.headBranch,
    head_sha: row.headSha,
    status: suite.status,
    conclusion: suite.conclusion,
    url,
    before: head.parents[0] ?? '0'.repeat(40),
    after: row.headSha,
    pull_requests: pulls.map(({ number }) => pullStub(shaping, repo, number)),
    app: githubActionsApp(shaping),
    repository: minimalRepository(shaping, repo),
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    head_commit: {
      id: head.sha,
      tree_id: head.tree,
      message: head.message,
      timestamp: head.committer.date,
      author: who(head.author),
      committer: who(head.committer),
    },
    latest_check_runs_count: suite.latest.length,
    check_runs_url: `${url}/check-runs`,
    rerequestable: !('attempt' in row),
    runs_rerequestable: !('attempt' in row),
  }
}
