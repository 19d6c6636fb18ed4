import { isAncestor } from '../git/ancestry.ts'
import { readCommits } from '../git/commits.ts'
import { commitTree, git, mergeTree, resolve, ZERO_SHA } from '../git/git.ts'
import { tryUpdateRef, updateRef } from '../git/ref-updates.ts'
import type { RefUpdate } from '../git/refs.ts'
import { actor, type Principal } from '../http/auth.ts'
import { invalid } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { closeNamed } from '../issues/closing.ts'
import { record } from '../issues/history.ts'
import { dismissStale } from '../rules/reviews.ts'
import { emitPull } from '../scheduler/pull-events.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Issue, PullPart, Repository } from '../store/entities.ts'
import { moveComments } from './comments.ts'
import { askOwners } from './reviewers.ts'

/** After a branch has moved: pull requests follow it, and issues are closed by what has come to the default branch. */
export async function followBranch(hub: Hub, repo: Repository, by: Principal, update: RefUpdate): Promise<void> {
  const branch = update.ref.slice('refs/heads/'.length)
  const isOpen = (row: Issue) => row.repo === repo.id && row.state === 'open' && !row.pull
  const brings = branch === repo.defaultBranch && update.before !== ZERO_SHA && update.after !== ZERO_SHA
  if (brings && hub.store.issues.find(isOpen)) {
    for (const { sha, message } of await readCommits(repo.gitDir, ['--reverse', `${update.before}..${update.after}`]))
      await closeNamed(hub, repo, by, message, sha)
  }
  const open = hub.store.issues.filter((row) => row.state === 'open' && row.pull !== undefined) as Pull[]
  for (const issue of open) {
    const base = hub.store.repositories.get(issue.repo)!
    const { pull } = issue
    if (base.id === repo.id && pull.baseRef === branch) await followBase(hub, base, by, issue, update.after)
    if (issue.state === 'open' && pull.headRepo === repo.id && pull.headRef === branch)
      await followHead(hub, base, by, issue, update)
  }
}

async function followBase(hub: Hub, repo: Repository, by: Principal, issue: Pull, after: string): Promise<void> {
  if (after === ZERO_SHA) return closePull(hub, repo, by, issue)
  if (await isAncestor(repo.gitDir, issue.pull.headSha, after)) {
    const mergedBy = by.kind === 'anonymous' ? repo.owner : by.login
    return closePull(hub, repo, by, issue, { mergedAt: hub.clock.now(), mergedBy, mergeSha: after })
  }
  // Whether it still merges is tried when somebody asks.
  updatePull(hub, issue, { baseSha: after })
}

async function followHead(hub: Hub, repo: Repository, by: Principal, issue: Pull, update: RefUpdate): Promise<void> {
  const { before, after } = update
  if (after === ZERO_SHA) {
    record(hub, by, issue, 'head_ref_deleted')
    return closePull(hub, repo, by, issue)
  }
  updatePull(hub, issue, { headSha: after, pushedBy: actor(by) })
  dismissStale(hub, repo, issue)
  await fetchHead(hub, repo, issue.number, issue.pull.headRepo, after)
  await refreshMerge(hub, repo, issue)
  if (!(await isAncestor(repo.gitDir, before, after))) record(hub, by, issue, 'head_ref_force_pushed', {}, after)
  await moveComments(hub, repo, issue)
  await emitPull(hub, repo, by, issue, 'synchronize', { before, after })
  await askOwners(hub, repo, by, issue)
}

/** Closes a pull request; `merged` says how it was merged if it was. */
export async function closePull(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  merged: Partial<PullPart> = {},
): Promise<void> {
  const pull = { ...issue.pull, ...merged }
  const { mergedAt, mergeSha, baseRef } = pull
  const closedAt = mergedAt ?? hub.clock.now()
  const closedBy = by.kind === 'anonymous' ? repo.owner : actor(by)
  hub.store.issues.update(issue, { state: 'closed', closedAt, closedBy, updatedAt: closedAt, pull })
  if (mergedAt !== null) record(hub, by, issue, 'merged', {}, mergeSha)
  record(hub, by, issue, 'closed')
  await tryUpdateRef(repo.gitDir, `refs/pull/${issue.number}/merge`, ZERO_SHA)
  await emitPull(hub, repo, by, issue, 'closed')
  // What it says it fixes is fixed where it has come to the default branch.
  if (mergedAt !== null && baseRef === repo.defaultBranch) await closeNamed(hub, repo, by, issue.body ?? '', mergeSha)
}

/** Opens a closed pull request again, if its branches are still there and it was not merged. */
export async function reopenPull(hub: Hub, repo: Repository, by: Principal, issue: Pull): Promise<void> {
  const { pull } = issue
  if (pull.mergedAt) throw refuseState('The pull request has been merged.')
  const headRepo = hub.store.repositories.get(pull.headRepo)
  const headSha = headRepo && (await resolve(headRepo.gitDir, `refs/heads/${pull.headRef}`))
  if (!headSha) throw refuseState(`The ${pull.headRef} branch has been deleted.`)
  if (!(await resolve(repo.gitDir, `refs/heads/${pull.baseRef}`)))
    throw refuseState(`The ${pull.baseRef} branch has been deleted.`)
  if (!(await isAncestor(headRepo.gitDir, pull.headSha, headSha)))
    throw refuseState(`The ${pull.headRef} branch was force-pushed or recreated.`)
  await fetchHead(hub, repo, issue.number, pull.headRepo, headSha)
  updatePull(hub, issue, { headSha })
  hub.store.issues.update(issue, { state: 'open', closedAt: null, closedBy: null, updatedAt: hub.clock.now() })
  await refreshMerge(hub, repo, issue)
  record(hub, by, issue, 'reopened')
  await emitPull(hub, repo, by, issue, 'reopened')
}

const refuseState = (why: string) => invalid('PullRequest', 'custom', 'state', `state cannot be changed. ${why}`)

/** Brings the head's commits into the base repository. */
export async function bringCommits(hub: Hub, repo: Repository, headRepo: number, sha: string): Promise<void> {
  if (headRepo === repo.id) return
  await git(repo.gitDir, ['fetch', '-q', '--no-tags', hub.store.repositories.get(headRepo)!.gitDir, sha])
}

/** The same, under `refs/pull/N/head`. */
async function fetchHead(hub: Hub, repo: Repository, number: number, headRepo: number, sha: string): Promise<void> {
  await bringCommits(hub, repo, headRepo, sha)
  await updateRef(repo.gitDir, `refs/pull/${number}/head`, sha)
}

/** Merges base and head for real; `refs/pull/N/merge` is the result, and gone when they conflict. */
export async function refreshMerge(hub: Hub, repo: Repository, issue: Pull): Promise<void> {
  const { pull, number } = issue
  const baseSha = (await resolve(repo.gitDir, `refs/heads/${pull.baseRef}`)) ?? pull.baseSha
  const ref = `refs/pull/${number}/merge`
  const tree = await mergeTree(repo.gitDir, baseSha, pull.headSha)
  if (!tree) {
    updatePull(hub, issue, { baseSha, testedBase: baseSha, mergeSha: null })
    await tryUpdateRef(repo.gitDir, ref, ZERO_SHA)
    return
  }
  const message = `Merge ${pull.headSha} into ${baseSha}`
  const mergeSha = await commitTree(repo.gitDir, { tree, parents: [baseSha, pull.headSha], message })
  await updateRef(repo.gitDir, ref, mergeSha)
  updatePull(hub, issue, { baseSha, testedBase: baseSha, mergeSha })
}

/** The same where the base has moved since it was last tried. */
export async function freshenMerge(hub: Hub, repo: Repository, issue: Pull): Promise<void> {
  const { testedBase, baseSha } = issue.pull
  if (issue.state === 'open' && testedBase !== baseSha) await refreshMerge(hub, repo, issue)
}

/** Changes what is a pull request's own. */
export function updatePull(hub: Hub, issue: Pull, changes: Partial<PullPart>): void {
  hub.store.issues.update(issue, { pull: { ...issue.pull, ...changes } })
}
