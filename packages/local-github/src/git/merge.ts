import { actor, type Principal } from '../http/auth.ts'
import type { Hub } from '../hub.ts'
import type { Pull } from '../shapes/pulls.ts'
import type { Repository } from '../store/entities.ts'
import { readCommits } from './commits.ts'
import { commitTree, git, mergeTree, resolve } from './git.ts'
import { announce, closePull, updatePull } from './refs.ts'

/** Merges a pull request into its base by one of the three methods; undefined when git cannot. */
export async function mergePull(
  hub: Hub,
  repo: Repository,
  issue: Pull,
  by: Principal,
  options: { method: string; title?: string; message?: string },
): Promise<string | undefined> {
  return hub.lockRefs(repo, async () => {
    const { pull } = issue
    const ref = `refs/heads/${pull.baseRef}`
    const before = (await resolve(repo.gitDir, ref))!
    const login = actor(by)
    const author = { name: login, email: `${login}@users.noreply.github.com` }
    const after = await (options.method === 'rebase' ? rebase(repo, issue, before) : commitMerge())
    if (!after) return undefined
    await git(repo.gitDir, ['update-ref', ref, after, before])
    updatePull(hub, issue, { baseSha: before, mergedAt: hub.clock.now(), mergedBy: login, mergeSha: after })
    await closePull(hub, repo, by, issue)
    await announce(hub, repo, by, [{ ref, before, after }])
    return after

    async function commitMerge(): Promise<string | undefined> {
      const tree = await mergeTree(repo.gitDir, before, pull.headSha)
      if (!tree) return undefined
      const squash = options.method === 'squash'
      const title =
        options.title ??
        (squash ? `${issue.title} (#${issue.number})` : `Merge pull request #${issue.number} from ${headLabel()}`)
      const message = [title, options.message ?? (squash ? (issue.body ?? '') : issue.title)]
        .filter(Boolean)
        .join('\n\n')
      return commitTree(repo.gitDir, { tree, parents: squash ? [before] : [before, pull.headSha], message, author })
    }

    function headLabel(): string {
      return `${hub.store.repositories.get(pull.headRepo)?.owner ?? repo.owner}/${pull.headRef}`
    }
  })
}

/** Replays the branch's commits on the base, one real merge each. */
async function rebase(repo: Repository, { pull }: Pull, onto: string): Promise<string | undefined> {
  let tip = onto
  for (const commit of await readCommits(repo.gitDir, ['--reverse', '--no-merges', `${onto}..${pull.headSha}`])) {
    const { author, message } = commit
    // The tip's files as a child of the commit's own parent: merging the two applies the commit's change and no more.
    const here = await git(repo.gitDir, ['rev-parse', `${tip}^{tree}`])
    const sibling = await commitTree(repo.gitDir, { tree: here, parents: commit.parents.slice(0, 1), message })
    const tree = await mergeTree(repo.gitDir, sibling, commit.sha)
    if (!tree) return undefined
    tip = await commitTree(repo.gitDir, { tree, parents: [tip], message, author, committer: GITHUB })
  }
  return tip
}

const GITHUB = { name: 'GitHub', email: 'noreply@github.com' }
