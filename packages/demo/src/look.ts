import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What git says, in a folder. Throws with its complaint. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, {
    cwd: folder,
    maxBuffer: 1 << 26,
    env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
  })
  return stdout.trim()
}

/** Throws unless two values are the same. */
export function same<T>(found: T, wanted: T): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (a !== b) throw new Error(`found ${a}, not ${b}`)
}

/** Throws unless something is so. */
export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

/** Asks again until an answer comes, at most for so many seconds. */
export async function eventually<T>(what: string, seconds: number, ask: () => Promise<T | undefined>): Promise<T> {
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`${what}: nothing came within ${seconds} s`)
}
