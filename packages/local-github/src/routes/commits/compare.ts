import { findMergeBase } from '../../git/ancestry.ts'
import { commitShape, readCommit } from '../../git/commits.ts'
import { diffFiles } from '../../git/diff.ts'
import { git } from '../../git/git.ts'
import { gitOnce } from '../../git/remembered.ts'
import { type App, type Ctx, page, repoOf } from '../../http/app.ts'
import { access } from '../../http/auth.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { repoApi, repoHtml } from '../../shapes/common.ts'
import type { Repository } from '../../store/entities.ts'
import { commitOf } from './commits.ts'

/** Without pages there are so many commits at most, and so many files in any case. */
const MAX_COMMITS = 250
const MAX_FILES = 300

/** Two commits held against one another: from where their histories part. */
export function addCompareRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/compare/:range{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const [baseName, headName, ...rest] = c.req.param('range').split('...')
    if (!baseName || !headName || rest.length) throw notFound()
    const [base, head] = [await endOf(c, repo, baseName), await endOf(c, repo, headName)]
    const merge = await findMergeBase(repo.gitDir, base, head)
    if (!merge) throw notFound()
    const media = c.req.header('accept') ?? ''
    if (media.includes('.diff')) return c.text(await git(repo.gitDir, ['diff-tree', '-p', '-r', '-M', merge, head]))
    if (media.includes('.patch'))
      return c.text(await git(repo.gitDir, ['format-patch', '--stdout', `${base}..${head}`]))
    const ahead = await list(repo, ['--reverse', `${base}..${head}`])
    const behind = Number(await gitOnce(repo.gitDir, ['rev-list', '--count', `${head}..${base}`]))
    const paged = c.req.query('page') !== undefined || c.req.query('per_page') !== undefined
    const shown = paged ? page(c, ahead) : ahead.slice(-MAX_COMMITS)
    // Files are on the first page alone.
    const isFirst = (Number(c.req.query('page')) || 1) === 1
    const show = async (sha: string) => commitShape(hub, repo, await readCommit(repo.gitDir, sha))
    const range = `compare/${baseName}...${headName}`
    const html = `${repoHtml(hub, repo)}/${range}`
    return c.json({
      url: `${repoApi(hub, repo)}/${range}`,
      html_url: html,
      permalink_url: `${repoHtml(hub, repo)}/compare/${repo.owner}:${base.slice(0, 7)}...${repo.owner}:${head.slice(0, 7)}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: await show(base),
      merge_base_commit: await show(merge),
      status: statusOf(ahead.length, behind),
      ahead_by: ahead.length,
      behind_by: behind,
      total_commits: ahead.length,
      commits: await Promise.all(shown.map(show)),
      files: isFirst ? (await diffFiles(hub, repo, merge, head)).slice(0, MAX_FILES) : [],
    })
  })

  /** `branch`, or `owner:branch` of a repository of the same network; its commits are fetched where they are missing. */
  async function endOf(c: Ctx, repo: Repository, name: string): Promise<string> {
    const [branch, owner] = name.split(':').reverse() as [string, string | undefined]
    if (owner === undefined || owner === repo.owner) return commitOf(repo, branch)
    const other = hub.store.repositories.find((row) => row.owner === owner && isRelated(row, repo))
    if (!other || access(hub, c.get('by'), other) === 'none') throw notFound()
    const sha = await commitOf(other, branch)
    await git(repo.gitDir, ['fetch', '-q', '--no-tags', '--no-write-fetch-head', other.gitDir, sha])
    return sha
  }
}

const isRelated = (one: Repository, other: Repository) =>
  one.parent === other.id || other.parent === one.id || (one.parent !== undefined && one.parent === other.parent)

function statusOf(ahead: number, behind: number): 'diverged' | 'ahead' | 'behind' | 'identical' {
  if (ahead && behind) return 'diverged'
  return ahead ? 'ahead' : behind ? 'behind' : 'identical'
}

async function list(repo: Repository, args: string[]): Promise<string[]> {
  return (await git(repo.gitDir, ['rev-list', ...args])).split('\n').filter(Boolean)
}
