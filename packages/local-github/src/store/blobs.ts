import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Hub } from '../hub.ts'
import { blobPath } from './store.ts'

/** Where a stored file can be fetched by who knows its name, which is random: GitHub's signed URLs. */
export function blobUrl(hub: Hub, file: string): string {
  return `${hub.urls.server}/_services/blobs/${basename(file)}`
}

/** A blob is served with the type that it was stored with; clients look at it (an artifact is unpacked by it). */
export async function setBlobType(file: string, type: string): Promise<void> {
  await writeFile(`${file}.type`, type)
}

export function getBlobType(file: string): Promise<string> {
  return readFile(`${file}.type`, 'utf8').catch(() => 'application/octet-stream')
}

/** Stores a content and returns its URL. */
export async function saveBlob(hub: Hub, content: string | Buffer, type: string): Promise<string> {
  const file = blobPath(hub.store)
  await writeFile(file, content)
  await setBlobType(file, type)
  return blobUrl(hub, file)
}

/** Streams bytes into a file; their number and sha256 come out. The file is gone again when the stream breaks. */
export async function saveStream(body: ReadableStream | null, file: string): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256')
  let size = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      size += chunk.length
      done(null, chunk)
    },
  })
  try {
    const source = body ? Readable.fromWeb(body as never) : Readable.from([])
    await pipeline(source, measure, createWriteStream(file))
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
  return { size, digest: `sha256:${hash.digest('hex')}` }
}

/** Files are strangers', and lie where people are signed in: a browser shows none of them as a page of this server. */
export const UNTRUSTED = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
}

/** A stranger's file as a response to be saved, whole or the one range that was asked for. */
export function fileResponse(
  file: string,
  size: number,
  range: string | undefined,
  own: Record<string, string>,
): Response {
  const headers = { 'content-disposition': 'attachment', ...own, ...UNTRUSTED }
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '')
  if (!match || size === 0) {
    const length = { 'content-length': String(size), 'accept-ranges': 'bytes' }
    return new Response(size === 0 ? '' : read(file), { headers: { ...headers, ...length } })
  }
  const [, from, to] = match
  const start = from ? Number(from) : Math.max(size - Number(to), 0)
  const end = from && to ? Math.min(Number(to), size - 1) : size - 1
  if (start > end) return new Response(null, { status: 416, headers: { 'content-range': `bytes */${size}` } })
  return new Response(read(file, start, end), {
    status: 206,
    headers: {
      ...headers,
      'content-length': String(end - start + 1),
      'content-range': `bytes ${start}-${end}/${size}`,
      'accept-ranges': 'bytes',
    },
  })
}

function read(file: string, start?: number, end?: number): ReadableStream {
  const range = start === undefined || end === undefined ? {} : { start, end }
  return Readable.toWeb(createReadStream(file, range)) as ReadableStream
}
