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

/** What is the user's own stays so: hooks, the passwords that git keeps, the way to other machines. */
const ASIDE = ['core.hooksPath=/dev/null', 'credential.helper=', 'http.proxy='].flatMap((each) => ['-c', each])

/** Runs the user's git, with the user's settings. @throws Mistake with what git said */
export async function git(folder: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const own = { ...(await environment()), ...env }
  try {
    const { stdout } = await execute('git', [...ASIDE, ...args], { cwd: folder, env: own, maxBuffer: 2 ** 26 })
    return stdout.trim()
  } catch (cause) {
    const { stderr = '', message } = cause as Error & { stderr?: string }
    const [, token] = /:\/\/[^:/]+:([^@]+)@/.exec(args.join(' ')) ?? []
    const said = stderr.trim() || message
    throw new Mistake(`git ${args[0]} failed: ${token ? said.replaceAll(token, '***') : said}`, { cause })
  }
}

/** That of this process without what aims git at one repository, as it does in a hook. */
async function environment(): Promise<NodeJS.ProcessEnv> {
  aims ??= execute('git', ['rev-parse', '--local-env-vars'])
  const names = (await aims).stdout.split('\n')
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.includes(name)))
}

let aims: Promise<{ stdout: string }> | undefined

export async function findClone(folder: string): Promise<Clone> {
  const ask = (...args: string[]) => git(folder, args).catch(() => '')
  if ((await ask('rev-parse', '--is-bare-repository')) === 'true')
    throw new Mistake(`${folder} is a bare repository, which has no files to run: go into a clone of it.`)
  const root = await ask('rev-parse', '--show-toplevel')
  if (!root) throw new Mistake(`${folder} is in no git repository: go into a clone, or make one with git init.`)
  if (!(await ask('rev-parse', '--verify', '--quiet', 'HEAD')))
    throw new Mistake(`${root} has no commit yet: commit something first.`)
  if ((await ask('rev-parse', '--is-shallow-repository')) === 'true')
    throw new Mistake(`${root} is a shallow clone, which GitHub takes no push from: git fetch --unshallow.`)
  const origin = await ask('remote', 'get-url', 'origin')
  const [, fullName] = /github\.com[:/]([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(origin) ?? []
  const branch = await ask('symbolic-ref', '--short', '-q', 'HEAD')
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
