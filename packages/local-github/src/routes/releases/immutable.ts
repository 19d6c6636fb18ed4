import { type App, type Ctx, repoOf } from '../../http/app.ts'
import { may } from '../../http/auth.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import type { Repository } from '../../store/entities.ts'

/** Whether releases that are published from now on can be changed. */
export function addImmutableReleaseRoutes(app: App, hub: Hub): void {
  const administered = (c: Ctx): Repository => {
    const repo = repoOf(hub, c, 'administration', c.req.method === 'GET' ? 'read' : 'write')
    if (!may(hub, c.get('by'), repo, 'admin')) throw notFound()
    return repo
  }

  app.get('/repos/:owner/:repo/immutable-releases', (c) => {
    if (!administered(c).immutableReleases) throw notFound()
    return c.json({ enabled: true, enforced_by_owner: false })
  })

  for (const [method, immutableReleases] of [
    ['put', true],
    ['delete', false],
  ] as const) {
    app[method]('/repos/:owner/:repo/immutable-releases', (c) => {
      hub.store.repositories.update(administered(c), { immutableReleases })
      return c.body(null, 204)
    })
  }
}
