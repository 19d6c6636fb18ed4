import { createHash } from 'node:crypto'
import { type FileHandle, rename, rm } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import type { Open } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { inLittleMemory } from './memory.ts'
import { beginPartial, type Partial, removeLeftovers } from './partial.ts'

/** Something whose bytes can be read from anywhere in it. */
export interface Source {
  bytes: number
  open: Open
}

interface Segment {
  source: Source
  /** Where it begins in its source, and in the file. */
  start: number
  offset: number
  bytes: number
}

export interface DownloadOptions {
  /** How much one request asks for; a download goes on from segment to segment. */
  segmentSize?: number
  atOnce?: number
  /** Whether `sha256` is that of the bytes. Where nobody knows theirs, it stands for where they lie and their version. */
  pinned?: boolean
}

/**
 * A tenth of a part: 2 GiB are 22 requests of the 1,000 that a workflow's token has in an hour, besides those that find
 * the release; the storage that each is sent on to counts none.
 */
const SEGMENT_SIZE = 100_000_000
const AT_ONCE = 4
const ATTEMPTS = 4
const WAIT_MS = 200

/**
 * Writes sources one after the other into a file, several segments at once, and hashes it as it grows; answers with the
 * SHA-256. The file is at `path` only if that is `sha256`, where it is `pinned`. What an interrupted download left is taken up; where it turns
 * out to be damaged, everything is downloaded again. Throws a `RefusedError` where the connection keeps breaking: what
 * came so far stays for the next run.
 */
export async function download(
  sources: readonly Source[],
  path: string,
  sha256: string,
  options: DownloadOptions = {},
): Promise<string> {
  const segments = cut(sources, options.segmentSize ?? SEGMENT_SIZE)
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const partial = await beginPartial(path, sha256, segments.length, bytes)
  let found: string
  try {
    found = await inLittleMemory(bytes, () => fill(partial, segments, options.atOnce ?? AT_ONCE))
  } catch (error) {
    await partial.leave()
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    throw new UserError(
      `There is no room for ${path} (${bytes} bytes). Make room or name another folder, and run it again: it goes on where it was.`,
    )
  }
  if (options.pinned !== false && found !== sha256) {
    await rm(partial.path)
    return partial.resumed ? download(sources, path, sha256, options) : found
  }
  await rename(partial.path, path)
  await removeLeftovers(path)
  return found
}

/** Segments never reach from one source into the next. */
function cut(sources: readonly Source[], size: number): Segment[] {
  let before = 0
  return sources.flatMap((source) => {
    const offset = before
    before += source.bytes
    return Array.from({ length: Math.ceil(source.bytes / size) }, (_, index) => {
      const start = index * size
      return { source, start, offset: offset + start, bytes: Math.min(size, source.bytes - start) }
    })
  })
}

/** Brings the segments that are missing, several at once, while those that are there are hashed in their order. */
async function fill(partial: Partial, segments: readonly Segment[], atOnce: number): Promise<string> {
  const arrivals = segments.map(() => Promise.withResolvers<boolean>())
  const queue = [...segments.keys()]
  const failures: unknown[] = []
  const lane = async () => {
    for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
      try {
        if (!partial.has(index)) {
          await bring(partial.file, segments[index]!)
          await partial.keep(index)
        }
        arrivals[index]!.resolve(true)
      } catch (error) {
        failures.push(error)
        arrivals[index]!.resolve(false)
        queue.length = 0
      }
    }
  }
  const lanes = Array.from({ length: atOnce }, lane)
  const [found] = await Promise.all([hashInOrder(partial.file, segments, arrivals), ...lanes])
  if (found === null) throw failures[0]
  await partial.finish()
  return found
}

/** Hashes what is on the disk, not what came over the wire: that is what will be used. Null where a segment never came. */
async function hashInOrder(
  file: FileHandle,
  segments: readonly Segment[],
  arrivals: ReadonlyArray<{ promise: Promise<boolean> }>,
): Promise<string | null> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  for (const [index, { offset, bytes }] of segments.entries()) {
    if (!(await arrivals[index]!.promise)) return null
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - at), offset + at)
      if (bytesRead === 0) break
      hash.update(buffer.subarray(0, bytesRead))
      at += bytesRead
    }
  }
  return hash.digest('hex')
}

/** Brings a segment; a connection that breaks is opened again where it broke. */
async function bring(file: FileHandle, { source, start, offset, bytes }: Segment): Promise<void> {
  let at = 0
  for (let attempt = 1; ; attempt++) {
    const stream = await source.open({ start: start + at, end: start + bytes })
    try {
      for await (const chunk of stream) {
        if (at + chunk.length > bytes) throw new Error('more came than was asked for')
        await writeAll(file, chunk, offset + at)
        at += chunk.length
      }
      if (at === bytes) return
      throw new Error('less came than was asked for')
    } catch (error) {
      if (isOfDisk(error)) throw error
      if (attempt === ATTEMPTS) {
        throw new RefusedError(
          `The connection broke ${ATTEMPTS} times during a download (${(error as Error).message}). Run it again: it goes on where it was.`,
          { cause: error },
        )
      }
    }
    await setTimeout(WAIT_MS * 2 ** attempt)
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < chunk.length; ) {
    at += (await file.write(chunk, at, chunk.length - at, position + at)).bytesWritten
  }
}

/** No room, no permission: asking again would not help. */
function isOfDisk(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'write'
}
