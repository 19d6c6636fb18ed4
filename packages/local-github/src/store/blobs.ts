import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Hub } from '../hub.ts'
import { blobPath } from './store.ts'

/** Of this process: an address from before a restart is of no use. */
const KEY = randomBytes(32)

/** What an address is good for: to read the file, or to write it. */
type Grant = 'r' | 'w'

/** Where who has the address, and nobody else, may read or write a stored file for so many minutes: GitHub's signed URLs. */
export function blobUrl({ urls, clock }: Hub, file: string, grant: Grant, minutes: number): string {
  const until = new Date(clock.time().getTime() + minutes * 60_000).toISOString()
  const query = new URLSearchParams({ se: until, sp: grant, sig: signatureOf(file, grant, until) })
  return `${urls.server}/_services/blobs/${basename(file)}?${query}`
}

/** Whether an address with this query was given for the file, and is still good. */
export function isGranted(
  hub: Hub,
  file: string,
  grant: Grant,
  { se = '', sig = '' }: Record<string, string>,
): boolean {
  const [given, own] = [Buffer.from(sig), Buffer.from(signatureOf(file, grant, se))]
  return given.length === own.length && timingSafeEqual(given, own) && Date.parse(se) > hub.clock.time().getTime()
}

function signatureOf(file: string, grant: Grant, until: string): string {
  return createHmac('sha256', KEY)
    .update(`${basename(file)} ${grant} ${until}`)
    .digest('base64url')
}

/** A blob is served with the type that it was stored with; clients look at it (an artifact is unpacked by it). */
export async function setBlobType(file: string, type: string): Promise<void> {
  await writeFile(`${file}.type`, type)
}

export function getBlobType(file: string): Promise<string> {
  return readFile(`${file}.type`, 'utf8').catch(() => 'application/octet-stream')
}

/** Stores a content, once however often it is asked for, and returns the file. */
export async function saveBlob({ store }: Hub, content: string | Buffer, type: string): Promise<string> {
  const fresh = blobPath(store)
  const file = join(dirname(fresh), createHash('sha256').update(content).digest('hex').slice(0, basename(fresh).length))
  if (existsSync(file)) return file
  await writeFile(fresh, content)
  await setBlobType(file, type)
  await rename(fresh, file)
  return file
}

/** Streams bytes into a file; their number and sha256 come out. The file is gone again when the stream breaks. */
export async function saveStream(
  body: ReadableStream | Readable | null,
  file: string,
): Promise<{ size: number; digest: string }> {
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
    const source = body instanceof ReadableStream ? Readable.fromWeb(body as never) : (body ?? Readable.from([]))
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
