import { isAncestor } from '../../git/ancestry.ts'
import { commitTree, mergeTree, resolve } from '../../git/git.ts'
import { GITHUB, personNamed } from '../../git/people.ts'
import { changeRef } from '../../git/refs.ts'
import { signPayload } from '../../git/signing.ts'
import { actor, type Principal } from '../../http/auth.ts'
import { ApiError } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { demandRefChange } from '../../rules/refs.ts'
import type { Repository } from '../../store/entities.ts'

/**
 * GitHub's `auto_merge`: merges the default branch into a branch that is behind it. Answers with what was done instead
 * of a deployment; undefined where there was nothing to merge. 409 when the two conflict.
 */
export async function mergeDefaultBranch(
  hub: Hub,
  repo: Repository,
  by: Principal,
  branch: string,
): Promise<string | undefined> {
  const { gitDir, defaultBranch } = repo
  return hub.lockRefs(repo, async () => {
    const ref = `refs/heads/${branch}`
    const before = await resolve(gitDir, ref)
    const base = await resolve(gitDir, `refs/heads/${defaultBranch}`)
    if (!before || !base || (await isAncestor(gitDir, base, before))) return undefined
    const tree = await mergeTree(gitDir, before, base)
    if (!tree) throw new ApiError(409, `Conflict merging ${defaultBranch} into ${branch}.`)
    const author = personNamed(hub.store, actor(by))
    const message = `Merge ${defaultBranch} into ${branch}`
    const commit = { tree, parents: [before, base], message, author, committer: GITHUB }
    const after = await commitTree(gitDir, commit, (payload) => signPayload(hub.store, payload))
    const update = { ref, before, after }
    await demandRefChange(hub, repo, by, update)
    await changeRef(hub, repo, by, update)
    return `Auto-merged ${defaultBranch} into ${branch} on deployment.`
  })
}

/** Refuses with 409 unless these contexts are green at a commit; left out means all that it has. */
export function demandContexts(
  { store }: Hub,
  repo: Repository,
  ref: string,
  sha: string,
  required: readonly string[] | undefined,
): void {
  const states = new Map<string, string>()
  for (const row of store.statuses.filter((row) => row.repo === repo.id && row.sha === sha))
    states.set(row.context, row.state)
  // Not even a skipped check counts as green here.
  for (const row of store.checkRuns.filter((row) => row.repo === repo.id && row.headSha === sha))
    states.set(row.name, row.conclusion === 'success' ? 'success' : row.status === 'completed' ? 'failure' : 'pending')
  const wanted = required ?? [...states.keys()]
  if (wanted.every((context) => states.get(context) === 'success')) return
  const contexts = [...states].map(([context, state]) => ({ context, state }))
  throw new ApiError(409, `Conflict: Commit status checks failed for ${ref}.`, {
    errors: [{ contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' }],
  })
}
