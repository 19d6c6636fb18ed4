import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Context, Hono } from 'hono'
import type { Hub } from '../hub.ts'
import { fileResponse, getBlobType, saveStream, setBlobType } from '../store/blobs.ts'

/** 64 bytes in base64. */
const MAX_BLOCK_ID = 88

/** As much of Azure's block blobs as the clients use: whole puts, blocks and their list, ranges. */
export function addBlobRoutes(app: Hono, hub: Hub): void {
  const pathOf = (c: Context) => {
    const name = c.req.param('name') ?? ''
    return /^[0-9a-f]{24}$/.test(name) ? join(hub.store.root, 'blobs', name) : undefined
  }

  app.put('/_services/blobs/:name', async (c) => {
    const file = pathOf(c)
    if (!file) return c.body(null, 404)
    if (!awaitsBytes(hub, file)) return refusal(403, 'AuthorizationFailure')
    const { comp, blockid = '' } = c.req.query()
    if (blockid.length > MAX_BLOCK_ID) return refusal(400, 'InvalidQueryParameterValue')
    const blocks = `${file}.blocks`
    if (comp === 'block' && blockid) {
      await mkdir(blocks, { recursive: true })
      await saveStream(c.req.raw.body, join(blocks, fileOf(blockid)))
    } else if (comp === 'blocklist') {
      const parts = (await c.req.text()).matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)
      const paths = [...parts].map(([, id]) => join(blocks, fileOf(id!)))
      if (!paths.every((path) => existsSync(path))) return refusal(400, 'InvalidBlockList')
      await writeFile(file, '')
      for (const path of paths) await pipeline(createReadStream(path), createWriteStream(file, { flags: 'a' }))
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

/** The id of a block is the client's: no path is made of it. */
const fileOf = (blockId: string) => Buffer.from(blockId).toString('hex')

/** Only an artifact or a cache entry that is not finished takes bytes: what is finished never changes. */
function awaitsBytes({ store }: Hub, file: string): boolean {
  const isOpen = (row: { file: string; finalized: boolean }) => row.file === file && !row.finalized
  return store.artifacts.find(isOpen) !== undefined || store.caches.find(isOpen) !== undefined
}

/** As Azure refuses: the code in a header and in XML. */
function refusal(status: number, code: string): Response {
  const headers = { 'content-type': 'application/xml', 'x-ms-error-code': code }
  return new Response(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`, { status, headers })
}
