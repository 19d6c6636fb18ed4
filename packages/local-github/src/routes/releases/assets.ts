import { rm } from 'node:fs/promises'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { assetShape } from '../../shapes/publish.ts'
import { fileResponse, saveStream } from '../../store/blobs.ts'
import type { Asset, Repository } from '../../store/entities.ts'
import { blobPath } from '../../store/store.ts'
import { visibleRelease } from './releases.ts'

const MAX_ASSETS = 1000
const MAX_BYTES = 2 ** 31

/** As GitHub rewrites names: anything but letters, digits, `_`, `.`, `+` and `-` becomes a dot; none at the ends. */
export function assetName(name: string): string {
  const rewritten = name.replace(/[^\w.+-]+/g, '.').replace(/\.{2,}/g, '.')
  return rewritten.replace(/^\./, 'default.').replace(/\.$/, '')
}

export function addAssetRoutes(app: App, hub: Hub): void {
  const { assets } = hub.store

  function assetOf(repo: Repository, c: Ctx): Asset {
    const asset = assets.get(numberParam(c, 'id'))
    if (asset?.repo !== repo.id) throw notFound()
    visibleRelease(hub, repo, c.get('by'), asset.release)
    return asset
  }

  app.get('/repos/:owner/:repo/releases/:id/assets', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const release = visibleRelease(hub, repo, c.get('by'), numberParam(c, 'id'))
    const own = assets.filter((row) => row.release === release.id)
    return c.json(page(c, own).map((row) => assetShape(hub, repo, row)))
  })

  app.get('/repos/:owner/:repo/releases/assets/:id', (c) => {
    const repo = repoOf(hub, c, 'contents', 'read')
    const asset = assetOf(repo, c)
    if (!c.req.header('accept')?.includes('application/octet-stream')) return c.json(assetShape(hub, repo, asset))
    return download(asset, c)
  })

  app.patch('/repos/:owner/:repo/releases/assets/:id', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const asset = assetOf(repo, c)
    refuseImmutable(asset.release, 'change assets of')
    const { name, label } = await bodyOf<{ name: string; label: string }>(c)
    if (name !== undefined) {
      if (taken(asset.release, assetName(name), asset.id)) throw invalid('ReleaseAsset', 'already_exists', 'name')
      assets.update(asset, { name: assetName(name) })
    }
    if (label !== undefined) assets.update(asset, { label })
    return c.json(assetShape(hub, repo, asset))
  })

  app.delete('/repos/:owner/:repo/releases/assets/:id', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const asset = assetOf(repo, c)
    refuseImmutable(asset.release, 'delete assets from')
    assets.delete(asset.id)
    await rm(asset.file, { force: true })
    return c.body(null, 204)
  })

  function refuseImmutable(release: number, change: string): void {
    if (hub.store.releases.get(release)?.immutable) throw unprocessable(`Cannot ${change} an immutable release.`)
  }

  const taken = (release: number, name: string, except?: number) =>
    assets.find((row) => row.release === release && row.name === name && row.id !== except) !== undefined

  function download(asset: Asset, c: Ctx): Response {
    assets.update(asset, { downloads: asset.downloads + 1 })
    const headers = { 'content-type': asset.contentType, 'content-disposition': `attachment; filename=${asset.name}` }
    return fileResponse(asset.file, asset.size, c.req.header('range'), headers)
  }
}

/** The upload host: bodies are streamed to a file, whatever their size. */
export function addUploadRoutes(app: App, hub: Hub): void {
  const { assets } = hub.store
  app.post('/repos/:owner/:repo/releases/:id/assets', async (c) => {
    const repo = repoOf(hub, c, 'contents', 'write')
    const release = visibleRelease(hub, repo, c.get('by'), numberParam(c, 'id'))
    if (release.immutable) throw unprocessable('Cannot upload assets to an immutable release.')
    const given = c.req.query('name')
    if (!given) throw new ApiError(400, 'Bad Size or missing name')
    const name = assetName(given)
    const isTaken = () => assets.find((row) => row.release === release.id && row.name === name) !== undefined
    if (isTaken()) throw invalid('ReleaseAsset', 'already_exists', 'name')
    if (assets.filter((row) => row.release === release.id).length >= MAX_ASSETS) {
      throw invalid('ReleaseAsset', 'custom', 'name', `A release may have ${MAX_ASSETS} assets.`)
    }
    if (!(Number(c.req.header('content-length')) < MAX_BYTES)) {
      throw invalid('ReleaseAsset', 'custom', 'size', `size must be less than ${MAX_BYTES}`)
    }
    const file = blobPath(hub.store)
    const { size, digest } = await saveStream(c.req.raw.body, file)
    if (isTaken()) {
      await rm(file, { force: true })
      throw invalid('ReleaseAsset', 'already_exists', 'name')
    }
    const asset = assets.insert({
      repo: repo.id,
      release: release.id,
      name,
      label: c.req.query('label') ?? '',
      contentType: c.req.header('content-type') ?? 'application/octet-stream',
      size,
      digest,
      file,
      downloads: 0,
      user: actor(c.get('by')),
      createdAt: hub.clock.now(),
    })
    return c.json(assetShape(hub, repo, asset), 201)
  })
}
