import { readCommits } from '../git/commits.ts'
import { commitTree, mergeTree, resolve, ZERO_SHA } from '../git/git.ts'
import { GITHUB, personNamed } from '../git/people.ts'
import { tryUpdateRef, updateRef } from '../git/ref-updates.ts'
import { announce } from '../git/refs.ts'
import { signPayload } from '../git/signing.ts'
import { actor, type Principal } from '../http/auth.ts'
import { ApiError } from '../http/errors.ts'
import type { Hub } from '../hub.ts'
import { record } from '../issues/history.ts'
import { demandMerge, type MergeMethod } from '../rules/merge.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { closePull, updatePull } from './lifecycle.ts'
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
    await updateRef(repo.gitDir, ref, after, before)
    updatePull(hub, issue, { baseSha: before, mergedAt: hub.clock.now(), mergedBy: actor(by), mergeSha: after })
    await closePull(hub, repo, by, issue)
    await announce(hub, repo, by, [{ ref, before, after }])
    if (repo.settings.delete_branch_on_merge) await deleteHead(hub, repo, by, issue)
    return after
  })
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

/** A branch of a fork is its owner's. */
async function deleteHead(hub: Hub, repo: Repository, by: Principal, issue: Pull): Promise<void> {
  const { headRepo, headRef, headSha } = issue.pull
  if (headRepo !== repo.id || headRef === repo.defaultBranch) return
  const ref = `refs/heads/${headRef}`
  if (!(await tryUpdateRef(repo.gitDir, ref, ZERO_SHA, headSha))) return
  record(hub, by, issue, 'head_ref_deleted')
  await announce(hub, repo, by, [{ ref, before: headSha, after: ZERO_SHA }])
}
