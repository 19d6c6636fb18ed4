import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Context, Hono } from 'hono'
import type { Hub } from '../hub.ts'
import { fileResponse, getBlobType, saveStream, setBlobType } from '../store/blobs.ts'
import { artifactService } from './artifacts.ts'
import { cacheService } from './caches.ts'
import { authenticateRuntime, type Message, TwirpError } from './twirp.ts'

const PACKAGE = 'github.actions.results.api.v1'
const SERVICES = { ArtifactService: artifactService, CacheService: cacheService }

/** What jobs talk to beside the API: the results service, its blob store, and the OIDC issuer. */
export function addServiceRoutes(app: Hono, hub: Hub): void {
  app.post('/twirp/:service/:method', async (c) => {
    try {
      const name = c.req.param('service').replace(`${PACKAGE}.`, '') as keyof typeof SERVICES
      const handler = SERVICES[name]?.[c.req.param('method')]
      if (!handler) throw new TwirpError('not_found', 'no such method')
      const caller = authenticateRuntime(hub, c.req.header('authorization'))
      return c.json((await handler(hub, caller, (await c.req.json()) as Message)) as object)
    } catch (error) {
      if (error instanceof TwirpError) return error.toResponse()
      throw error
    }
  })

  addBlobRoutes(app, hub)

  app.get('/_services/oidc/token', (c) => {
    const claims = hub.oidc.verify(c.req.header('authorization')?.replace(/^Bearer /i, '') ?? '')
    if (claims?.use !== 'id-token') return c.json({ message: 'The token is not valid.' }, 401)
    const about = claims.claims as Record<string, unknown>
    const audience = c.req.query('audience') ?? `https://github.com/${about.repository_owner}`
    return c.json({ value: hub.oidc.issue({ ...about, aud: audience }) })
  })
  app.get('/_services/oidc/.well-known/jwks', (c) => c.json(hub.oidc.jwks()))
  app.get('/_services/oidc/.well-known/openid-configuration', (c) => {
    const issuer = `${hub.urls.server}/_services/oidc`
    return c.json({ issuer, jwks_uri: `${issuer}/.well-known/jwks`, id_token_signing_alg_values_supported: ['RS256'] })
  })
}

/** As much of Azure's block blobs as the clients use: whole puts, blocks and their list, ranges. */
function addBlobRoutes(app: Hono, hub: Hub): void {
  const pathOf = (c: Context) => {
    const name = c.req.param('name') ?? ''
    return /^[0-9a-f]{24}$/.test(name) ? join(hub.store.root, 'blobs', name) : undefined
  }

  app.put('/_services/blobs/:name', async (c) => {
    const file = pathOf(c)
    if (!file) return c.body(null, 404)
    const { comp, blockid } = c.req.query()
    const blocks = `${file}.blocks`
    if (comp === 'block' && blockid) {
      await mkdir(blocks, { recursive: true })
      await saveStream(c.req.raw.body, join(blocks, Buffer.from(blockid).toString('hex')))
    } else if (comp === 'blocklist') {
      await writeFile(file, '')
      for (const [, id] of (await c.req.text()).matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)) {
        const block = join(blocks, Buffer.from(id!).toString('hex'))
        await pipeline(createReadStream(block), createWriteStream(file, { flags: 'a' }))
      }
      await rm(blocks, { recursive: true, force: true })
    } else await saveStream(c.req.raw.body, file)
    const type = c.req.header('x-ms-blob-content-type')
    if (type) await setBlobType(file, type)
    return c.body(null, 201, { etag: '"0x1"', 'last-modified': new Date().toUTCString(), 'x-ms-request-id': '1' })
  })

  app.get('/_services/blobs/:name', async (c) => {
    const file = pathOf(c)
    const found = file && (await stat(file).catch(() => undefined))
    if (!found) return c.body(null, 404)
    const range = c.req.header('x-ms-range') ?? c.req.header('range')
    return fileResponse(file, found.size, range, {
      'content-type': await getBlobType(file),
      etag: '"0x1"',
      'last-modified': found.mtime.toUTCString(),
      'x-ms-blob-type': 'BlockBlob',
    })
  })
}
