import { type Commit, commitShape, readCommit, readCommits } from '../../git/commits.ts'
import { diffFiles } from '../../git/diff.ts'
import { git, listRefs, resolve } from '../../git/git.ts'
import { type App, page, repoOf } from '../../http/app.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { repoApi } from '../../shapes/common.ts'
import { type Pull, simplePull } from '../../shapes/pulls.ts'
import type { Repository } from '../../store/entities.ts'

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Files of one commit: a page of them, and how many there are at most. */
const FILES_PER_PAGE = 300
const MAX_FILES = 3000

/** A repository's commits. */
export function addCommitRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/commits', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const { sha, path, author, committer, since, until } = c.req.query()
    if (!sha && !(await resolve(repo.gitDir, `refs/heads/${repo.defaultBranch}`))) {
      throw new ApiError(409, 'Git Repository is empty.')
    }
    const start = await commitOf(repo, sha ?? repo.defaultBranch)
    const dates = [...(since ? [`--since-as-filter=${since}`] : []), ...(until ? [`--until=${until}`] : [])]
    const args = [...dates, start, '--', ...(path ? [`:(literal)${path}`] : [])]
    const shape = (commit: Commit) => commitShape(hub, repo, commit)
    if (author || committer) {
      const isBy = (role: 'author' | 'committer', wanted: string | undefined) => (each: ReturnType<typeof shape>) =>
        !wanted || each[role]?.login === wanted || each.commit[role].email === wanted
      const commits = (await readCommits(repo.gitDir, args)).map(shape)
      return c.json(page(c, commits.filter(isBy('author', author)).filter(isBy('committer', committer))))
    }
    // Only those of the page are read.
    const ids = (await git(repo.gitDir, ['rev-list', ...args])).split('\n').filter(Boolean)
    return c.json(await Promise.all(page(c, ids).map(async (id) => shape(await readCommit(repo.gitDir, id)))))
  })

  app.get('/repos/:owner/:repo/commits/:sha/branches-where-head', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = await commitOf(repo, c.req.param('sha'), () =>
      unprocessable(`No commit found for SHA: ${c.req.param('sha')}`),
    )
    const heads = (await listRefs(repo.gitDir, 'refs/heads/')).filter((ref) => ref.sha === sha)
    return c.json(
      heads.map(({ ref }) => ({
        name: ref.slice('refs/heads/'.length),
        commit: { sha, url: `${repoApi(hub, repo)}/commits/${sha}` },
        protected:
          hub.store.branchProtections.find((row) => row.repo === repo.id && ref === `refs/heads/${row.branch}`) !==
          undefined,
      })),
    )
  })

  app.get('/repos/:owner/:repo/commits/:sha/pulls', async (c) => {
    const repo = repoOf(hub, c, 'pull-requests', 'read')
    const sha = await commitOf(repo, c.req.param('sha'))
    const pulls = hub.store.issues.filter((row) => row.repo === repo.id && row.pull !== undefined) as Pull[]
    const found = []
    for (const issue of pulls) {
      const { headSha, baseSha, mergeSha, mergedAt } = issue.pull
      const own = await git(repo.gitDir, ['rev-list', `${baseSha}..${headSha}`])
      if (own.split('\n').includes(sha) || (mergedAt && mergeSha === sha)) found.push(issue)
    }
    return c.json(page(c, found).map((issue) => simplePull(hub, repo, issue)))
  })

  app.get('/repos/:owner/:repo/commits/:sha{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const name = c.req.param('sha')
    const commit = await readCommit(
      repo.gitDir,
      await commitOf(repo, name, () => unprocessable(`No commit found for SHA: ${name}`)),
    )
    const parent = commit.parents[0] ?? EMPTY_TREE
    const media = c.req.header('accept') ?? ''
    if (media.includes('.sha')) return c.text(commit.sha)
    if (media.includes('.diff')) return c.text(await git(repo.gitDir, ['diff-tree', '-p', '-M', parent, commit.sha]))
    if (media.includes('.patch')) return c.text(await git(repo.gitDir, ['format-patch', '--stdout', '-1', commit.sha]))
    const files = await diffFiles(hub, repo, parent, commit.sha)
    const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0)
    const [additions, deletions] = [sum('additions'), sum('deletions')]
    return c.json({
      ...commitShape(hub, repo, commit),
      stats: { additions, deletions, total: additions + deletions },
      files:
        files.length > FILES_PER_PAGE
          ? page(c, files.slice(0, MAX_FILES), { size: FILES_PER_PAGE, most: FILES_PER_PAGE })
          : files,
    })
  })
}

/** The commit that a name stands for: a SHA, a branch, a tag. */
export async function commitOf(repo: Repository, name: string, missing = notFound): Promise<string> {
  // What begins with a dash would be an option.
  const sha = name.startsWith('-') ? undefined : await resolve(repo.gitDir, name)
  if (!sha) throw missing()
  return sha
}
