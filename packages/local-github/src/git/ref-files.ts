import { type Dirent, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRefName } from './ref-names.ts'

const SHA = /^[0-9a-f]{40}$/
const SYMBOLIC = /^ref: (.+)$/

/**
 * Refs whose full names start with `prefix`, with the ids in them, sorted by name, from the files in which git keeps
 * them: ten thousand are read in less time than git takes to start and read them.
 */
export function readRefs(gitDir: string, prefix = 'refs/'): Array<{ ref: string; sha: string }> {
  const loose = new Map<string, string>()
  readFolder(gitDir, 'refs', loose)
  // Read afterwards, as what loses its own file is in here before.
  const packed = read(join(gitDir, 'packed-refs')).split('\n')
  const refs = new Map([...packed.map((line) => [line.slice(41), line.slice(0, 40)] as const), ...loose])
  return [...refs.keys()]
    .filter((ref) => ref.startsWith(prefix))
    .sort()
    .map((ref) => ({ ref, sha: follow(refs, ref) ?? '' }))
    .filter(({ sha }) => SHA.test(sha))
}

/** What is in a ref, or in the one that it names instead. */
function follow(refs: ReadonlyMap<string, string>, ref: string, depth = 0): string | undefined {
  const value = refs.get(ref)
  const target = value && SYMBOLIC.exec(value)?.[1]
  return target && depth < 5 ? follow(refs, target, depth + 1) : value
}

function readFolder(gitDir: string, folder: string, refs: Map<string, string>): void {
  for (const entry of list(join(gitDir, folder))) {
    const name = `${folder}/${entry.name}`
    if (entry.isDirectory()) readFolder(gitDir, name, refs)
    // One that is just being written has another name, and is nothing before its time.
    else if (isRefName(name)) {
      const value = read(join(gitDir, name)).trim()
      if (value !== '') refs.set(name, value)
    }
  }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    return unlessGone(error, [])
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    return unlessGone(error, '')
  }
}

/** What is taken away meanwhile has nothing in it. */
function unlessGone<T>(error: unknown, nothing: T): T {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing
  throw error
}
