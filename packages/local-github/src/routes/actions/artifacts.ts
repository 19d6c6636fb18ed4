import { rm } from 'node:fs/promises'
import { type App, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { demandToken } from '../../http/auth.ts'
import { ApiError, notFound } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { artifactShape, isExpired } from '../../shapes/runs.ts'
import { blobUrl } from '../../store/blobs.ts'
import type { Repository } from '../../store/entities.ts'
import { runOf } from './find.ts'

/** What runs have uploaded; the uploading itself is the results service's. */
export function addArtifactRoutes(app: App, hub: Hub): void {
  const { artifacts } = hub.store

  app.get('/repos/:owner/:repo/actions/artifacts', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return listArtifacts(c, repo, () => true)
  })

  app.get('/repos/:owner/:repo/actions/runs/:run/artifacts', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    const { id } = runOf(hub, repo, c)
    return listArtifacts(c, repo, (row) => row.run === id)
  })

  /** The newest first, unless the list of a run is asked for the other way round. */
  function listArtifacts(c: Ctx, repo: Repository, wanted: (row: { run: number }) => boolean) {
    const { name, direction } = c.req.query()
    const rows = artifacts.filter(
      (row) => row.repo === repo.id && row.finalized && wanted(row) && (!name || row.name === name),
    )
    return c.json({
      total_count: rows.length,
      artifacts: page(c, direction === 'asc' ? rows : rows.reverse()).map((row) => artifactShape(hub, repo, row)),
    })
  }

  app.get('/repos/:owner/:repo/actions/artifacts/:id', (c) => {
    const repo = repoOf(hub, c, 'actions', 'read')
    return c.json(artifactShape(hub, repo, artifactOf(repo, c)))
  })

  app.delete('/repos/:owner/:repo/actions/artifacts/:id', async (c) => {
    const repo = repoOf(hub, c, 'actions', 'write')
    const { id, file } = artifactOf(repo, c)
    artifacts.delete(id)
    await rm(file, { force: true })
    return c.body(null, 204)
  })

  app.get('/repos/:owner/:repo/actions/artifacts/:id/:format', (c) => {
    if (c.req.param('format') !== 'zip') throw notFound()
    const repo = repoOf(hub, c, 'actions', 'read')
    if (c.get('by').kind === 'anonymous')
      throw new ApiError(401, 'You must have the actions scope to download artifacts.')
    demandToken(c.get('by'), repo, 'actions')
    const artifact = artifactOf(repo, c)
    if (isExpired(hub, artifact)) throw new ApiError(410, 'Artifact has expired')
    return c.redirect(blobUrl(hub, artifact.file, 'r', 1), 302)
  })

  const artifactOf = (repo: Repository, c: Ctx) => {
    const row = artifacts.get(numberParam(c, 'id'))
    if (row?.repo !== repo.id || !row.finalized) throw notFound()
    return row
  }
}
