import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A file that is being downloaded, under a name of this process's own. */
export interface Partial {
  path: string
  file: FileHandle
  /** Whether an interrupted download's work was taken up. */
  resumed: boolean
  /** Whether a segment is there. */
  has: (segment: number) => boolean
  /** Notes that a segment is there, so that it outlives this process. */
  keep: (segment: number) => Promise<void>
  /** Ends the file where its bytes end. */
  finish: () => Promise<void>
  /** Lays it down for whoever comes next. */
  leave: () => Promise<void>
}

const THERE = 1

/** What this very process is writing: in a container its number may be that of one that was killed. */
const own = new Set<string>()

/**
 * Begins the download of a file, or takes up what was left of it by a process that is no more. Behind the bytes stands
 * one byte for each segment, which says whether it is there: so that bytes and notes are one file and cannot part.
 */
export async function beginPartial(path: string, sha256: string, segments: number, bytes: number): Promise<Partial> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = nameOwn(path, sha256)
  const taken = await takeUp(path, sha256, temporary, bytes + segments)
  const file = taken ?? (await open(temporary, 'wx+'))
  const notes = Buffer.alloc(segments)
  if (taken) await file.read(notes, 0, segments, bytes)
  else await file.truncate(bytes + segments)
  return {
    path: temporary,
    file,
    resumed: taken !== undefined,
    has: (segment) => notes[segment] === THERE,
    async keep(segment) {
      await file.write(Buffer.of(THERE), 0, 1, bytes + segment)
    },
    async finish() {
      await file.truncate(bytes)
      await file.close()
    },
    async leave() {
      await file.close()
      await rename(temporary, `${path}.${sha256.slice(0, 16)}.part`)
    },
  }
}

/** A name beside a path that no other process writes to, and that tells whether this one still lives. */
export function nameOwn(path: string, sha256: string): string {
  const name = `${path}.${sha256.slice(0, 16)}.${process.pid}-${randomUUID().slice(0, 8)}.part`
  own.add(basename(name))
  return name
}

/** Removes what processes that are no more left of a path, whatever its digest was to be. */
export async function removeLeftovers(path: string): Promise<void> {
  for (const { name } of await listLeftovers(path)) await rm(join(dirname(path), name), { force: true })
}

/**
 * Makes a leftover one's own and opens it: renaming succeeds for one process only. One of another length was cut
 * otherwise. A link is none: what is behind it would be written over.
 */
async function takeUp(path: string, sha256: string, to: string, length: number): Promise<FileHandle | undefined> {
  for (const { name, digest } of await listLeftovers(path)) {
    if (digest !== sha256.slice(0, 16)) continue
    try {
      await rename(join(dirname(path), name), to)
      const file = await open(to, constants.O_RDWR | (constants.O_NOFOLLOW ?? 0))
      if ((await file.stat()).size === length) return file
      await file.close()
    } catch (error) {
      if (!['ENOENT', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
    await rm(to, { force: true })
  }
  return undefined
}

/** The files beside a path that nobody is writing any more. */
async function listLeftovers(path: string): Promise<Array<{ name: string; digest: string }>> {
  const leftovers: Array<{ name: string; digest: string }> = []
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`)) continue
    const [, digest, owner] = LEFTOVER.exec(name.slice(basename(path).length)) ?? []
    if (digest === undefined || (owner !== undefined && isAlive(Number(owner), name))) continue
    const isFile = await lstat(join(dirname(path), name)).then(
      (stats) => stats.isFile(),
      () => false,
    )
    if (isFile) leftovers.push({ name, digest })
  }
  return leftovers
}

const LEFTOVER = /^\.([0-9a-f]{16})\.(?:(\d+)-[0-9a-f]{8}\.)?part$/

function isAlive(pid: number, name: string): boolean {
  if (pid === process.pid) return own.has(name)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
