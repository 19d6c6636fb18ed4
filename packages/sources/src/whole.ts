import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { inLittleMemory, nameOwn, removeLeftovers } from '@modelyard/registry'
import { RefusedError } from '@modelyard/spec'
import type { Whole } from './remote.ts'

const ATTEMPTS = 4
const WAIT_MS = 200

/**
 * Writes what is sent from beginning to end into a file, from the beginning again where the connection broke; answers
 * with the SHA-256. The file is at `path` only if that is `pinned`, where it is given. `key` tells its leftovers apart.
 */
export async function saveWhole(
  { stream }: Whole,
  path: string,
  { key, pinned, most, from }: { key: string; pinned: string | undefined; most: number; from: string },
): Promise<string> {
  const temporary = nameOwn(path, key)
  try {
    for (let attempt = 1; ; attempt++) {
      const content = await stream()
      try {
        const found = await inLittleMemory(most, () => save(content, temporary, { most, from }))
        if (pinned === undefined || found === pinned) await rename(temporary, path)
        return found
      } catch (error) {
        if (error instanceof RefusedError || isOfDisk(error)) throw error
        if (attempt === ATTEMPTS)
          throw new RefusedError(
            `The connection broke ${ATTEMPTS} times while ${from} was fetched (${(error as Error).message}). Run it again.`,
            { cause: error },
          )
      }
      await setTimeout(WAIT_MS * 2 ** attempt)
    }
  } finally {
    await rm(temporary, { force: true })
    await removeLeftovers(path)
  }
}

async function save(
  content: AsyncIterable<Uint8Array>,
  path: string,
  { most, from }: { most: number; from: string },
): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  async function* measured() {
    for await (const chunk of content) {
      bytes += chunk.length
      if (bytes > most) throw new RefusedError(`${from} is larger than ${most / 1e9} GB, so it is not fetched.`)
      hash.update(chunk)
      yield chunk
    }
  }
  await pipeline(measured, createWriteStream(path))
  return hash.digest('hex')
}

/** No room, no permission: asking again would not help. */
function isOfDisk(error: unknown): boolean {
  return ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')
}
