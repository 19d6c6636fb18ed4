import { spawn } from 'node:child_process'
import { ROOT } from './paths.ts'

export interface ShellOptions {
  folder?: string
  env?: Record<string, string>
  /** Show the program's output as it comes; otherwise it is kept and shown only when the program fails. */
  show?: boolean
}

/** Runs a program to its end and answers with what it printed. Throws with its output when it fails. */
export async function run(
  program: string,
  args: string[],
  { folder = ROOT, env = {}, show = false }: ShellOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
  })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}\n${output}`.trimEnd())
  return output
}

/** Says what is being done and, when it is done, how long it took. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now()
  const terminal = process.stderr.isTTY
  if (terminal) process.stderr.write(`  … ${title}`)
  try {
    const result = await work()
    const seconds = (performance.now() - started) / 1000
    process.stderr.write(
      `${terminal ? '\r\x1b[K' : ''}  ✓ ${title}${seconds >= 0.5 ? ` (${seconds.toFixed(1)} s)` : ''}\n`,
    )
    return result
  } catch (error) {
    process.stderr.write(`${terminal ? '\r\x1b[K' : ''}  ✗ ${title}\n`)
    throw error
  }
}
