import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprocessable } from '../http/errors.ts'
import type { Repository } from '../store/entities.ts'
import { git } from './git.ts'
import { findObject } from './objects.ts'

/** One path of a tree as the API takes it: by the id of what it is to be, or by its text; `sha: null` takes it away. */
export interface TreeEntry {
  path: string
  mode: string
  type: string
  sha?: string | null
  content?: string
}

/** Applies entries to a tree through a throw-away index and answers with the new tree's id. */
export async function writeTree(repo: Repository, entries: TreeEntry[], base?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-index-'))
  const env = { GIT_INDEX_FILE: join(folder, 'index') }
  try {
    if (base) await git(repo.gitDir, ['read-tree', base], { env })
    for (const entry of entries) await apply(repo, entry, env, base)
    return await git(repo.gitDir, ['write-tree'], { env })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function apply(repo: Repository, entry: TreeEntry, env: { GIT_INDEX_FILE: string }, base?: string) {
  const { path, mode, type, sha, content } = entry
  if (isMalformed(path)) throw unprocessable('tree.path contains a malformed path component')
  if (sha === null) {
    if (!base || !(await findObject(repo.gitDir, `${base}:${path}`))) throw unprocessable('GitRPC::BadObjectState')
    const inFolder = { ...env, GIT_WORK_TREE: join(env.GIT_INDEX_FILE, '..'), GIT_DIR: repo.gitDir }
    await git(repo.gitDir, ['rm', '-r', '--cached', '-q', '--ignore-unmatch', '--', `:(literal)${path}`], {
      env: inFolder,
    })
    return
  }
  if (sha !== undefined && content !== undefined) throw unprocessable('Must supply either tree.sha or tree.content')
  const id = sha ?? (await git(repo.gitDir, ['hash-object', '-w', '--stdin'], { input: content ?? '' }))
  if (!SHA.test(id) || ((await findObject(repo.gitDir, id))?.type !== type && mode !== '160000')) {
    throw unprocessable(`tree.sha ${id} is not a valid ${type}`)
  }
  if (mode === '040000') await git(repo.gitDir, ['read-tree', `--prefix=${path}/`, id], { env })
  else await git(repo.gitDir, ['update-index', '--add', '--replace', '--cacheinfo', `${mode},${id},${path}`], { env })
}

const SHA = /^[0-9a-f]{40}$/

// What leads out of the tree, or into what git keeps of itself.
const isMalformed = (path: string) =>
  path.includes('\0') || path.split('/').some((part) => ['', '.', '..'].includes(part) || part.toLowerCase() === '.git')
