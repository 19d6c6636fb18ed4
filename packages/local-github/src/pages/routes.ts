import type { Hono } from 'hono'
import { readObject } from '../git/objects.ts'
import type { Hub } from '../hub.ts'
import { fileResponse } from '../store/blobs.ts'
import { findRepository } from '../store/store.ts'
import { renderPage } from './render.ts'

/** What a browser finds: pages, the files of published releases, files of a commit. */
export function addPageRoutes(root: Hono, hub: Hub): void {
  const repoAt = (owner: string, name: string) => findRepository(hub.store, `${owner}/${name}`)

  root.get('/:owner/:repo/releases/download/:tag/:name', (c) => {
    const { owner, repo: name, tag, name: file } = c.req.param()
    const repo = repoAt(owner, name)
    const release = hub.store.releases.find(
      (row) => row.repo === repo?.id && !repo.private && !row.draft && row.tag === tag,
    )
    const asset = hub.store.assets.find((row) => row.release === release?.id && row.name === file)
    if (!asset) return c.notFound()
    return fileResponse(asset.file, asset.size, c.req.header('range'), { 'content-type': asset.contentType })
  })

  root.get('/:owner/:repo/raw/:ref/:path{.+}', async (c) => {
    const { owner, repo: name, ref, path } = c.req.param()
    const repo = repoAt(owner, name)
    if (!repo || repo.private || ref.startsWith('-')) return c.notFound()
    const found = await readObject(repo.gitDir, `${ref}:${path}`)
    return found?.type === 'blob'
      ? c.body(found.bytes as never, 200, { 'content-type': 'text/plain; charset=utf-8' })
      : c.notFound()
  })

  root.get('/:owner/:repo/:rest{.*}', (c) => page(new URL(c.req.url).pathname))
  root.get('/:owner/:repo', (c) => page(new URL(c.req.url).pathname))

  async function page(path: string): Promise<Response> {
    const text = await renderPage(hub, path)
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': "script-src 'none'" }
    return new Response(text ?? 'Not Found', { status: text === undefined ? 404 : 200, headers })
  }
}
