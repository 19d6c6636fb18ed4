import { readCommits } from '../git/commits.ts'
import { commitTree, mergeTree, resolve, ZERO_SHA } from '../git/git.ts'
import { journaled } from '../git/journal.ts'
import { GITHUB, personNamed } from '../git/people.ts'
import { updateRef } from '../git/ref-updates.ts'
import { announce, type RefUpdate, stateBefore, tryChangeRef } from '../git/refs.ts'
import { signPayload } from '../git/signing.ts'
import { actor, type Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { record } from '../issues/history.ts'
import { demandMerge, demandOwnWorkflows, type MergeMethod } from '../rules/merge.ts'
import { refusalOf } from '../rules/refs.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { closePull } from './lifecycle.ts'
import { mergeMessage } from './messages.ts'

interface MergeOptions {
  method: MergeMethod
  title?: string | undefined
  message?: string | undefined
  /** The head that the merge was decided on. */
  sha?: string | undefined
}

const FORBIDDEN = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
}

const SETTING = { merge: 'allow_merge_commit', squash: 'allow_squash_merge', rebase: 'allow_rebase_merge' } as const

/** Merges a pull request into its base and answers with the commit; refuses with 405, or 409 where the head moved. */
export async function mergePull(
  hub: Hub,
  repo: Repository,
  issue: Pull,
  by: Principal,
  options: MergeOptions,
): Promise<string> {
  return hub.lockRefs(repo, async () => {
    const { pull } = issue
    if (issue.state === 'closed') throw refused('Pull Request is not mergeable')
    if (options.sha !== undefined && options.sha !== pull.headSha)
      throw new ApiError(409, 'Head branch was modified. Review and try the merge again.')
    if (pull.draft) throw refused('Pull Request is still a draft')
    if (!repo.settings[SETTING[options.method]]) throw refused(FORBIDDEN[options.method])
    await demandMerge(hub, repo, by, issue, options.method)
    const ref = `refs/heads/${pull.baseRef}`
    const before = (await resolve(repo.gitDir, ref))!
    const after = await (options.method === 'rebase'
      ? rebase(repo, issue, before)
      : commitMerge(hub, repo, issue, by, before, options))
    if (!after)
      throw refused(options.method === 'rebase' ? "This branch can't be rebased" : 'Pull Request is not mergeable')
    await demandOwnWorkflows(repo, by, before, after)
    const update = { ref, before, after }
    await journaled(hub, repo, { by, before: [stateBefore(update)], merge: issue.id }, async () => {
      await updateRef(repo.gitDir, ref, after, before)
      await finishMerge(hub, repo, by, issue, update)
    })
    return after
  })
}

/** After the base has moved: the pull request is merged, and what follows the base hears of it. */
export async function finishMerge(
  hub: Hub,
  repo: Repository,
  by: Principal,
  issue: Pull,
  update: RefUpdate,
): Promise<void> {
  const { before: baseSha, after: mergeSha } = update
  const merged = { baseSha, mergedAt: hub.clock.now(), mergedBy: actor(by), mergeSha }
  if (issue.state === 'open') await closePull(hub, repo, by, issue, merged)
  await announce(hub, repo, by, [update])
  if (repo.settings.delete_branch_on_merge) await deleteHead(hub, repo, by, issue)
}

const refused = (message: string) => new ApiError(405, message)

async function commitMerge(
  hub: Hub,
  repo: Repository,
  { number, title, body, pull }: Pull,
  by: Principal,
  before: string,
  { method, ...asked }: MergeOptions,
): Promise<string | undefined> {
  const tree = await mergeTree(repo.gitDir, before, pull.headSha)
  if (!tree) return undefined
  const squash = method === 'squash'
  const head = `${hub.store.repositories.get(pull.headRepo)?.owner ?? repo.owner}/${pull.headRef}`
  const commits = await readCommits(repo.gitDir, ['--reverse', '--no-merges', `${before}..${pull.headSha}`])
  const message = mergeMessage({ repo, number, title, body, head, commits }, squash ? 'squash' : 'merge', asked)
  const author = personNamed(hub.store, actor(by))
  const parents = squash ? [before] : [before, pull.headSha]
  const sign = (payload: string) => signPayload(hub.store, payload)
  return commitTree(repo.gitDir, { tree, parents, message, author, committer: GITHUB }, sign)
}

/** Replays the branch's commits on the base, one real merge each. */
async function rebase(repo: Repository, { pull }: Pull, onto: string): Promise<string | undefined> {
  let tip = onto
  for (const commit of await readCommits(repo.gitDir, ['--reverse', '--no-merges', `${onto}..${pull.headSha}`])) {
    const { author, message } = commit
    // The tip's files as a child of the commit's own parent: merging the two applies the commit's change and no more.
    const here = (await resolve(repo.gitDir, tip, 'tree'))!
    const sibling = await commitTree(repo.gitDir, { tree: here, parents: commit.parents.slice(0, 1), message })
    const tree = await mergeTree(repo.gitDir, sibling, commit.sha)
    if (!tree) return undefined
    tip = await commitTree(repo.gitDir, { tree, parents: [tip], message, author, committer: GITHUB })
  }
  return tip
}

/** A branch of a fork is its owner's, and one that rules hold stays. */
async function deleteHead(hub: Hub, repo: Repository, by: Principal, issue: Pull): Promise<void> {
  const { headRepo, headRef, headSha } = issue.pull
  if (headRepo !== repo.id || headRef === repo.defaultBranch) return
  const update = { ref: `refs/heads/${headRef}`, before: headSha, after: ZERO_SHA }
  if (await refusalOf(hub, repo, by, update)) return
  if (await tryChangeRef(hub, repo, by, update)) record(hub, by, issue, 'head_ref_deleted')
}
