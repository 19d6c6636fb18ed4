import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cache } from '@modelyard/registry'
import { sha256 } from '@modelyard/spec'

/** The digest of what lay at a place in some version, where a cache remembers it. */
export async function recall(cache: Cache | undefined, version: string): Promise<string | undefined> {
  if (!cache) return undefined
  const digest = await readFile(noteOf(cache, version), 'utf8').catch(() => '')
  return /^[0-9a-f]{64}$/.test(digest) ? digest : undefined
}

/** Remembers it. Where that cannot be written, the bytes are fetched again. */
export async function remember(cache: Cache | undefined, version: string, digest: string): Promise<void> {
  if (!cache) return
  const note = noteOf(cache, version)
  const temporary = `${note}.${randomUUID()}`
  try {
    await mkdir(dirname(note), { recursive: true })
    await writeFile(temporary, digest)
    await rename(temporary, note)
  } catch (error) {
    cache.warn?.(`The cache ${dirname(note)} could not be written: ${(error as Error).message}.`)
  }
}

/** Beside the folder of the bytes; a version may hold what is secret, so it is not written itself. */
function noteOf({ folder }: Cache, version: string): string {
  return join(dirname(folder), 'versions', sha256(version))
}
