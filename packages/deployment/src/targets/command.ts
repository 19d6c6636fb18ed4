import { spawn } from 'node:child_process'
import { childEnvironment, parseJson, RefusedError } from '@modelyard/spec'
import { z } from 'zod'
import type { DeploymentRequest, Served, Target } from './target.ts'

const Answer = z.object({
  ok: z.boolean(),
  sha256: z.string().nullish(),
  version: z.string().nullish(),
  healthy: z.boolean().nullish(),
  message: z.string().nullish(),
})
type Answer = z.infer<typeof Answer>

export interface CommandOptions {
  /** The command line of the model file, run by the shell. */
  command: string
  /** Where it runs: the model file's folder. */
  folder: string
  model: string
  stage: string
  /** Milliseconds after which it is ended. */
  timeout?: number
}

const TIMEOUT = 15 * 60_000
const LAST_LINES = 5

/**
 * The user's own program. It gets a request as JSON on standard input (`{verb: "deploy", model, stage, version, sha256,
 * path, replaces}` or `{verb: "status", model, stage}`) and answers with one JSON object on standard output (`{ok, sha256?,
 * version?, healthy?, message?}`; `healthy: false` and a message say that it serves, but not well). Nothing of a request comes near the command line.
 */
export function commandTarget(options: CommandOptions): Target {
  const { model, stage } = options
  return {
    kind: 'command',
    async deploy(request: DeploymentRequest) {
      await ask(options, 'deploy', { verb: 'deploy', ...request })
    },
    async status(): Promise<Served> {
      const answer = await ask(options, 'status', { verb: 'status', model, stage })
      const { sha256 = null, version = null, healthy, message } = answer
      return { sha256, version, unhealthy: healthy === false ? (message ?? 'it gives no reason') : null }
    },
  }
}

async function ask(options: CommandOptions, verb: string, request: object): Promise<Answer> {
  const { code, stdout, stderr } = await run(options, `${JSON.stringify(request)}\n`)
  const refuse = (why: string) => {
    const lines = stderr.trim().split('\n').slice(-LAST_LINES).join('\n')
    return new RefusedError(
      `The target's command ${JSON.stringify(options.command)} ${why} when asked to ${verb}${lines === '' ? '.' : `. It said last:\n${lines}`}`,
    )
  }
  if (code === null) throw refuse(`was ended after ${(options.timeout ?? TIMEOUT) / 1000} s`)
  const answer = Answer.safeParse(parseJson(stdout))
  if (answer.success && !answer.data.ok) throw refuse(`refused (${answer.data.message ?? 'without a reason'})`)
  if (code !== 0) throw refuse(`ended with exit code ${code}`)
  if (!answer.success) {
    throw refuse(`answered ${JSON.stringify(stdout.trim().slice(0, 80))}, not a JSON object with "ok"`)
  }
  return answer.data
}

function run(
  { command, folder, timeout = TIMEOUT }: CommandOptions,
  input: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the shell started ends with it.
    const child = spawn(command, {
      cwd: folder,
      shell: true,
      detached: process.platform !== 'win32',
      env: childEnvironment(process.env),
    })
    const output = { stdout: '', stderr: '' }
    let isLate = false
    const alarm = setTimeout(() => {
      isLate = true
      if (process.platform === 'win32' || child.pid === undefined) child.kill('SIGKILL')
      else process.kill(-child.pid, 'SIGKILL')
    }, timeout)
    child.stdout.setEncoding('utf8').on('data', (text) => (output.stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (output.stderr += text))
    // A program that does not read its input closes it: its answer says what that means.
    child.stdin.on('error', () => {}).end(input)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(alarm)
      resolve({ code: isLate ? null : (code ?? (signal ? 128 : 1)), ...output })
    })
  })
}
