import { type App, numberParam, page, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { evictCaches, removeCache } from '../../services/cache-eviction.ts'
import type { CacheEntry } from '../../store/entities.ts'
import { fullName } from '../../store/store.ts'

const ORDERS: Record<string, (row: CacheEntry) => number> = {
  created_at: (row) => Date.parse(row.createdAt),
  last_accessed_at: (row) => Date.parse(row.accessedAt),
  size_in_bytes: (row) => row.size,
}

/** A repository's caches; what fills them is the results service. */
export function addCacheRoutes(app: App, hub: Hub): void {
  const { caches } = hub.store
  const ofRepo = (repo: number) => {
    evictCaches(hub, repo)
    return caches.filter((row) => row.repo === repo && row.finalized)
  }

  const shape = ({ id, ref, key, version, size, createdAt, accessedAt }: CacheEntry) => ({
    ...{ id, ref, key, version, size_in_bytes: size, created_at: createdAt, last_accessed_at: accessedAt },
  })

  app.get('/repos/:owner/:repo/actions/cache/usage', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const rows = ofRepo(repo.id)
    return c.json({
      full_name: fullName(repo),
      active_caches_size_in_bytes: rows.reduce((sum, { size }) => sum + size, 0),
      active_caches_count: rows.length,
    })
  })

  app.get('/repos/:owner/:repo/actions/caches', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const { key = '', ref, sort = 'last_accessed_at', direction } = c.req.query()
    const order = ORDERS[sort] ?? ORDERS.last_accessed_at!
    const sign = direction === 'asc' ? 1 : -1
    const rows = ofRepo(repo.id)
      .filter((row) => row.key.startsWith(key) && (!ref || row.ref === ref))
      .sort((a, b) => sign * (order(a) - order(b)) || sign * (a.id - b.id))
    return c.json({ total_count: rows.length, actions_caches: page(c, rows).map(shape) })
  })

  // By the whole key, where the list takes the beginning of one.
  app.delete('/repos/:owner/:repo/actions/caches', (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    const { key, ref } = c.req.query()
    const rows = ofRepo(repo.id).filter((row) => row.key === key && (!ref || row.ref === ref))
    if (rows.length === 0) throw notFound()
    for (const row of rows) removeCache(hub, row)
    return c.json({ total_count: rows.length, actions_caches: rows.map(shape) })
  })

  app.delete('/repos/:owner/:repo/actions/caches/:id', (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    const row = caches.get(numberParam(c, 'id'))
    if (row?.repo !== repo.id || !row.finalized) throw notFound()
    removeCache(hub, row)
    return c.body(null, 204)
  })
}
