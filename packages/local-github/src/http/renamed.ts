import type { Hono } from 'hono'
import type { Hub } from '../hub.ts'
import { findRenamed } from '../store/store.ts'
import type { Ctx } from './app.ts'
import { access } from './auth.ts'
import { ApiError, notFound } from './errors.ts'

/** What a name answers that no repository has: the way to the one that had it, or nothing. */
export function renamedOrMissing(hub: Hub, c: Ctx): ApiError {
  const { owner, repo: name } = c.req.param() as Record<string, string>
  const repo = findRenamed(hub.store, `${owner}/${name}`)
  if (!repo || access(hub, c.get('by'), repo) === 'none') return notFound()
  const url = new URL(c.req.url)
  url.pathname = url.pathname.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${repo.id}`)
  const status = ['GET', 'HEAD'].includes(c.req.method) ? 301 : 307
  return new ApiError(status, 'Moved Permanently', { headers: { location: String(url) }, url: String(url) })
}

/** `/repositories/<id>/…` is `/repos/<owner>/<name>/…`, whatever the repository is called now. */
export function addRepositoryIdRoutes(root: Hono, hub: Hub): void {
  for (const rest of ['', '/*']) {
    root.all(`/api/v3/repositories/:id{[0-9]+}${rest}`, (c) => {
      const repo = hub.store.repositories.get(Number(c.req.param('id')))
      if (!repo) return c.json(notFound().body, 404)
      const url = new URL(c.req.url)
      url.pathname = url.pathname.replace(/repositories\/\d+/, `repos/${repo.owner}/${repo.name}`)
      return root.fetch(new Request(url, c.req.raw))
    })
  }
}
