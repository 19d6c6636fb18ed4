import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRefName } from './ref-names.ts'

/** Of more than this git reads them sooner, although it has to be started. */
const FEW = 200

const SHA = /^[0-9a-f]{40}$/

/** Refs with the ids in them, by name, as a repository's files have them; undefined where there are many. */
export function readRefFiles(gitDir: string): Map<string, string> | undefined {
  const loose = new Map<string, string>()
  if (!readFolder(gitDir, 'refs', loose)) return undefined
  // Read afterwards, as what leaves a file of its own is in here before.
  const packed = read(join(gitDir, 'packed-refs'))
  if (packed.length > FEW * 100) return undefined
  const lines = packed.split('\n').map((line) => [line.slice(41), line.slice(0, 40)] as const)
  const refs = new Map([...lines.filter(([, sha]) => SHA.test(sha)), ...loose])
  if (refs.size > FEW) return undefined
  return new Map([...refs].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Adds what is in a folder; false where that is too much, or nothing that is read here. */
function readFolder(gitDir: string, folder: string, refs: Map<string, string>): boolean {
  const entries = list(join(gitDir, folder))
  if (refs.size + entries.length > FEW) return false
  return entries.every((entry) => {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) return readFolder(gitDir, name, refs)
    // One that is just being written has another name.
    if (!isRefName(name)) return true
    const sha = read(join(gitDir, name)).trim()
    if (SHA.test(sha)) refs.set(name, sha)
    return SHA.test(sha) || sha === ''
  })
}

/** What is there no more has nothing in it. */
function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    return missing(error, [])
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return missing(error, '')
  }
}

function missing<T>(error: unknown, otherwise: T): T {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise
  throw error
}
