import { createHash, randomUUID } from 'node:crypto'
import { constants, createReadStream, createWriteStream } from 'node:fs'
import { copyFile, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { nameOwn, removeLeftovers } from './partial.ts'

/** A folder that keeps files by their digest, and how many bytes it may hold. */
export interface Cache {
  folder: string
  limit?: number
  /** Told why the cache is of no use: what it does not give is downloaded. */
  warn?: (sentence: string) => void
}

const LIMIT = 10_000_000_000
/** After so long nobody is writing a `.part` file any more. */
const ABANDONED_MS = 24 * 3_600_000

/**
 * Copies a file out of the cache to a path, if its digest still is what its name says; answers whether it did. A copy,
 * never a link: what a job does to its file must not reach that of another. A cache that cannot be read gives nothing.
 */
export async function takeFromCache({ folder, warn }: Cache, sha256: string, path: string): Promise<boolean> {
  const held = join(folder, sha256)
  const temporary = nameOwn(path, sha256)
  const hash = createHash('sha256')
  const measured = new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  try {
    await pipeline(createReadStream(held), measured, createWriteStream(temporary))
    if (hash.digest('hex') !== sha256) {
      await rm(held, { force: true })
      return false
    }
    await rename(temporary, path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT') warn?.(`The cache ${folder} could not be read, so it is downloaded: ${message}.`)
    return false
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
  await utimes(held, new Date(), new Date()).catch(() => {})
  await removeLeftovers(path)
  return true
}

/** Keeps a file that was verified, and lets go of what was not used for longest. A cache that cannot be written is none. */
export async function keepInCache({ folder, limit = LIMIT, warn }: Cache, sha256: string, path: string): Promise<void> {
  const temporary = join(folder, `${randomUUID()}.part`)
  try {
    if ((await stat(path)).size > limit) return
    await mkdir(folder, { recursive: true })
    await copyFile(path, temporary, constants.COPYFILE_FICLONE)
    await rename(temporary, join(folder, sha256))
    await prune(folder, limit)
  } catch (error) {
    warn?.(
      `The cache ${folder} could not be written, so it is downloaded again next time: ${(error as Error).message}.`,
    )
  } finally {
    await rm(temporary, { force: true }).catch(() => {})
  }
}

async function prune(folder: string, limit: number): Promise<void> {
  const held = await Promise.all(
    (await readdir(folder)).map(async (name) => ({ name, ...(await statOf(join(folder, name))) })),
  )
  let room = limit
  for (const { name, size, used } of held.sort((a, b) => b.used - a.used)) {
    if (name.endsWith('.part') && Date.now() - used < ABANDONED_MS) continue
    room -= size
    if (room < 0 || name.endsWith('.part')) await rm(join(folder, name), { force: true })
  }
}

async function statOf(path: string): Promise<{ size: number; used: number }> {
  const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
  return { size, used: mtimeMs }
}
