import type { Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import { pullRequestEvent, pushEvent } from '../scheduler/events.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { PullPart, Repository } from '../store/entities.ts'
import { commitTree, git, isAncestor, listRefs, mergeTree, resolve, tryGit, ZERO_SHA } from './git.ts'

export interface RefUpdate {
  ref: string
  /** ZERO_SHA where there was, or is, none. */
  before: string
  after: string
}

/** GitHub sends no events for the tags of a push that brings more than this. */
const MAX_TAG_EVENTS = 3

/** What changed between two listings of a repository's refs. */
export function diffRefs(before: { ref: string; sha: string }[], after: { ref: string; sha: string }[]): RefUpdate[] {
  const old = new Map(before.map(({ ref, sha }) => [ref, sha]))
  const current = new Map(after.map(({ ref, sha }) => [ref, sha]))
  return [...new Set([...old.keys(), ...current.keys()])]
    .map((ref) => ({ ref, before: old.get(ref) ?? ZERO_SHA, after: current.get(ref) ?? ZERO_SHA }))
    .filter((update) => update.before !== update.after)
}

export const snapshotRefs = (repo: Repository) => listRefs(repo.gitDir)

/** After refs have changed: pull requests follow their branches, and workflows hear of it. */
export async function announce(hub: Hub, repo: Repository, by: Principal, updates: RefUpdate[]): Promise<void> {
  if (updates.length === 0) return
  hub.store.repositories.update(repo, { pushedAt: hub.clock.now() })
  const actor = by.kind === 'anonymous' ? '' : by.login
  const name = `${repo.owner}/${repo.name}`
  for (const update of updates) hub.log({ kind: 'git', repository: name, actor, ...update })
  const tags = updates.filter(({ ref }) => ref.startsWith('refs/tags/'))
  for (const update of updates) {
    const isBranch = update.ref.startsWith('refs/heads/')
    if (isBranch) await followBranch(hub, repo, by, update)
    if (!isBranch && !(tags.includes(update) && tags.length <= MAX_TAG_EVENTS)) continue
    const forced =
      update.before !== ZERO_SHA &&
      update.after !== ZERO_SHA &&
      !(await isAncestor(repo.gitDir, update.before, update.after))
    const event = await pushEvent(hub, repo, by, { ...update, forced })
    if (event) await hub.emit(event)
  }
}

async function followBranch(hub: Hub, repo: Repository, by: Principal, { ref, after }: RefUpdate): Promise<void> {
  const branch = ref.slice('refs/heads/'.length)
  const open = hub.store.issues.filter((row) => row.state === 'open' && row.pull !== undefined) as Pull[]
  for (const issue of open) {
    const base = hub.store.repositories.get(issue.repo)!
    const { pull } = issue
    const isHead = pull.headRepo === repo.id && pull.headRef === branch
    const isBase = base.id === repo.id && pull.baseRef === branch
    if (after === ZERO_SHA) {
      if (isHead || isBase) await closePull(hub, base, by, issue)
      continue
    }
    if (isBase) {
      if (await isAncestor(base.gitDir, pull.headSha, after)) {
        updatePull(hub, issue, {
          mergedAt: hub.clock.now(),
          mergedBy: by.kind === 'anonymous' ? base.owner : by.login,
          mergeSha: after,
        })
        await closePull(hub, base, by, issue)
        continue
      }
      updatePull(hub, issue, { baseSha: after })
      await refreshMerge(hub, base, issue)
    }
    if (isHead) {
      updatePull(hub, issue, { headSha: after })
      await fetchHead(hub, base, issue.number, pull.headRepo, after)
      await refreshMerge(hub, base, issue)
      await hub.emit(pullRequestEvent(hub, base, by, issue, 'synchronize'))
    }
  }
}

export async function closePull(hub: Hub, repo: Repository, by: Principal, issue: Pull): Promise<void> {
  const closedAt = issue.pull.mergedAt ?? hub.clock.now()
  hub.store.issues.update(issue, { state: 'closed', closedAt, updatedAt: closedAt })
  await tryGit(repo.gitDir, ['update-ref', '-d', `refs/pull/${issue.number}/merge`])
  await hub.emit(pullRequestEvent(hub, repo, by, issue, 'closed'))
}

/** Brings the head's commits into the base repository under `refs/pull/N/head`. */
export async function fetchHead(
  hub: Hub,
  repo: Repository,
  number: number,
  headRepo: number,
  sha: string,
): Promise<void> {
  if (headRepo !== repo.id) {
    const head = hub.store.repositories.get(headRepo)!
    await git(repo.gitDir, ['fetch', '-q', '--no-tags', head.gitDir, `+${sha}:refs/pull/${number}/head`])
  } else await git(repo.gitDir, ['update-ref', `refs/pull/${number}/head`, sha])
}

/** Merges base and head for real; `refs/pull/N/merge` is the result, and gone when they conflict. */
export async function refreshMerge(hub: Hub, repo: Repository, issue: Pull): Promise<void> {
  const { pull, number } = issue
  const baseSha = (await resolve(repo.gitDir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha
  const ref = `refs/pull/${number}/merge`
  const tree = await mergeTree(repo.gitDir, baseSha, pull.headSha)
  if (!tree) {
    updatePull(hub, issue, { baseSha, mergeSha: null })
    await tryGit(repo.gitDir, ['update-ref', '-d', ref])
    return
  }
  const message = `Merge ${pull.headSha} into ${baseSha}`
  const mergeSha = await commitTree(repo.gitDir, { tree, parents: [baseSha, pull.headSha], message })
  await git(repo.gitDir, ['update-ref', ref, mergeSha])
  updatePull(hub, issue, { baseSha, mergeSha })
  hub.store.issues.update(issue, { updatedAt: hub.clock.now() })
}

/** Changes what is a pull request's own. */
export function updatePull(hub: Hub, issue: Pull, changes: Partial<PullPart>): void {
  hub.store.issues.update(issue, { pull: { ...issue.pull, ...changes } })
}
