import { changedPaths, resolve } from '../git/git.ts'
import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { mergeBase, readFacts } from '../pulls/facts.ts'
import { freshenMerge } from '../pulls/lifecycle.ts'
import { type Pull, pullShape, simplePull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import type { GitHubEvent } from './events.ts'

/**
 * Announces what happened to a pull request: to workflows of its merge (`pull_request`), and to those of the default
 * branch (`pull_request_target`). `details` are what the payload says beside the pull request.
 */
export async function emitPull(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  action: string,
  details: Record<string, unknown> = {},
): Promise<void> {
  const pull_request = pullShape(hub, repo, issue, await readFacts(hub, repo, issue))
  const payload = { number: issue.number, pull_request, ...details }
  const event = { ...aboutPull(repo, by, issue), action, payload }
  // There is no merge to run the workflows of while the branches conflict.
  if (issue.pull.mergeSha !== null || action === 'closed') await hub.emit({ ...event, name: 'pull_request' })
  const ref = `refs/heads/${repo.defaultBranch}`
  const sha = await resolve(repo.gitDir, ref)
  if (sha) await hub.emit({ ...event, name: 'pull_request_target', ref, sha })
}

/** Announces a review, or a comment of one. */
export async function emitReview(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  activity: { name: 'pull_request_review' | 'pull_request_review_comment'; action: string; payload: object },
): Promise<void> {
  await freshenMerge(hub, repo, issue)
  if (issue.pull.mergeSha === null) return
  const { name, action, payload } = activity
  const pull_request = simplePull(hub, repo, issue)
  await hub.emit({ ...aboutPull(repo, by, issue), name, action, payload: { ...payload, pull_request } })
}

function aboutPull(repo: Repository, by: Principal, issue: Pull): Omit<GitHubEvent, 'name'> {
  const { pull, number } = issue
  return {
    repo,
    by,
    payload: {},
    // A closed one is about what it left behind on its base; an open one about its merge.
    ref: `refs/pull/${number}/merge`,
    sha: pull.mergeSha ?? pull.headSha,
    headSha: pull.headSha,
    headBranch: pull.headRef,
    headRepo: pull.headRepo,
    baseRef: pull.baseRef,
    filterRef: `refs/heads/${pull.baseRef}`,
    paths: async () => changedPaths(repo.gitDir, await mergeBase(repo, issue), pull.headSha),
    pulls: [number],
  }
}
