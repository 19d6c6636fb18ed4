import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprocessable } from '../http/errors.ts'
import type { Repository } from '../store/entities.ts'
import { git, ZERO_SHA } from './git.ts'
import { findObject } from './objects.ts'

/** One path of a tree as the API takes it: by the id of what it is to be, or by its text; `sha: null` takes it away. */
export interface TreeEntry {
  path: string
  mode: string
  type: string
  sha?: string | null
  content?: string
}

/** Applies entries to a tree, in their order, through a throw-away index; answers with the new tree's id. */
export async function writeTree(repo: Repository, entries: TreeEntry[], base?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-index-'))
  const env = { GIT_INDEX_FILE: join(folder, 'index') }
  // Starting git takes the time, so that it hears of many paths at once.
  let lines: string[] = []
  const flush = async () => {
    const input = lines.map((line) => `${line}\0`).join('')
    lines = []
    if (input) await git(repo.gitDir, ['update-index', '--add', '--replace', '-z', '--index-info'], { env, input })
  }
  try {
    if (base) await git(repo.gitDir, ['read-tree', base], { env })
    for (const entry of entries) {
      const { path, mode } = entry
      if (isMalformed(path)) throw unprocessable('tree.path contains a malformed path component')
      if (entry.sha === null) {
        for (const name of await filesAt(repo, path, base)) lines.push(`0 ${ZERO_SHA}\t${name}`)
        continue
      }
      const id = await contentOf(repo, entry)
      if (mode === '040000') {
        await flush()
        await git(repo.gitDir, ['read-tree', `--prefix=${path}/`, id], { env })
      } else lines.push(`${mode} ${id}\t${path}`)
    }
    await flush()
    return await git(repo.gitDir, ['write-tree'], { env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The file of a path, or all in its folder. */
async function filesAt(repo: Repository, path: string, base: string | undefined): Promise<string[]> {
  const names = base ? await git(repo.gitDir, ['ls-tree', '-r', '-z', '--name-only', base, '--', path]) : ''
  if (names === '') throw unprocessable('GitRPC::BadObjectState')
  return names.split('\0').filter(Boolean)
}

async function contentOf(repo: Repository, { mode, type, sha, content }: TreeEntry): Promise<string> {
  if (typeof sha === 'string' && content !== undefined)
    throw unprocessable('Must supply either tree.sha or tree.content')
  const id = sha ?? (await git(repo.gitDir, ['hash-object', '-w', '--stdin'], { input: content ?? '' }))
  if (!SHA.test(id) || ((await findObject(repo.gitDir, id))?.type !== type && mode !== '160000')) {
    throw unprocessable(`tree.sha ${id} is not a valid ${type}`)
  }
  return id
}

const SHA = /^[0-9a-f]{40}$/

// What leads out of the tree, or into what git keeps of itself.
const isMalformed = (path: string) =>
  path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git')
