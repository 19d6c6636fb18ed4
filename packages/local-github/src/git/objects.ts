import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { gitEnvironment } from './git.ts'

export type ObjectType = 'commit' | 'tag' | 'tree' | 'blob'

/** An object of a repository with its bytes. */
export interface GitObject {
  sha: string
  type: ObjectType
  /** In bytes. */
  size: number
  bytes: Buffer
}

/** What a name stands for (`<sha>`, `main^{commit}`, `main:README.md`); undefined where it stands for nothing. */
export function readObject(gitDir: string, name: string): Promise<GitObject | undefined> {
  return ask(gitDir, 'contents', name)
}

/** The same of several names, in their order. */
export function readObjects(gitDir: string, names: readonly string[]): Promise<Array<GitObject | undefined>> {
  return Promise.all(names.map((name) => readObject(gitDir, name)))
}

/** The same without its bytes. */
export function findObject(gitDir: string, name: string): Promise<Omit<GitObject, 'bytes'> | undefined> {
  return ask(gitDir, 'info', name)
}

type Command = 'contents' | 'info'

/**
 * Starting git takes longer than what is asked of it, so that one process for each repository answers all questions
 * about objects, until nobody has asked for a while. It sees what other processes write: it looks again for what it
 * does not find, and refs are read each time.
 */
const readers = new Map<string, Reader>()
const IDLE_MILLISECONDS = 2000

interface Reader {
  child: ChildProcessByStdio<Writable, Readable, null>
  waiting: Array<{ command: Command; resolve: (found: GitObject | undefined) => void; reject: (error: Error) => void }>
  idle?: NodeJS.Timeout
}

function ask(gitDir: string, command: Command, name: string): Promise<GitObject | undefined> {
  // A question is a line.
  if (/[\n\0]/.test(name)) return Promise.resolve(undefined)
  const reader = readers.get(gitDir) ?? start(gitDir)
  clearTimeout(reader.idle)
  hold(reader.child, true)
  return new Promise((resolve, reject) => {
    reader.waiting.push({ command, resolve, reject })
    // Many questions that are asked at once are written at once.
    reader.child.stdin.cork()
    reader.child.stdin.write(`${command} ${name}\n`)
    process.nextTick(() => reader.child.stdin.uncork())
  })
}

function start(gitDir: string): Reader {
  const child = spawn('git', ['cat-file', '--batch-command'], {
    cwd: gitDir,
    env: gitEnvironment,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const reader: Reader = { child, waiting: [] }
  readers.set(gitDir, reader)
  const end = (error: Error) => {
    if (readers.get(gitDir) === reader) readers.delete(gitDir)
    for (const { reject } of reader.waiting.splice(0)) reject(error)
  }
  child.on('error', end)
  child.stdin.on('error', end)
  child.on('close', () => end(new Error(`git cat-file ended in ${gitDir}`)))
  listen(reader, () => {
    hold(child, false)
    reader.idle = setTimeout(() => {
      readers.delete(gitDir)
      child.stdin.end()
    }, IDLE_MILLISECONDS).unref()
  })
  return reader
}

/** Hands each answer to who waits for it, in the order of the questions; `rest` is called when all have theirs. */
function listen({ child, waiting }: Reader, rest: () => void): void {
  let chunks: Buffer[] = []
  let length = 0
  let wanted = 0
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    // A large object comes in many chunks, which are put together once.
    if (length < wanted) return
    let all = Buffer.concat(chunks)
    while (waiting.length > 0) {
      const answer = parse(all, waiting[0]!.command)
      wanted = typeof answer === 'number' ? answer : 0
      if (typeof answer === 'number') break
      all = all.subarray(answer.length)
      waiting.shift()!.resolve(answer.found)
    }
    chunks = [all]
    length = all.length
    if (waiting.length === 0) rest()
  })
}

/** The first answer and its length; or how many bytes it takes at least, where they are not all there. */
function parse(all: Buffer, command: Command): { found: GitObject | undefined; length: number } | number {
  const end = all.indexOf('\n')
  if (end < 0) return all.length + 1
  const [, sha, type, size] = /^([0-9a-f]{40}) (\w+) (\d+)$/.exec(all.toString('utf8', 0, end)) ?? []
  if (size === undefined) return { found: undefined, length: end + 1 }
  const found = { sha: sha!, type: type as ObjectType, size: Number(size), bytes: Buffer.alloc(0) }
  if (command === 'info') return { found, length: end + 1 }
  const length = end + 1 + found.size + 1
  if (all.length < length) return length
  return { found: { ...found, bytes: Buffer.from(all.subarray(end + 1, length - 1)) }, length }
}

/** Whether this process stays alive for an answer. */
export function hold(child: ChildProcess, on: boolean): void {
  for (const each of [child, child.stdin, child.stdout, child.stderr] as Array<Socket | null>)
    on ? each?.ref() : each?.unref()
}
