import { git, resolve } from '../../git/git.ts'
import { writeObject } from '../../git/loose.ts'
import { readObject } from '../../git/objects.ts'
import { type TreeEntry, writeTree } from '../../git/trees.ts'
import { type App, bodyOf, repoOf } from '../../http/app.ts'
import { ApiError, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { nodeId, repoApi } from '../../shapes/common.ts'
import { treeShape } from '../../shapes/git.ts'
import type { Repository } from '../../store/entities.ts'

export const SHA = /^[0-9a-f]{40}$/

/** Blobs and trees: each under the id that git gives it. */
export function addObjectRoutes(app: App, hub: Hub): void {
  app.post('/repos/:owner/:repo/git/blobs', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const { content = '', encoding = 'utf-8' } = await bodyOf<{ content: string; encoding: string }>(c)
    await demandContent(repo)
    const input = encoding === 'base64' ? Buffer.from(content, 'base64') : content
    const sha = await writeObject(repo.gitDir, 'blob', input)
    return c.json({ sha, url: `${repoApi(hub, repo)}/git/blobs/${sha}` }, 201)
  })

  app.get('/repos/:owner/:repo/git/blobs/:sha', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const name = c.req.param('sha')
    if (!SHA.test(name))
      throw unprocessable('The sha parameter must be exactly 40 characters and contain only [0-9a-f].')
    const sha = await objectOf(repo, name, 'blob')
    const { bytes } = (await readObject(repo.gitDir, sha))!
    if (c.req.header('accept')?.includes('raw'))
      return c.body(bytes as never, 200, { 'content-type': 'application/vnd.github.raw; charset=utf-8' })
    const content = bytes.toString('base64')
    const url = `${repoApi(hub, repo)}/git/blobs/${sha}`
    return c.json({ sha, node_id: nodeId('Blob', repo.id), size: bytes.length, url, content, encoding: 'base64' })
  })

  app.post('/repos/:owner/:repo/git/trees', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const { tree = [], base_tree } = await bodyOf<{ tree: TreeEntry[]; base_tree: string }>(c)
    await demandContent(repo)
    const base = base_tree === undefined ? undefined : await objectOf(repo, base_tree, 'tree')
    return c.json(await treeShape(hub, repo, await writeTree(repo, tree, base), false), 201)
  })

  app.get('/repos/:owner/:repo/git/trees/:sha{.+}', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const sha = await objectOf(repo, c.req.param('sha'), 'tree')
    return c.json(await treeShape(hub, repo, sha, c.req.query('recursive') !== undefined))
  })
}

/** The id of what a name stands for, if it is of that type. */
async function objectOf(repo: Repository, name: string, type: string, missing = notFound): Promise<string> {
  const sha = name.startsWith('-') ? undefined : await resolve(repo.gitDir, name, type)
  if (!sha) throw missing()
  return sha
}

/** Through the API nothing can be made in a repository without branches. */
export async function demandContent(repo: Repository): Promise<void> {
  if (await resolve(repo.gitDir, 'HEAD')) return
  const any = await git(repo.gitDir, ['for-each-ref', '--count=1', 'refs/heads'])
  if (any === '') throw new ApiError(409, 'Git Repository is empty.')
}
