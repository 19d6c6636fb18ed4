import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { childEnvironment, UserError } from '@modelyard/spec'

export interface CommandOptions {
  /** The user's own command line, from their model file; run by the shell as it stands. */
  command: string
  /** What the command is for, in a sentence: «train.run of model.yaml». */
  purpose: string
  folder: string
  /** Variables added to the machine's; secrets of the calling action are taken out. */
  env?: Record<string, string>
  /** Called for each line of output, as it comes. */
  onLine?: (line: string) => void
}

const REMEMBERED_LINES = 20

/**
 * Runs a user's command to its end, in a process group of its own, forwarding SIGINT and SIGTERM to the whole group.
 * Throws a `UserError` with the last lines of its output when it fails.
 */
export async function runCommand({ command, purpose, folder, env = {}, onLine }: CommandOptions): Promise<void> {
  const group = process.platform !== 'win32'
  const child = spawn(command, {
    cwd: folder,
    shell: true,
    detached: group,
    env: { ...childEnvironment(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const forward = (signal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    if (group) process.kill(-child.pid, signal)
    else child.kill(signal)
  }
  process.on('SIGINT', forward).on('SIGTERM', forward)
  try {
    const last: string[] = []
    const keep = (line: string) => {
      if (last.push(line) > REMEMBERED_LINES) last.shift()
      onLine?.(line)
    }
    const read = [child.stdout, child.stderr].map(async (stream) => {
      for await (const line of createInterface({ input: stream })) keep(line)
    })
    const ended = new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) =>
        resolve(signal ? `was ended by ${signal}` : code === 0 ? undefined : `ended with exit code ${code}`),
      )
    })
    const [failure] = await Promise.all([ended, ...read])
    if (failure) throw new UserError(`The command of ${purpose}, ${JSON.stringify(command)}, ${failure}.${tail(last)}`)
  } finally {
    process.off('SIGINT', forward).off('SIGTERM', forward)
  }
}

function tail(lines: string[]): string {
  return lines.length === 0
    ? ' It printed nothing.'
    : ` Its last lines:\n${lines.map((line) => `    ${line}`).join('\n')}`
}
