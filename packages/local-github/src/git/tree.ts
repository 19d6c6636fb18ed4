import { findObject, readObject } from './objects.ts'
import { FOLDER, parseTreeObject, type TreeLine, toBytes, toText, typeOf } from './tree-object.ts'

export interface TreeEntry {
  path: string
  /** Six digits. */
  mode: string
  type: 'blob' | 'tree' | 'commit'
  sha: string
  /** Of a blob, in bytes. */
  size: number
}

export const SYMLINK = '120000'

/** What lies at a path of a commit or tree, itself and not what is in it; the root where the path is empty. */
export async function findEntry(gitDir: string, treeish: string, path: string): Promise<TreeEntry | undefined> {
  if (path !== '' && !isPath(path)) return undefined
  const root = await readObject(gitDir, `${treeish}^{tree}`)
  let line: TreeLine | undefined = root && { mode: FOLDER, name: '', sha: root.sha }
  for (const part of path.split('/').filter(Boolean)) {
    if (line?.mode !== FOLDER) return undefined
    const name = toBytes(part)
    line = (await readLines(gitDir, line.sha)).find((each) => each.name === name)
  }
  return line && (await measure(gitDir, [{ line, path }]))[0]
}

/** What is in a folder of a commit, with whole paths; all below it, too, where `recursive` says so. */
export async function listFolder(
  gitDir: string,
  commit: string,
  path: string,
  recursive = false,
): Promise<TreeEntry[]> {
  const folder = await findEntry(gitDir, commit, path)
  if (folder?.type !== 'tree') return []
  return measure(gitDir, await walk(gitDir, folder.sha, path === '' ? '' : `${path}/`, recursive))
}

/** Whether git would keep a file under this path, on any system: to some `GIT~1` and `.git.` are the same as `.git`. */
export function isPath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => !UNSAFE.test(part))
}

const UNSAFE = /^(?:|\.|\.\.|(?:\.git|git~1)[ .]*(?:[:\\].*)?)$/i

interface Found {
  line: TreeLine
  path: string
}

async function walk(gitDir: string, sha: string, before: string, recursive: boolean): Promise<Found[]> {
  const found: Found[] = []
  for (const line of await readLines(gitDir, sha)) {
    const path = before + toText(line.name)
    found.push({ line, path })
    if (recursive && line.mode === FOLDER) found.push(...(await walk(gitDir, line.sha, `${path}/`, true)))
  }
  return found
}

async function readLines(gitDir: string, sha: string): Promise<TreeLine[]> {
  return parseTreeObject((await readObject(gitDir, sha))!.bytes)
}

function measure(gitDir: string, found: Found[]): Promise<TreeEntry[]> {
  return Promise.all(
    found.map(async ({ line: { mode, sha }, path }) => {
      const type = typeOf({ mode })
      const size = type === 'blob' ? (await findObject(gitDir, sha))!.size : 0
      return { path, mode: mode.padStart(6, '0'), type, sha, size }
    }),
  )
}
