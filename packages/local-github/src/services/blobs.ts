import { createReadStream, existsSync, renameSync, statSync } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Context, Hono, Next } from 'hono'
import { limitForm } from '../http/body-limit.ts'
import type { Hub } from '../hub.ts'
import { fileResponse, getBlobType, isGranted, saveStream, setBlobType } from '../store/blobs.ts'
import type { Artifact } from '../store/entities.ts'
import { blobPath } from '../store/store.ts'
import { TwirpError } from './twirp.ts'

/** 64 bytes in base64. */
const MAX_BLOCK_ID = 88

/** As much of Azure's block blobs as the clients use: whole puts, blocks and their list, ranges. */
export function addBlobRoutes(app: Hono, hub: Hub): void {
  const pathOf = (c: Context) => {
    const name = c.req.param('name') ?? ''
    return /^[0-9a-f]{24}$/.test(name) ? join(hub.store.root, 'blobs', name) : undefined
  }

  const limitList = (c: Context, next: Next) => (c.req.query('comp') === 'blocklist' ? limitForm(c, next) : next())

  app.put('/_services/blobs/:name', limitList, async (c) => {
    const file = pathOf(c)
    if (!file) return c.body(null, 404)
    const { comp, blockid = '', ...query } = c.req.query()
    if (!isGranted(hub, file, 'w', query)) return refusal(403, 'AuthenticationFailed')
    if (!findOpen(hub, file)) return refusal(403, 'AuthorizationFailure')
    const isBlock = comp === 'block'
    if (blockid.length > MAX_BLOCK_ID || (isBlock && blockid === '')) return refusal(400, 'InvalidQueryParameterValue')
    const blocks = `${file}.blocks`
    let content: ReadableStream | Readable | null = c.req.raw.body
    if (comp === 'blocklist') {
      const parts = (await c.req.text()).matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)
      const paths = [...parts].map(([, id]) => join(blocks, fileOf(id!)))
      if (!paths.every((path) => existsSync(path))) return refusal(400, 'InvalidBlockList')
      content = Readable.from(concatenate(paths))
    }
    const fresh = blobPath(hub.store)
    const { digest } = await saveStream(content, fresh)
    const type = c.req.header('x-ms-blob-content-type')
    if (isBlock) await mkdir(blocks, { recursive: true })
    else if (type) await setBlobType(fresh, type)
    // Meanwhile its upload may have ended: from here on nothing comes between.
    const open = findOpen(hub, file)
    if (!open) {
      for (const each of [fresh, `${fresh}.type`, blocks]) await rm(each, { recursive: true, force: true })
      return refusal(403, 'AuthorizationFailure')
    }
    renameSync(fresh, isBlock ? join(blocks, fileOf(blockid)) : file)
    if (!isBlock) {
      if (type) renameSync(`${fresh}.type`, `${file}.type`)
      if (open.artifact) hub.store.artifacts.update(open.artifact, { digest })
      await rm(blocks, { recursive: true, force: true })
    }
    return c.body(null, 201, { etag: '"0x1"', 'last-modified': new Date().toUTCString(), 'x-ms-request-id': '1' })
  })

  app.get('/_services/blobs/:name', async (c) => {
    const file = pathOf(c)
    const found = file && (await stat(file).catch(() => undefined))
    if (!found) return c.body(null, 404)
    if (!isGranted(hub, file, 'r', c.req.query())) return refusal(403, 'AuthenticationFailed')
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

async function* concatenate(paths: readonly string[]) {
  for (const path of paths) yield* createReadStream(path)
}

/** Only an artifact or a cache entry that is not finished takes bytes: what is finished never changes. */
function findOpen({ store }: Hub, file: string): { artifact?: Artifact | undefined } | undefined {
  const isOpen = (row: { file: string; finalized: boolean }) => row.file === file && !row.finalized
  const artifact = store.artifacts.find(isOpen)
  return artifact || store.caches.find(isOpen) ? { artifact } : undefined
}

/** What ends an upload says how much it was: as much as has come. */
export function demandUploaded(file: string, size: number): void {
  const uploaded = statSync(file, { throwIfNoEntry: false })?.size
  if (uploaded !== size)
    throw new TwirpError('invalid_argument', `${uploaded ?? 'no'} bytes were uploaded, and not ${size}`)
}

/** As Azure refuses: the code in a header and in XML. */
function refusal(status: number, code: string): Response {
  const headers = { 'content-type': 'application/xml', 'x-ms-error-code': code }
  return new Response(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`, { status, headers })
}
