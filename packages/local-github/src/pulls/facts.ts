import { findMergeBase } from '../git/ancestry.ts'
import { gitOnce } from '../git/remembered.ts'
import type { Hub } from '../hub.ts'
import { isBlocked } from '../rules/merge.ts'
import type { Pull, PullFacts } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { freshenMerge } from './lifecycle.ts'

/** Where the pull request's own commits begin; after the merge, where they began. The base, where nothing is common. */
export async function mergeBase(repo: Repository, { pull }: Pull): Promise<string> {
  return (await findMergeBase(repo.gitDir, pull.baseSha, pull.headSha)) ?? pull.baseSha
}

/** What git says of a pull request. */
export async function readFacts(hub: Hub, repo: Repository, issue: Pull): Promise<PullFacts> {
  await freshenMerge(hub, repo, issue)
  const { baseSha, headSha } = issue.pull
  const [commits, stat, mergeableState] = await Promise.all([
    gitOnce(repo.gitDir, ['rev-list', '--count', `${baseSha}..${headSha}`]),
    gitOnce(repo.gitDir, ['diff', '--shortstat', '-M', await mergeBase(repo, issue), headSha]),
    mergeableStateOf(hub, repo, issue),
  ])
  const count = (word: string) => Number(new RegExp(`(\\d+) ${word}`).exec(stat)?.[1] ?? 0)
  return {
    commits: Number(commits),
    additions: count('insertion'),
    deletions: count('deletion'),
    changedFiles: count('file'),
    mergeableState,
  }
}

async function mergeableStateOf(hub: Hub, repo: Repository, issue: Pull): Promise<PullFacts['mergeableState']> {
  if (issue.state === 'closed') return 'unknown'
  if (issue.pull.mergeSha === null) return 'dirty'
  if (issue.pull.draft) return 'draft'
  return (await isBlocked(hub, repo, issue)) ? 'blocked' : 'clean'
}
