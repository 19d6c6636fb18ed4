import { parseArgs } from 'node:util'
import { Mistake } from './mistake.ts'
import { run } from './run.ts'
import type { Out } from './show.ts'
import { up } from './up.ts'

const help = (name: string) => `${name}: a GitHub on your laptop, for workflows and for tests of what talks to GitHub.

  ${name} up    host this clone until Ctrl-C, with pages, API, git and workflows
    --port <number>             8080 when missing
    --root <folder>             what it remembers; inside .git when missing
  ${name} run .github/workflows/<file>.yml    run one workflow on the files as they are, on a GitHub that is gone after
    --event <name>              workflow_dispatch, push, pull_request, schedule or repository_dispatch
    --input <name=value>        of a dispatch; may be given again
    --secret <NAME=value>       may be given again
    --variable <NAME=value>     may be given again
    --logs                      print the logs of all jobs, not of the failed ones alone
  both
    --act <path>                act, which runs the jobs; that of the PATH when missing
    --action <owner/repo=folder>  take an action from a folder; may be given again

Jobs run on this machine as you. Exit codes: 0 success · 1 a job failed or nothing ran · 2 the input is wrong.
`

const many = { type: 'string', multiple: true, default: [] as string[] } as const
const OPTIONS = {
  port: { type: 'string', default: '8080' },
  root: { type: 'string' },
  event: { type: 'string' },
  input: many,
  secret: many,
  variable: many,
  logs: { type: 'boolean', default: false },
  act: { type: 'string', default: 'act' },
  action: many,
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Where the command runs. */
export interface Terminal {
  /** As what the command was called. */
  name: string
  folder: string
  out: Out
  error: Out
  /** Resolves when whoever waits wants no more. */
  ended: Promise<void>
}

/** Runs the command; answers with the exit code. */
export async function runCommand(args: string[], { name, folder, out, error, ended }: Terminal): Promise<number> {
  try {
    const { values, positionals } = parse(args, name)
    const [verb, file, ...rest] = positionals
    if (values.help || verb === undefined) {
      out.write(help(name))
      return values.help ? 0 : 2
    }
    const settings = { act: values.act, actions: values.action }
    if (verb === 'up' && file === undefined) {
      await up(folder, { ...settings, port: portOf(values.port), root: values.root }, out, ended)
      return 0
    }
    if (verb === 'run' && file !== undefined && rest.length === 0) {
      const { event, input: inputs, secret: secrets, variable: variables, logs } = values
      return await run(folder, file, { ...settings, event, inputs, secrets, variables, logs }, out)
    }
    throw new Mistake(`${JSON.stringify(positionals.join(' '))} is not understood: up, or run and one workflow file.`)
  } catch (cause) {
    if (!(cause instanceof Mistake)) throw cause
    error.write(`${cause.message}\n`)
    return 2
  }
}

function parse(args: string[], name: string) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (cause) {
    throw new Mistake(`${(cause as Error).message} \`${name} --help\` shows the options.`, { cause })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Mistake(`--port ${text} is not a port: 0 to 65535.`)
  return port
}
