import { commitsSince } from '../git/ancestry.ts'
import { readCommit, readHeadCommit, type Signature } from '../git/commits.ts'
import { changedPaths, resolve, ZERO_SHA } from '../git/git.ts'
import { personNamed } from '../git/people.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { repository, simpleUser } from '../shapes/common.ts'
import { runShape, workflowShape } from '../shapes/runs.ts'
import type { Repository, Run } from '../store/entities.ts'

/** Something that may start workflow runs. */
export interface GitHubEvent {
  name: string
  action?: string
  repo: Repository
  by: Principal
  /** Beside `action`, `repository` and `sender`, which every payload has. */
  payload: Record<string, unknown>
  /** What jobs see as GITHUB_REF and GITHUB_SHA; workflow files are read at this commit. */
  ref: string
  sha: string
  headSha: string
  headBranch: string | null
  headRepo?: number
  baseRef?: string
  /** What branch and tag filters are held against; `ref` when missing. */
  filterRef?: string
  paths?: () => Promise<string[]>
  pulls?: number[]
  /** The path of the one workflow that a dispatch is for. */
  only?: string
  inputs?: Record<string, string | boolean | number>
  /** Name of the workflow whose run this is about. */
  workflow?: string
  /** Who is shown as the one who started it, where it is not `by`. */
  actor?: string
}

export function payloadOf(hub: Hub, event: GitHubEvent): Record<string, unknown> {
  const sender = event.by.kind === 'anonymous' ? event.repo.owner : event.by.login
  return {
    ...(event.action ? { action: event.action } : {}),
    ...event.payload,
    repository: repository(hub, event.repo),
    sender: simpleUser(hub, sender),
  }
}

/** The payload of a push has no more. */
const MOST_COMMITS = 20

export async function pushEvent(
  hub: Hub,
  repo: Repository,
  by: Principal,
  update: { ref: string; before: string; after: string; forced: boolean },
): Promise<GitHubEvent | undefined> {
  const { ref, before, after, forced } = update
  const deleted = after === ZERO_SHA
  const sha = deleted ? undefined : await resolve(repo.gitDir, after)
  if (!sha) return undefined
  const created = before === ZERO_SHA
  const base = created ? undefined : await resolve(repo.gitDir, before)
  const ids = base ? await commitsSince(repo.gitDir, base, sha, MOST_COMMITS) : [sha]
  const commits = await Promise.all(ids.map((id) => commitPayload(hub, repo, id)))
  const login = by.kind === 'anonymous' ? repo.owner : by.login
  return {
    name: 'push',
    repo,
    by,
    payload: {
      ref,
      before,
      after,
      created,
      deleted,
      forced,
      base_ref: null,
      compare: `${hub.urls.server}/${repo.owner}/${repo.name}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits,
      head_commit: await commitPayload(hub, repo, sha),
      pusher: personNamed(hub.store, login),
    },
    ref,
    sha,
    headSha: sha,
    headBranch: ref.replace(/^refs\/(heads|tags)\//, ''),
    paths: () => changedPaths(repo.gitDir, base, sha),
  }
}

async function commitPayload(hub: Hub, repo: Repository, id: string) {
  const { tree, message, author, committer } = await readCommit(repo.gitDir, id)
  const who = ({ name, email }: Signature) => ({ name, email })
  return {
    id,
    tree_id: tree,
    distinct: true,
    message: message.trimEnd(),
    timestamp: committer.date,
    url: `${hub.urls.server}/${repo.owner}/${repo.name}/commit/${id}`,
    author: who(author),
    committer: who(committer),
  }
}

/** The time of a workflow's schedule has come: of the file at this path, on the default branch. */
export async function scheduleEvent(repo: Repository, path: string, cron: string): Promise<GitHubEvent | undefined> {
  const ref = `refs/heads/${repo.defaultBranch}`
  const sha = await resolve(repo.gitDir, ref)
  if (!sha) return undefined
  return {
    name: 'schedule',
    repo,
    by: { kind: 'user', login: repo.owner },
    payload: { schedule: cron, workflow: path },
    ref,
    sha,
    headSha: sha,
    headBranch: repo.defaultBranch,
    only: path,
  }
}

/** How many workflows may follow one another, each on the end of the one before: A starts B, C and D, but not E. */
const LONGEST_CHAIN = 3

/**
 * Runs of the default branch about a run that was asked for, began or ended: with that branch's workflow files and its
 * rights, whatever the run is for. Undefined where a chain of such runs has become too long.
 */
export async function workflowRunEvent(
  hub: Hub,
  repo: Repository,
  run: Run,
  action: 'requested' | 'in_progress' | 'completed',
): Promise<GitHubEvent | undefined> {
  if (chainBefore(hub, run) >= LONGEST_CHAIN) return undefined
  const sha = await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`)
  if (!sha) return undefined
  return {
    name: 'workflow_run',
    action,
    repo,
    by: { kind: 'user', login: run.triggeringActor },
    payload: {
      workflow_run: runShape(hub, repo, run, await readHeadCommit(repo.gitDir, run.headSha)),
      workflow: workflowShape(hub, repo, hub.store.workflows.get(run.workflow)!),
    },
    ref: `refs/heads/${repo.defaultBranch}`,
    sha,
    headSha: sha,
    headBranch: repo.defaultBranch,
    filterRef: `refs/heads/${run.headBranch ?? ''}`,
    workflow: run.name,
  }
}

/** How many runs came one after the other before this one. */
function chainBefore(hub: Hub, run: Run): number {
  const before = run.event === 'workflow_run' && (run.payload.workflow_run as { id: number }).id
  const earlier = before ? hub.store.runs.get(before) : undefined
  return earlier ? 1 + chainBefore(hub, earlier) : 0
}
