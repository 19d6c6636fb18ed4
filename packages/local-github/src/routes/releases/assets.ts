import { rm } from 'node:fs/promises'
import { type App, bodyOf, type Ctx, numberParam, page, repoOf } from '../../http/app.ts'
import { actor } from '../../http/auth.ts'
import { ApiError, invalid, notFound, unprocessable } from '../../http/errors.ts'
import type { Hub } from '../../hub.ts'
import { assetShape } from '../../shapes/releases.ts'
import { fileResponse, saveStream } from '../../store/blobs.ts'
import type { Asset, Repository } from '../../store/entities.ts'
import { blobPath } from '../../store/store.ts'
import { visibleRelease } from './releases.ts'

const MAX_ASSETS = 1000
const MAX_BYTES = 2 ** 31
const FIXED = 'Cannot upload assets to an immutable release.'

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
    assets.update(asset, { updatedAt: hub.clock.now() })
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
    if (asset.state === 'starter') throw notFound()
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
    if (release.immutable) throw unprocessable(FIXED)
    const name = assetName(c.req.query('name') ?? '')
    if (name === '') throw invalid('ReleaseAsset', 'missing_field', 'name')
    checkSize(c.req.header('content-length'))
    const own = assets.filter((row) => row.release === release.id)
    if (own.some((row) => row.name === name)) throw invalid('ReleaseAsset', 'already_exists', 'name')
    if (own.length >= MAX_ASSETS)
      throw invalid('ReleaseAsset', 'custom', 'name', `A release may have ${MAX_ASSETS} assets.`)
    const at = hub.clock.now()
    // There before its bytes are: when they break off, what is left is in the way of another of its name.
    const asset = assets.insert({
      repo: repo.id,
      release: release.id,
      name,
      label: c.req.query('label') ?? '',
      state: 'starter',
      contentType: c.req.header('content-type') ?? 'application/octet-stream',
      size: 0,
      digest: null,
      file: blobPath(hub.store),
      downloads: 0,
      user: actor(c.get('by')),
      createdAt: at,
      updatedAt: at,
    })
    const saved = await saveStream(c.req.raw.body, asset.file).catch(() => undefined)
    if (!saved) throw new ApiError(502, 'Bad Gateway')
    if (assets.get(asset.id) !== asset || release.immutable) {
      // Meanwhile it was deleted, or its release was published for good.
      assets.delete(asset.id)
      await rm(asset.file, { force: true })
      throw release.immutable ? unprocessable(FIXED) : notFound()
    }
    assets.update(asset, { ...saved, state: 'uploaded', updatedAt: hub.clock.now() })
    return c.json(assetShape(hub, repo, asset), 201)
  })
}

function checkSize(length: string | undefined): void {
  if (length === undefined) throw new ApiError(400, 'Bad Content-Length: ')
  const size = Number(length)
  if (size < 1) throw invalid('ReleaseAsset', 'custom', 'size', 'size must be greater than or equal to 1')
  if (size >= MAX_BYTES) throw invalid('ReleaseAsset', 'custom', 'size', `size must be less than ${MAX_BYTES}`)
}
