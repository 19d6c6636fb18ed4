import { isAncestor } from '../../git/ancestry.ts'
import { commitTree, git, mergeTree } from '../../git/git.ts'
import { GITHUB, personNamed } from '../../git/people.ts'
import { tryChangeRef } from '../../git/refs.ts'
import { signPayload } from '../../git/signing.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { actor, may, type Principal } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { pullOf, SCOPE } from '../../pulls/find.ts'
import { mergePull } from '../../pulls/merge.ts'
import type { MergeMethod } from '../../rules/merge.ts'
import { demandRefChange } from '../../rules/refs.ts'
import { repoApi } from '../../shapes/common.ts'
import type { Pull } from '../../shapes/pulls.ts'
import type { Repository } from '../../store/entities.ts'
import { writable } from '../issues/reactions.ts'

interface Asked {
  sha: string
  merge_method: MergeMethod
  commit_title: string
  commit_message: string
}

/** Merging a pull request, and bringing it up to date with its base. */
export function addMergeRoutes(app: App, hub: Hub): void {
  const path = '/repos/:owner/:repo/pulls/:number'

  app.get(`${path}/merge`, (c) => {
    const repo = repoOf(hub, c, SCOPE, 'read')
    if (!pullOf(hub, repo, c).pull.mergedAt) throw notFound()
    return c.body(null, 204)
  })

  app.put(`${path}/merge`, async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const issue = pullOf(hub, repo, c)
    const { sha, merge_method: method = 'merge', commit_title: title, commit_message: message } = await bodyOf<Asked>(c)
    const merged = await mergePull(hub, repo, issue, c.get('by'), { method, title, message, sha })
    return c.json({ sha: merged, merged: true, message: 'Pull Request successfully merged' })
  })

  app.put(`${path}/update-branch`, async (c) => {
    const repo = writable(hub, c, SCOPE)
    const issue = pullOf(hub, repo, c)
    const { expected_head_sha: expected } = await bodyOf<{ expected_head_sha: string }>(c)
    const head = hub.store.repositories.get(issue.pull.headRepo)
    if (!head || issue.state === 'closed') throw invalid('PullRequest', 'invalid', 'head')
    if (!mayPushHead(hub, c.get('by'), repo, head, issue))
      throw new ApiError(403, 'must be a collaborator with push access to the head repository')
    await hub.lockRefs(head, () => bringUpToDate(hub, repo, head, issue, c.get('by'), expected))
    const url = `${repoApi(hub, repo)}/pulls/${issue.number}`
    return c.json({ message: 'Updating pull request branch.', url }, 202)
  })
}

/** A fork's branch is open to those who may push to the base, if its owner said so. */
function mayPushHead(hub: Hub, by: Principal, repo: Repository, head: Repository, { pull }: Pull): boolean {
  if (by.kind === 'job') return head === repo && by.permissions.contents === 'write'
  return may(hub, by, head, 'write') || (pull.maintainerCanModify && may(hub, by, repo, 'write'))
}

async function bringUpToDate(
  hub: Hub,
  repo: Repository,
  head: Repository,
  { pull }: Pull,
  by: Principal,
  expected: string | undefined,
): Promise<void> {
  const { baseRef, baseSha, headRef, headSha } = pull
  if (expected !== undefined && expected !== headSha)
    throw unprocessable('expected head sha didn’t match current head ref.')
  if (await isAncestor(repo.gitDir, baseSha, headSha))
    throw unprocessable('There are no new commits on the base branch.')
  const tree = await mergeTree(repo.gitDir, headSha, baseSha)
  if (!tree) throw unprocessable('merge conflict between base and head')
  if (head !== repo) await git(head.gitDir, ['fetch', '-q', '--no-tags', repo.gitDir, baseSha])
  const author = personNamed(hub.store, actor(by))
  const message = `Merge branch '${baseRef}' into ${headRef}`
  const parents = [headSha, baseSha]
  const sign = (payload: string) => signPayload(hub.store, payload)
  const after = await commitTree(repo.gitDir, { tree, parents, message, author, committer: GITHUB }, sign)
  if (head !== repo) await git(head.gitDir, ['fetch', '-q', '--no-tags', repo.gitDir, after])
  const update = { ref: `refs/heads/${headRef}`, before: headSha, after }
  await demandRefChange(hub, head, by, update)
  if (!(await tryChangeRef(hub, head, by, update)))
    throw unprocessable('expected head sha didn’t match current head ref.')
}
