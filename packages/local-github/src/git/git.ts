import { spawn } from 'node:child_process'
import { commitText, type Person, withSignature } from './commit-object.ts'
import { writeObject } from './loose.ts'
import { findObject, type ObjectType, readObject } from './objects.ts'
import { readRefs } from './ref-files.ts'
import { isRefName } from './ref-names.ts'

const ZERO = '0'.repeat(40)

export type { Person }
export { ZERO as ZERO_SHA }

/** Who does what nobody else is named for. */
const GITHUB = { name: 'GitHub', email: 'noreply@github.com' }

/** Git's own configuration of the machine must not change what the server does. */
export const gitEnvironment: NodeJS.ProcessEnv = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  // Refs are read from their files.
  GIT_DEFAULT_REF_FORMAT: 'files',
  GIT_AUTHOR_NAME: GITHUB.name,
  GIT_AUTHOR_EMAIL: GITHUB.email,
  GIT_COMMITTER_NAME: GITHUB.name,
  GIT_COMMITTER_EMAIL: GITHUB.email,
}

export class GitError extends Error {
  readonly code: number
  constructor(args: readonly string[], code: number, message: string) {
    super(`git ${args[0]} ended with ${code}: ${message.trim()}`)
    this.code = code
  }
}

interface GitOptions {
  input?: string | Buffer
  env?: Record<string, string>
}

/** Runs git in a bare repository and returns its output as bytes; rejects with GitError on a non-zero exit. */
export function gitBytes(gitDir: string, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  // No argument of a program holds one.
  if (args.some((arg) => arg.includes('\0'))) return Promise.reject(new GitError(args, 128, 'a zero byte'))
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...args], {
      cwd: gitDir,
      env: { ...gitEnvironment, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => {}) // git may end without reading its input
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(out))
      reject(new GitError(args, code ?? -1, `${Buffer.concat(err)}${Buffer.concat(out)}`))
    })
    child.stdin.end(options.input ?? '')
  })
}

/** The same as text without its last line end. */
export async function git(gitDir: string, args: readonly string[], options: GitOptions = {}): Promise<string> {
  return (await gitBytes(gitDir, args, options)).toString('utf8').replace(/\n$/, '')
}

/** Undefined instead of an error: for "is it there?". */
export async function tryGit(gitDir: string, args: readonly string[], options: GitOptions = {}) {
  try {
    return await git(gitDir, args, options)
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
}

/**
 * The id of the object a name stands for, e.g. `main`, `v1`, `<sha>`; peeled to a commit by default. The full name of a
 * ref stands for that ref alone, so that `refs/heads/main~1` is nothing.
 */
export async function resolve(gitDir: string, name: string, peel = 'commit'): Promise<string | undefined> {
  const found = name.startsWith('refs/') ? (await getRef(gitDir, name))?.sha : name
  return found && (await findObject(gitDir, `${found}^{${peel}}`))?.sha
}

export interface Ref {
  ref: string
  sha: string
  type: ObjectType
}

/** What objects are, by their ids: the same in every repository, and asked once. */
const types = new Map<string, ObjectType>()
const MOST_TYPES = 50_000

/** Every ref whose full name starts with `prefix` (`refs/tags/m@`), sorted by name. */
export async function listRefs(gitDir: string, prefix = 'refs/'): Promise<Ref[]> {
  const refs = readRefs(gitDir, prefix)
  if (types.size > MOST_TYPES) types.clear()
  const unknown = new Set(refs.map(({ sha }) => sha).filter((sha) => !types.has(sha)))
  for (const found of await Promise.all([...unknown].map((sha) => findObject(gitDir, sha))))
    if (found) types.set(found.sha, found.type)
  return refs.flatMap((each) => {
    const type = types.get(each.sha)
    return type ? [{ ...each, type }] : []
  })
}

/** The ref of a full name. */
export async function getRef(gitDir: string, ref: string): Promise<Ref | undefined> {
  if (!isRefName(ref)) return undefined
  // Where there is no such ref, git looks for what could be meant by it, as `refs/heads/refs/heads/x`.
  const [found, ...others] = await Promise.all(
    ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/'].map((start) => findObject(gitDir, start + ref)),
  )
  if (!found) return undefined
  if (others.every((other) => other === undefined)) return { ref, ...found }
  return (await listRefs(gitDir, ref)).find((each) => each.ref === ref)
}

/** The tree of merging two commits, or undefined when they conflict. */
export async function mergeTree(gitDir: string, ours: string, theirs: string): Promise<string | undefined> {
  try {
    return (await git(gitDir, ['merge-tree', '--write-tree', ours, theirs])).split('\n')[0]
  } catch (error) {
    // What has no history in common conflicts, too.
    const isConflict = error instanceof GitError && (error.code === 1 || error.message.includes('unrelated histories'))
    if (isConflict) return undefined
    throw error
  }
}

/** Makes a commit, now and by GitHub where nothing else is said; `sign` answers with the signature it is to carry. */
export function commitTree(
  gitDir: string,
  commit: { tree: string; parents: string[]; message: string; author?: Person; committer?: Person },
  sign?: (payload: string) => string,
): Promise<string> {
  const { author = GITHUB, committer = author } = commit
  const text = commitText({ ...commit, author, committer }, new Date())
  return writeObject(gitDir, 'commit', sign ? withSignature(text, sign(text)) : text)
}

/** Paths that differ between two trees or commits. `from` undefined: everything in `to`. */
export async function changedPaths(gitDir: string, from: string | undefined, to: string): Promise<string[]> {
  const args = from ? ['diff-tree', '-r', '-z', '--name-only', from, to] : ['ls-tree', '-r', '-z', '--name-only', to]
  return (await git(gitDir, args)).split('\0').filter(Boolean)
}

/** A file's text at a commit, or undefined when there is none. */
export function showFile(gitDir: string, commit: string, path: string): Promise<string | undefined> {
  return readObject(gitDir, `${commit}:${path}`).then((found) =>
    found?.type === 'blob' ? found.bytes.toString('utf8') : undefined,
  )
}
