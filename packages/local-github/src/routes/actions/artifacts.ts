import { type App, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { artifactShape } from '../../shapes/runs.ts'
import { blobUrl } from '../../store/blobs.ts'
import type { Repository } from '../../store/entities.ts'

/** What runs have uploaded; the uploading itself is the results service's. */
export function addArtifactRoutes(app: App, hub: Hub): void {
  const { artifacts } = hub.store

  app.get('/repos/:owner/:repo/actions/artifacts', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return listArtifacts(c, repo, () => true)
  })

  app.get('/repos/:owner/:repo/actions/runs/:id/artifacts', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const run = numberParam(c, 'id')
    if (hub.store.runs.get(run)?.repo !== repo.id) throw notFound()
    return listArtifacts(c, repo, (row) => row.run === run)
  })

  function listArtifacts(c: Ctx, repo: Repository, wanted: (row: { run: number }) => boolean) {
    const name = c.req.query('name')
    const rows = artifacts.filter(
      (row) => row.repo === repo.id && row.finalized && wanted(row) && (!name || row.name === name),
    )
    return c.json({
      total_count: rows.length,
      artifacts: page(c, rows.reverse()).map((row) => artifactShape(hub, repo, row)),
    })
  }

  app.get('/repos/:owner/:repo/actions/artifacts/:id', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(artifactShape(hub, repo, artifactOf(repo, c)))
  })

  app.delete('/repos/:owner/:repo/actions/artifacts/:id', (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    artifacts.delete(artifactOf(repo, c).id)
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/artifacts/:id/:format', (c) => {
    if (c.req.param('format') !== 'zip') throw notFound()
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.redirect(blobUrl(hub, artifactOf(repo, c).file), 302)
  })

  const artifactOf = (repo: Repository, c: Ctx) => {
    const row = artifacts.get(numberParam(c, 'id'))
    if (row?.repo !== repo.id || !row.finalized) throw notFound()
    return row
  }
}
