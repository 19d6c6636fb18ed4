import { git } from './git.ts'
import { readObject } from './objects.ts'

export interface TreeEntry {
  path: string
  mode: string
  type: 'blob' | 'tree' | 'commit'
  sha: string
  /** Of a blob, in bytes. */
  size: number
}

/** What a path looks like is no pattern. */
const LIST = ['--literal-pathspecs', 'ls-tree', '-z', '-l', '--full-tree']

export const SYMLINK = '120000'

/** What lies at a path of a commit, itself and not what is in it; the root where the path is empty. */
export async function findEntry(gitDir: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  if (path === '') {
    const root = await readObject(gitDir, `${commit}^{tree}`)
    return root && { path, mode: '040000', type: 'tree', sha: root.sha, size: 0 }
  }
  if (!isPath(path)) return undefined
  const [entry] = parse(await git(gitDir, [...LIST, commit, '--', path]))
  return entry?.path === path ? entry : undefined
}

/** What is in a folder of a commit. */
export async function listFolder(gitDir: string, commit: string, path: string): Promise<TreeEntry[]> {
  const folder = path === '' ? [] : ['--', `${path}/`]
  return parse(await git(gitDir, [...LIST, commit, ...folder]))
}

/** Whether git would keep a file under this path. */
export function isPath(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => !['', '.', '..', '.git'].includes(part.toLowerCase()))
}

function parse(listing: string): TreeEntry[] {
  return listing
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const tab = line.indexOf('\t')
      const [mode, type, sha, size] = line.slice(0, tab).split(/ +/) as [string, TreeEntry['type'], string, string]
      return { path: line.slice(tab + 1), mode, type, sha, size: Number(size) || 0 }
    })
}
