import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { GitHub } from '@modelyard/github'
import { type Cache, download, keepInCache, takeFromCache } from '@modelyard/registry'
import { fileDigest, RefusedError, sha256, UserError } from '@modelyard/spec'
import { recall, remember } from './known-versions.ts'
import type { Located, Remote } from './remote.ts'
import { pathOf } from './targets.ts'
import { saveWhole } from './whole.ts'

/** Where files are fetched to, and from where they may be. */
export interface Place {
  /** The repository's root, which nothing is written out of. */
  root: string
  /** The model's folder. */
  folder: string
  /** Keeps bytes by their digest between runs; undefined where none are kept. */
  cache: Cache | undefined
  /** The connection to GitHub; throws a `UserError` where there is none. */
  connect: () => GitHub
  /** This run's number, whose artifacts come first. */
  run: number | undefined
  /** Told how far a file is. */
  tell: (progress: Progress) => void
}

export interface Progress {
  from: string
  to: string
  /** What came so far, of how much. */
  bytes: number
  of: number | undefined
}

/** A file that is there. */
export interface Brought {
  from: string
  to: string
  bytes: number
  sha256: string
  /** Whether its bytes came over the network. */
  fetched: boolean
  /** Whether the model file says what they must be. */
  pinned: boolean
}

/** More does not come from one file: a server that never ends must not fill a disk. */
const MOST_BYTES = 100e9

/**
 * Brings a file to its place in the model's folder, whole or not at all: what is there already, or in the cache, is not
 * fetched. Throws a `RefusedError` where other bytes came than the model file or the place says.
 */
export async function bring(remote: Remote, place: Place): Promise<Brought> {
  const { from, to, pinned } = remote
  const path = await pathOf(place, to)
  await mkdir(dirname(path), { recursive: true })
  const brought = async (digest: string, fetched: boolean): Promise<Brought> => {
    const { size } = await stat(path)
    return { from, to, bytes: size, sha256: digest, fetched, pinned: pinned !== undefined }
  }
  if (pinned !== undefined && (await isAtHand(pinned, path, place.cache))) return brought(pinned, false)

  const located = await remote.locate()
  const { version } = located
  if (pinned !== undefined && located.sha256 !== undefined && pinned !== located.sha256)
    throw otherBytes(from, { found: located.sha256, pinned })
  const known = located.sha256 ?? (version === undefined ? undefined : await recall(place.cache, version))
  if (known !== undefined && pinned === undefined && (await isAtHand(known, path, place.cache)))
    return brought(known, false)

  const wanted = pinned ?? located.sha256
  const found = await load(remote, located, { path, wanted, tell: place.tell })
  if (wanted !== undefined && found !== wanted) throw otherBytes(from, { found, pinned: wanted })
  if (place.cache) await keepInCache(place.cache, found, path)
  if (version !== undefined) await remember(place.cache, version, found)
  return brought(found, true)
}

async function isAtHand(digest: string, path: string, cache: Cache | undefined): Promise<boolean> {
  const there = await fileDigest(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  return there?.sha256 === digest || (cache !== undefined && (await takeFromCache(cache, digest, path)))
}

/** Downloads a file, and answers with the digest of what came. */
async function load(
  { from, to }: Remote,
  { version, content }: Located,
  { path, wanted, tell }: { path: string; wanted: string | undefined; tell: Place['tell'] },
): Promise<string> {
  const key = wanted ?? sha256(version ?? from)
  let bytes = 0
  async function* counted(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream) {
      bytes += chunk.length
      tell({ from, to, bytes, of: 'bytes' in content ? content.bytes : undefined })
      yield chunk
    }
  }
  if (!('bytes' in content)) {
    const stream = async () => counted(await content.stream())
    return saveWhole({ stream }, path, { key, pinned: wanted, most: MOST_BYTES, from })
  }
  if (content.bytes > MOST_BYTES)
    throw new UserError(`${from} is larger than ${MOST_BYTES / 1e9} GB, so it is not fetched.`)
  const open: typeof content.open = async (span) => counted(await content.open(span))
  return download([{ bytes: content.bytes, open }], path, key, { pinned: wanted !== undefined })
}

function otherBytes(from: string, { found, pinned }: { found: string; pinned: string }): RefusedError {
  return new RefusedError(
    `${from} has the digest ${found}, but ${pinned} was asked for: it is not used. Look who changed it; if that was meant, write the new digest into data.fetch.`,
  )
}
