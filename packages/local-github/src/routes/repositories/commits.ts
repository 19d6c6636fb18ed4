import { commitShape, readCommit, readCommits } from '../../git/commits.ts'
import { diffFiles } from '../../git/diff.ts'
import { getRef, git, listRefs, resolve, tryGit } from '../../git/git.ts'
import { type App, bodyOf, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { invalid, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { minimalRepository, repoApi, repoHtml } from '../../shapes/common.ts'
import { statusShape } from '../../shapes/publish.ts'
import { type Pull, simplePull } from '../../shapes/pulls.ts'
import type { Repository } from '../../store/entities.ts'

const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

/** Commits, comparisons, branches and commit statuses. */
export function addCommitRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/commits', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const start = await commitOf(repo, c.req.query('sha') ?? repo.defaultBranch)
    const path = c.req.query('path')
    const commits = await readCommits(repo.gitDir, [start, ...(path ? ['--', path] : [])])
    return c.json(page(c, commits).map((commit) => commitShape(hub, repo, commit)))
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

  app.get('/repos/:owner/:repo/commits/:sha/statuses', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'read')
    const sha = await commitOf(repo, c.req.param('sha'))
    return c.json(page(c, statusesOf(repo, sha)).map((row) => statusShape(hub, repo, row)))
  })

  app.get('/repos/:owner/:repo/commits/:sha/status', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'read')
    const sha = await commitOf(repo, c.req.param('sha'))
    const all = statusesOf(repo, sha)
    const latest = all.filter((row, index) => all.findIndex(({ context }) => context === row.context) === index)
    const states = latest.map(({ state }) => state)
    const bad = states.some((state) => state === 'failure' || state === 'error')
    const state = bad ? 'failure' : states.length === 0 || states.includes('pending') ? 'pending' : 'success'
    const url = `${repoApi(hub, repo)}/commits/${sha}`
    return c.json({
      state,
      statuses: page(c, latest).map((row) => {
        const { creator: _creator, ...simple } = statusShape(hub, repo, row)
        return simple
      }),
      sha,
      total_count: latest.length,
      repository: minimalRepository(hub, repo),
      commit_url: url,
      url: `${url}/status`,
    })
  })

  app.post('/repos/:owner/:repo/statuses/:sha', async (c) => {
    const repo = repoOf(hub, c, 'statuses', 'write')
    const sha = await commitOf(repo, c.req.param('sha'))
    const body = await bodyOf<{ state: 'success'; target_url: string; description: string; context: string }>(c)
    if (!['error', 'failure', 'pending', 'success'].includes(body.state ?? ''))
      throw invalid('Status', 'invalid', 'state')
    const row = hub.store.statuses.insert({
      repo: repo.id,
      sha,
      state: body.state!,
      context: body.context ?? 'default',
      description: body.description ?? null,
      targetUrl: body.target_url ?? null,
      user: actor(c.get('by')),
      createdAt: hub.clock.now(),
    })
    return c.json(statusShape(hub, repo, row), 201)
  })

  app.get('/repos/:owner/:repo/commits/:sha{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const commit = await readCommit(repo.gitDir, await commitOf(repo, c.req.param('sha')))
    if (c.req.header('accept')?.includes('.sha')) return c.text(commit.sha)
    const files = await diffFiles(hub, repo, commit.parents[0] ?? EMPTY_TREE, commit.sha)
    const sum = (key: 'additions' | 'deletions') => files.reduce((total, file) => total + file[key], 0)
    const [additions, deletions] = [sum('additions'), sum('deletions')]
    return c.json({
      ...commitShape(hub, repo, commit),
      stats: { additions, deletions, total: additions + deletions },
      files,
    })
  })

  app.get('/repos/:owner/:repo/compare/:range{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const [baseName, headName] = c.req.param('range').split('...')
    if (!baseName || !headName) throw notFound()
    const [base, head] = [await commitOf(repo, baseName), await commitOf(repo, headName)]
    const merge = await tryGit(repo.gitDir, ['merge-base', base, head])
    if (!merge) throw notFound()
    const ahead = await readCommits(repo.gitDir, ['--reverse', `${base}..${head}`])
    const behind = Number(await git(repo.gitDir, ['rev-list', '--count', `${head}..${base}`]))
    const status = ahead.length && behind ? 'diverged' : ahead.length ? 'ahead' : behind ? 'behind' : 'identical'
    const show = async (sha: string) => commitShape(hub, repo, await readCommit(repo.gitDir, sha))
    const url = `${repoApi(hub, repo)}/compare/${baseName}...${headName}`
    const html = `${repoHtml(hub, repo)}/compare/${baseName}...${headName}`
    return c.json({
      url,
      html_url: html,
      permalink_url: `${repoHtml(hub, repo)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(merge),
      status,
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: ahead.map((commit) => commitShape(hub, repo, commit)),
      files: await diffFiles(hub, repo, merge, head),
    })
  })

  app.get('/repos/:owner/:repo/branches', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const branches = await listRefs(repo.gitDir, 'refs/heads/')
    return c.json(
      page(c, branches).map(({ ref, sha }) => ({
        name: ref.slice('refs/heads/'.length),
        commit: { sha, url: `${repoApi(hub, repo)}/commits/${sha}` },
        protected: false,
      })),
    )
  })

  app.get('/repos/:owner/:repo/branches/:branch{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const name = c.req.param('branch')
    const ref = await getRef(repo.gitDir, `refs/heads/${name}`)
    if (!ref) throw notFound()
    const self = `${repoApi(hub, repo)}/branches/${encodeURIComponent(name)}`
    return c.json({
      name,
      commit: commitShape(hub, repo, await readCommit(repo.gitDir, ref.sha)),
      _links: { self, html: `${repoHtml(hub, repo)}/tree/${name}` },
      protected: false,
      protection: { enabled: false },
      protection_url: `${self}/protection`,
    })
  })

  app.get('/repos/:owner/:repo/tags', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const tags = (await listRefs(repo.gitDir, 'refs/tags/')).reverse()
    const shown = await Promise.all(
      page(c, tags).map(async ({ ref }) => ({ name: ref.slice(10), sha: await resolve(repo.gitDir, ref) })),
    )
    const api = repoApi(hub, repo)
    return c.json(
      shown.map(({ name, sha }) => ({
        name,
        commit: { sha, url: `${api}/commits/${sha}` },
        zipball_url: `${api}/zipball/refs/tags/${encodeURIComponent(name)}`,
        tarball_url: `${api}/tarball/refs/tags/${encodeURIComponent(name)}`,
        node_id: '',
      })),
    )
  })

  const statusesOf = (repo: Repository, sha: string) =>
    hub.store.statuses.filter((row) => row.repo === repo.id && row.sha === sha).reverse()
}

export async function commitOf(repo: Repository, name: string): Promise<string> {
  const sha = await resolve(repo.gitDir, name)
  if (!sha) throw notFound()
  return sha
}
