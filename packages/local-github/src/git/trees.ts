import { unprocessable } from '../http/errors.ts'
import type { Repository } from '../store/entities.ts'
import { writeObject } from './loose.ts'
import { findObject, readObject } from './objects.ts'
import { findEntry, isPath } from './tree.ts'
import { FOLDER, parseTreeObject, type TreeLine, toBytes, treeObject, typeOf } from './tree-object.ts'

/** One path of a tree as the API takes it: by the id of what it is to be, or by its text; `sha: null` takes it away. */
export interface TreeEntry {
  path: string
  mode: string
  type: string
  sha?: string | null
  content?: string
}

/** What is to be in a folder, by name; a folder in it is read once something in it changes. */
type Draft = Map<string, TreeLine | Draft>

/** Applies entries to a tree, in their order; answers with the new tree's id. A folder with nothing in it is none. */
export async function writeTree({ gitDir }: Repository, entries: TreeEntry[], base?: string): Promise<string> {
  const root = base ? await open(gitDir, `${base}^{tree}`) : new Map()
  for (const entry of entries) {
    const { path, mode } = entry
    if (!isPath(path)) throw unprocessable('tree.path contains a malformed path component')
    const names = path.split('/').map(toBytes)
    const name = names.pop()!
    if (entry.sha === null) {
      if (!(base && (await findEntry(gitDir, base, path)))) throw unprocessable('GitRPC::BadObjectState')
      ;(await findFolder(gitDir, root, names))?.delete(name)
    } else {
      const sha = await contentOf(gitDir, entry)
      const folder = await makeFolder(gitDir, root, names)
      folder.set(name, { mode: mode.replace(/^0/, ''), name, sha })
    }
  }
  return write(gitDir, root)
}

async function open(gitDir: string, tree: string): Promise<Draft> {
  return new Map(parseTreeObject((await readObject(gitDir, tree))!.bytes).map((line) => [line.name, line]))
}

/** A folder's draft in that of its parent; undefined where there is no folder of the name. */
async function enter(gitDir: string, parent: Draft, name: string): Promise<Draft | undefined> {
  const found = parent.get(name)
  if (found === undefined || found instanceof Map) return found
  if (found.mode !== FOLDER) return undefined
  const draft = await open(gitDir, found.sha)
  parent.set(name, draft)
  return draft
}

async function findFolder(gitDir: string, root: Draft, names: string[]): Promise<Draft | undefined> {
  let folder: Draft | undefined = root
  for (const name of names) folder = folder && (await enter(gitDir, folder, name))
  return folder
}

/** The same, in place of whatever else bore one of the names. */
async function makeFolder(gitDir: string, root: Draft, names: string[]): Promise<Draft> {
  let folder = root
  for (const name of names) {
    const inner: Draft = (await enter(gitDir, folder, name)) ?? new Map()
    folder.set(name, inner)
    folder = inner
  }
  return folder
}

async function write(gitDir: string, draft: Draft): Promise<string> {
  const lines: TreeLine[] = []
  for (const [name, found] of draft) {
    const line = found instanceof Map ? { mode: FOLDER, name, sha: await write(gitDir, found) } : found
    if (line.sha !== EMPTY) lines.push(line)
  }
  return writeObject(gitDir, 'tree', treeObject(lines))
}

/** The id of a tree with nothing in it. */
const EMPTY = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

async function contentOf(gitDir: string, { mode, type, sha, content }: TreeEntry): Promise<string> {
  if (typeof sha === 'string' && content !== undefined)
    throw unprocessable('Must supply either tree.sha or tree.content')
  const id = sha ?? (await writeObject(gitDir, 'blob', content ?? ''))
  const isOf = async (wanted: string) => (await findObject(gitDir, id))?.type === wanted && type === wanted
  const wanted = typeOf({ mode: mode.replace(/^0/, '') })
  // The commit of a submodule is another repository's.
  if (!SHA.test(id) || !(wanted === 'commit' || (await isOf(wanted)))) {
    throw unprocessable(`tree.sha ${id} is not a valid ${type}`)
  }
  return id
}

const SHA = /^[0-9a-f]{40}$/
