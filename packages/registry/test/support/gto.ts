import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** GTO's command. */
export const GTO = process.env.MODELYARD_GTO ?? 'gto'

/** Whether it is there; says so where tests are skipped for the want of it. */
export function hasGto(): boolean {
  const isThere = spawnSync(GTO, ['--version']).status === 0
  if (!isThere) console.log(`The tests with gto are skipped: ${GTO} does not run. Say where it is with MODELYARD_GTO.`)
  return isThere
}

/** Asks GTO's command for JSON, in a clone. */
export async function askGto<T = unknown>(folder: string, ...args: string[]): Promise<T> {
  const { stdout } = await run(GTO, [...args, '--json'], { cwd: folder, maxBuffer: 2 ** 26 })
  return JSON.parse(stdout)
}

/** GTO's functions in one process of Python, so that hundreds of events take seconds. */
export interface GtoApi {
  /**
   * Calls `gto.api.<call>(folder, …args, **options)`; throws what GTO throws. `check_refs` is `check_ref` of a list;
   * `say` runs the command, and answers with what it prints.
   */
  call<T = unknown>(folder: string, call: string, request?: GtoRequest): Promise<T>
  close(): Promise<void>
}

export interface GtoRequest {
  args?: unknown[]
  options?: Record<string, unknown>
  /** Unix time: what the tags that it writes are dated. */
  time?: number
}

/** Starts it. Calls are answered in order, one at a time. */
export function openGto(): GtoApi {
  const python = spawn(join(dirname(GTO), 'python'), ['-u', join(import.meta.dirname, 'serve-gto.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, TZ: 'UTC' },
  })
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]()
  let turn: Promise<unknown> = Promise.resolve()
  return {
    call<T>(folder: string, call: string, { args = [], options = {}, time }: GtoRequest = {}): Promise<T> {
      const answer = turn.then(async () => {
        python.stdin.write(`${JSON.stringify({ call, args: [folder, ...args], options, time: time ?? null })}\n`)
        const { value, done } = await lines.next()
        if (done) throw new Error('Python with gto has ended')
        const said = JSON.parse(value) as { value: T } | { error: string }
        if ('error' in said) throw new Error(said.error)
        return said.value
      })
      turn = answer.catch(() => {})
      return answer
    },
    async close() {
      python.stdin.end()
      if (python.exitCode === null) await once(python, 'exit')
    },
  }
}
