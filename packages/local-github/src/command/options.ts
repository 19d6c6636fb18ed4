import { parseArgs } from 'node:util'
import { Mistake } from './mistake.ts'
import type { RunOptions } from './run.ts'
import type { UpOptions } from './up.ts'

const many = { type: 'string', multiple: true, default: [] as string[] } as const
const help = { type: 'boolean', short: 'h', default: false } as const
const BOTH = { act: { type: 'string', default: 'act' }, action: many, help } as const
const UP = {
  ...BOTH,
  port: { type: 'string', default: '8080' },
  root: { type: 'string' },
  public: { type: 'boolean', default: false },
} as const
const RUN = {
  ...BOTH,
  event: { type: 'string' },
  ref: { type: 'string' },
  input: many,
  secret: many,
  variable: many,
  logs: { type: 'boolean', default: false },
} as const

export type Command = { verb: 'help'; asked: boolean } | ({ verb: 'up' } & UpOptions) | ({ verb: 'run' } & RunOptions)

/** Reads the arguments. @throws Mistake where they are not understood, also an option of the other verb */
export function parseCommand(args: string[], name: string): Command {
  const { values, positionals, tokens } = parse(args, name)
  const [verb, file, ...rest] = positionals
  if (values.help || verb === undefined) return { verb: 'help', asked: values.help }
  const refuse = (sentence: string) => new Mistake(`${sentence} \`${name} --help\` shows what it takes.`)
  if (verb !== 'up' && verb !== 'run') throw refuse(`${JSON.stringify(verb)} is not understood: up, or run.`)
  const foreign = tokens.find((token) => token.kind === 'option' && !(token.name in (verb === 'up' ? UP : RUN)))
  if (foreign?.kind === 'option') throw refuse(`${verb} takes no ${foreign.rawName}.`)
  const extra = verb === 'up' ? file : rest[0]
  if (extra !== undefined) throw refuse(`${verb} does not understand ${JSON.stringify(extra)}.`)
  const { act, action: actions } = values
  if (verb === 'up')
    return { verb, act, actions, port: portOf(values.port), root: values.root, isPublic: values.public }
  const { event, ref, logs, input: inputs, secret: secrets, variable: variables } = values
  return { verb, act, actions, file, event, ref, logs, inputs, secrets, variables }
}

function parse(args: string[], name: string) {
  try {
    return parseArgs({ args, options: { ...UP, ...RUN }, allowPositionals: true, tokens: true })
  } catch (cause) {
    throw new Mistake(`${(cause as Error).message} \`${name} --help\` shows the options.`, { cause })
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) throw new Mistake(`--port ${text} is not a port: 0 to 65535.`)
  return port
}
