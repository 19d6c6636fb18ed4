import { commitShape, readCommit } from '../../git/commits.ts'
import { commitTree, git, resolve } from '../../git/git.ts'
import { readObject } from '../../git/objects.ts'
import { announce } from '../../git/refs.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { repoApi, repoHtml } from '../../shapes/common.ts'
import type { Repository } from '../../store/entities.ts'
import { commitOf } from '../commits/commits.ts'
import { writeTree } from '../git/objects.ts'

/** Files of a commit, read and written one at a time. */
export function addContentRoutes(app: App, hub: Hub): void {
  app.get('/repos/:owner/:repo/contents/:path{.*}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const path = c.req.param('path')
    const ref = c.req.query('ref') ?? repo.defaultBranch
    const commit = await commitOf(repo, ref)
    const listing = await git(repo.gitDir, ['ls-tree', '-z', '-l', commit, ...(path ? ['--', path] : [])])
    const [entry] = parseEntries(listing)
    if (path && entry?.path !== path) throw notFound()
    if (path && entry!.type === 'blob') {
      const { bytes } = (await readObject(repo.gitDir, entry!.sha))!
      if (c.req.header('accept')?.includes('raw'))
        return c.body(bytes as never, 200, { 'content-type': 'application/vnd.github.raw; charset=utf-8' })
      return c.json({ ...contentShape(repo, entry!, ref), encoding: 'base64', content: bytes.toString('base64') })
    }
    const folder = parseEntries(
      await git(repo.gitDir, ['ls-tree', '-z', '-l', commit, ...(path ? ['--', `${path}/`] : [])]),
    )
    return c.json(folder.map((each) => contentShape(repo, each, ref)))
  })

  app.put('/repos/:owner/:repo/contents/:path{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const path = c.req.param('path')
    const body = await bodyOf<{ message: string; content: string; sha: string; branch: string }>(c)
    const { message, content, branch = repo.defaultBranch } = body
    if (typeof message !== 'string' || typeof content !== 'string')
      throw unprocessable('Invalid request.\n\n"message" and "content" are strings.')
    return hub.lockRefs(repo, async () => {
      const ref = `refs/heads/${branch}`
      const before = await resolve(repo.gitDir, ref)
      if (!before) throw notFound()
      const [entry] = parseEntries(await git(repo.gitDir, ['ls-tree', '-z', '-l', before, '--', path]))
      if (entry && body.sha === undefined) throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.')
      if (body.sha !== undefined && entry?.sha !== body.sha) {
        throw new ApiError(409, `${path} does not match ${body.sha}`)
      }
      const blob = await git(repo.gitDir, ['hash-object', '-w', '--stdin'], { input: Buffer.from(content, 'base64') })
      const tree = await writeTree(repo, [{ path, mode: entry?.mode ?? '100644', type: 'blob', sha: blob }], before)
      const login = actor(c.get('by'))
      const author = { name: login, email: `${login}@users.noreply.github.com` }
      const sha = await commitTree(repo.gitDir, { tree, parents: [before], message, author })
      await git(repo.gitDir, ['update-ref', ref, sha, before])
      await announce(hub, repo, c.get('by'), [{ ref, before, after: sha }])
      const written = { path, mode: '100644', type: 'blob', sha: blob, size: Buffer.from(content, 'base64').length }
      const { commit, ...rest } = commitShape(hub, repo, await readCommit(repo.gitDir, sha))
      return c.json({ content: contentShape(repo, written, branch), commit: { ...commit, ...rest } }, entry ? 200 : 201)
    })
  })

  function contentShape(repo: Repository, { path, type, sha, size }: Entry, ref: string) {
    const encoded = path.split('/').map(encodeURIComponent).join('/')
    const self = `${repoApi(hub, repo)}/contents/${encoded}?ref=${encodeURIComponent(ref)}`
    const kind = type === 'tree' ? 'dir' : 'file'
    const html = `${repoHtml(hub, repo)}/${type === 'tree' ? 'tree' : 'blob'}/${ref}/${encoded}`
    const gitUrl = `${repoApi(hub, repo)}/git/${type}s/${sha}`
    return {
      type: kind,
      size,
      name: path.split('/').at(-1)!,
      path,
      sha,
      url: self,
      git_url: gitUrl,
      html_url: html,
      download_url: kind === 'file' ? `${repoHtml(hub, repo)}/raw/${ref}/${encoded}` : null,
      _links: { self, git: gitUrl, html },
    }
  }
}

interface Entry {
  path: string
  mode: string
  type: string
  sha: string
  size: number
}

function parseEntries(listing: string): Entry[] {
  return listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, type, sha, size] = line.slice(0, tab).split(/ +/)
      return { path: line.slice(tab + 1), mode: mode!, type: type!, sha: sha!, size: Number(size) || 0 }
    })
}
