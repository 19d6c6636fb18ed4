import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { GitError, gitEnvironment, ZERO_SHA } from './git.ts'
import { hold } from './objects.ts'
import { isRefName } from './ref-names.ts'

/**
 * One process of git's for each repository changes its refs, with git's locks and checks, until nobody has asked for a
 * while. It ends at the first change that it refuses.
 */
const writers = new Map<string, Writer>()
const IDLE_MILLISECONDS = 2000
const DONE = 'commit: ok\n'

interface Change {
  command: string
  resolve: () => void
  reject: (error: Error) => void
}

interface Writer {
  child: ChildProcessByStdio<Writable, Readable, Readable>
  waiting: Change[]
  idle?: NodeJS.Timeout
}

/**
 * Sets a ref, or takes it away where `after` is ZERO_SHA, if it still is at `before` (ZERO_SHA: if there is none);
 * rejects with GitError.
 */
export function updateRef(gitDir: string, ref: string, after: string, before = ''): Promise<void> {
  // A change ends with a zero byte.
  if (!isRefName(ref)) return Promise.reject(new GitError(['update-ref'], 128, `invalid ref format: ${ref}`))
  const change = after === ZERO_SHA ? `delete ${ref}\0${before}\0` : `update ${ref}\0${after}\0${before}\0`
  return new Promise((resolve, reject) => {
    send(gitDir, { command: `start\0${change}commit\0`, resolve, reject })
  })
}

/** The same as an answer: whether it was done. */
export async function tryUpdateRef(...change: Parameters<typeof updateRef>): Promise<boolean> {
  try {
    await updateRef(...change)
    return true
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}

function send(gitDir: string, change: Change): void {
  const writer = writers.get(gitDir) ?? start(gitDir)
  clearTimeout(writer.idle)
  hold(writer.child, true)
  writer.waiting.push(change)
  writer.child.stdin.write(change.command)
}

function start(gitDir: string): Writer {
  const child = spawn('git', ['update-ref', '--stdin', '-z'], { cwd: gitDir, env: gitEnvironment, stdio: 'pipe' })
  const writer: Writer = { child, waiting: [] }
  writers.set(gitDir, writer)
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
    for (; said.includes(DONE); said = said.slice(said.indexOf(DONE) + DONE.length)) writer.waiting.shift()!.resolve()
    if (writer.waiting.length > 0) return
    hold(child, false)
    writer.idle = setTimeout(() => {
      writers.delete(gitDir)
      child.stdin.end()
    }, IDLE_MILLISECONDS).unref()
  })
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  child.stdin.on('error', () => {}) // it ends without reading on
  const end = (error: Error) => {
    if (writers.get(gitDir) === writer) writers.delete(gitDir)
    writer.waiting.shift()?.reject(error)
    // What was asked for behind it has not been looked at.
    for (const change of writer.waiting.splice(0)) send(gitDir, change)
  }
  child.on('error', end)
  child.on('close', (code) => end(new GitError(['update-ref'], code ?? -1, `${Buffer.concat(errors)}`)))
  return writer
}
