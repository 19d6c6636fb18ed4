import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Mistake } from './mistake.ts'

const execute = promisify(execFile)

/** The clone in which the command was called. */
export interface Clone {
  root: string
  /** `owner/name` of its origin on GitHub; else `me/` and the folder's name. */
  fullName: string
  branch: string
}

export async function git(folder: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await execute('git', args, { cwd: folder, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 })
  return stdout.trim()
}

export async function findClone(folder: string): Promise<Clone> {
  const root = await git(folder, ['rev-parse', '--show-toplevel']).catch((cause) => {
    throw new Mistake(`${folder} is in no git repository: go into a clone, or make one with git init.`, { cause })
  })
  if (!(await git(root, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => '')))
    throw new Mistake(`${root} has no commit yet: commit something first.`)
  const origin = await git(root, ['remote', 'get-url', 'origin']).catch(() => '')
  const [, fullName] = /github\.com[:/]([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(origin) ?? []
  const branch = await git(root, ['symbolic-ref', '--short', '-q', 'HEAD']).catch(() => '')
  return { root, fullName: fullName ?? `me/${basename(root).replace(/[^\w.-]/g, '-')}`, branch: branch || 'main' }
}

/**
 * The files of the clone as they lie there, committed on top of its newest commit in the bare repository alone: what git
 * ignores stays out, and the clone's own index, objects and branches stay as they are. Answers with the commit.
 */
export async function snapshot({ root }: Clone, gitDir: string, message: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'local-github-index-'))
  try {
    const objects = resolve(root, await git(root, ['rev-parse', '--git-path', 'objects']))
    const env = {
      GIT_INDEX_FILE: join(folder, 'index'),
      GIT_OBJECT_DIRECTORY: join(gitDir, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: objects,
      ...COMMITTER,
    }
    await git(root, ['read-tree', 'HEAD'], env)
    await git(root, ['add', '--all'], env)
    const tree = await git(root, ['write-tree'], env)
    return await git(root, ['commit-tree', '-p', 'HEAD', '-m', message, tree], env)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const COMMITTER = {
  GIT_AUTHOR_NAME: 'local-github',
  GIT_AUTHOR_EMAIL: 'local-github@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'local-github',
  GIT_COMMITTER_EMAIL: 'local-github@users.noreply.github.com',
}
