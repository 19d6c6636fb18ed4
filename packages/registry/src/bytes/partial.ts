import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
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

/**
 * Begins the download of a file, or takes up what was left of it by a process that is no more. Behind the bytes stands
 * one byte for each segment, which says whether it is there: so that bytes and notes are one file and cannot part.
 */
export async function beginPartial(path: string, sha256: string, segments: number, bytes: number): Promise<Partial> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const free = `${path}.${sha256.slice(0, 16)}.part`
  const own = `${path}.${sha256.slice(0, 16)}.${process.pid}-${randomUUID().slice(0, 8)}.part`
  const resumed = await takeUp(folder, basename(free).replace(/part$/, ''), own, bytes + segments)
  const file = await open(own, resumed ? 'r+' : 'w+')
  const notes = Buffer.alloc(segments)
  if (resumed) await file.read(notes, 0, segments, bytes)
  else await file.truncate(bytes + segments)
  return {
    path: own,
    file,
    resumed,
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
      await rename(own, free)
    },
  }
}

/** Makes a leftover one's own: renaming it succeeds for one process only. One of another length is cut otherwise. */
async function takeUp(folder: string, prefix: string, own: string, length: number): Promise<boolean> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith('part')) continue
    const [, owner] = /^(\d+)-/.exec(name.slice(prefix.length)) ?? []
    if (owner !== undefined && isAlive(Number(owner))) continue
    try {
      await rename(join(folder, name), own)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw error
    }
    const file = await open(own)
    const { size } = await file.stat().finally(() => file.close())
    if (size === length) return true
    await rm(own)
  }
  return false
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
