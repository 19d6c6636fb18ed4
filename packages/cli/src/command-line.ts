import { parseArgs } from 'node:util'
import { renderTerminal } from '@modelyard/report'
import { clean, exitCode, gravest, RefusedError, type Statement, UserError, writeRecord } from '@modelyard/spec'
import { asUserError } from '@modelyard/steps'
import { openContext } from './context.ts'
import { help, overview } from './help.ts'
import { fromRoot } from './model-path.ts'
import { plainJson } from './plain.ts'
import type { Terminal } from './terminal.ts'
import type { Verb } from './verb.ts'
import { VERBS } from './verbs.ts'

const HELP = ['help', '--help', '-h']

/**
 * Runs the command and answers with its exit code: 0 pass or warn, 1 fail, 2 the input is wrong or something is missing,
 * 3 inconclusive, 4 GitHub or a target refused or could not be reached. Standard output carries results alone.
 */
export async function runCommandLine(args: string[], terminal: Terminal): Promise<number> {
  const { name, rest } = split(args)
  const isGroup = name === '' || Object.keys(VERBS).some((each) => each.startsWith(`${name} `))
  const [first] = rest
  if (isGroup && (first === undefined || HELP.includes(first))) {
    terminal.stdout.write(overview(name))
    return first === undefined ? 2 : 0
  }
  try {
    return await runVerb(name, rest, terminal)
  } catch (error) {
    const mendable = asUserError(error)
    if (!mendable) throw error
    terminal.stderr.write(`${mendable.message.split('\n').map(clean).join('\n')}\n`)
    return mendable instanceof RefusedError ? 4 : 2
  }
}

/** The verb, of one word or of two, and what follows it. */
function split([first = '', second, ...rest]: string[]): { name: string; rest: string[] } {
  if (HELP.includes(first)) return { name: '', rest: [first] }
  const two = `${first} ${second}`
  if (two in VERBS) return { name: two, rest }
  return { name: first, rest: second === undefined ? [] : [second, ...rest] }
}

async function runVerb(name: string, args: string[], terminal: Terminal): Promise<number> {
  const verb = VERBS[name]
  if (!verb) throw noVerb(name, args)
  if ('forward' in verb) return verb.forward(terminal, args)
  const { options, json, wantsHelp } = parse(name, verb, args)
  if (wantsHelp) {
    terminal.stdout.write(help(name, verb))
    return 0
  }
  const context = await openContext(terminal)
  if (options.model) options.model = await fromRoot(options.model, { root: context.root, cwd: terminal.cwd() })
  if ('talk' in verb) return verb.talk(terminal, context, options)
  if ('ask' in verb) {
    const { data, text, code = 0 } = await verb.ask(context, options, terminal)
    const shown = json ? plainJson(JSON.stringify(data, null, 2)) : text({ color: terminal.stdout.isTTY === true })
    terminal.stdout.write(`${shown}\n`)
    return code
  }
  const records = await verb.run(context, options)
  if (!records) return 0
  for (const record of records)
    terminal.stdout.write(json ? plainJson(writeRecord(record)) : `${renderTerminal(record)}\n`)
  return verdictOf(records)
}

function verdictOf(records: Statement[]): number {
  return exitCode(gravest(records.map(({ predicate }) => predicate.verdict)))
}

/** The options of a verb, each with its value or its default. Throws a `UserError` for an unknown or missing one. */
function parse(
  name: string,
  verb: Verb,
  args: string[],
): { options: Record<string, string>; json: boolean; wantsHelp: boolean } {
  const known = Object.fromEntries(
    Object.entries(verb.options).map(([option, { flag }]) => [option, { type: flag ? 'boolean' : 'string' } as const]),
  )
  let values: Record<string, string | boolean | undefined>
  let positionals: string[]
  let tokens: Array<{ kind: string; name?: string }>
  try {
    ;({ values, positionals, tokens } = parseArgs({
      tokens: true,
      args,
      options: {
        ...known,
        ...('talk' in verb ? {} : { json: { type: 'boolean' } }),
        help: { type: 'boolean', short: 'h' },
      },
      allowPositionals: verb.argument !== undefined,
    }))
  } catch (cause) {
    throw new UserError(`${mistake(cause as Error)} \`modelyard ${name} --help\` shows the options.`, { cause })
  }
  const named = tokens.flatMap(({ kind, name }) => (kind === 'option' ? [name!] : []))
  const twice = named.find((option, index) => named.indexOf(option) !== index)
  if (twice !== undefined)
    throw new UserError(
      `The option --${twice} is given more than once. Give it once${twice === 'model' ? '; several models as --model "a.yaml,b.yaml", or by a glob' : ''}.`,
    )
  const options: Record<string, string> = {}
  if (verb.argument) {
    if (positionals.length !== 1 && !values.help)
      throw new UserError(
        `\`modelyard ${name}\` takes one ${verb.argument.name}, and ${positionals.length} were given. \`modelyard ${name} --help\` shows how to use it.`,
      )
    options[verb.argument.name] = positionals[0] ?? ''
  }
  for (const [option, { fallback, flag }] of Object.entries(verb.options)) {
    const value = values[option] ?? (flag ? 'false' : fallback)
    // A variable of a script that is not set must not widen what is asked for: `--version "$VERSION"`.
    if (values[option] === '')
      throw new UserError(
        `The option --${option} is empty. Give it a value${fallback === undefined ? '' : ', or leave it out'}.`,
      )
    if (value === undefined && !values.help)
      throw new UserError(`The option --${option} is missing. \`modelyard ${name} --help\` shows how to use it.`)
    options[option] = String(value ?? '')
  }
  return { options, json: values.json === true, wantsHelp: values.help === true }
}

/** Node's own sentence on an option, but for the one that shows how Node writes options. */
function mistake({ message }: Error): string {
  const [, option] = /^Option '(?:-\w, )?(--[\w-]+) <value>' argument missing/.exec(message) ?? []
  return option === undefined ? message.replace(/\.?$/, '.') : `The option ${option} has no value.`
}

/** Actions have longer names than their verbs: `validate-data`, `fetch-model`. */
function noVerb(name: string, [second]: string[]): UserError {
  const verbs = Object.keys(VERBS)
  const ofGroup = verbs.filter((each) => each.startsWith(`${name} `))
  const known = ofGroup.length > 0 ? ofGroup : verbs
  const written = ofGroup.length > 0 ? `${name} ${second}` : name
  const meant = known.find((each) => written.startsWith(each))
  return new UserError(
    `There is no verb ${JSON.stringify(written)}.${meant === undefined ? '' : ` Did you mean ${meant}?`} There are: ${known.join(', ')}.`,
  )
}
