import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LogEvent } from '../hub.ts'
import { INSTALL_ACT } from '../runner/act.ts'
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../server.ts'
import { InUse } from '../store/database.ts'
import { Mistake } from './mistake.ts'

/** What both commands are told about the server. */
export interface Settings {
  act: string
  /** `owner/repo=folder` for each action that is not to be fetched. */
  actions: string[]
}

/** Starts the server for the command that is called in this folder, once the machine has what jobs need. */
export async function start(
  folder: string,
  { act, actions }: Settings,
  options: Pick<LocalGitHubOptions, 'root'> & { port?: number; log: (event: LogEvent) => void },
): Promise<LocalGitHub> {
  const program = act.includes('/') ? resolve(folder, act) : act
  demandAct(program)
  return startLocalGitHub({
    ...options,
    act: program,
    actions: Object.fromEntries(actions.map((given) => actionFolder(folder, given))),
    // Whoever runs a workflow here means this machine.
    labels: 'all',
    // The jobs' programs are those of the terminal.
    path: (process.env.PATH ?? '').split(':').filter(Boolean),
    env: process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS } : {},
  }).catch((cause) => {
    throw new Mistake(whyNotStarted(cause, options), { cause })
  })
}

function whyNotStarted(cause: Error & { code?: string }, { root, port }: { root: string; port?: number }): string {
  if (cause instanceof InUse)
    return `What ${root} remembers is up already: use that GitHub, or name another folder with --root.`
  if (cause.code === 'EADDRINUSE') return `Port ${port} is taken: name another with --port, or 0 for any free one.`
  if (cause.code === 'EACCES') return `Port ${port} may not be taken (${cause.message}): name another with --port.`
  return `The server did not start: ${cause.message}`
}

/** The versions whose command line and log are known to be understood: this one and what follows it. */
const ACT = [0, 2, 87]

function demandAct(program: string): void {
  const mend = `${INSTALL_ACT}, or name it with --act.`
  const { error, stdout = '' } = spawnSync(program, ['--version'], { encoding: 'utf8' })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT')
    throw new Mistake(`There is no ${program}, which runs the jobs: ${mend}`)
  if (error) throw new Mistake(`${program} cannot be run (${error.message}): ${mend}`)
  const [, ...found] = /^act version v?(\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? []
  if (found.length === 0) throw new Mistake(`${program} does not say that it is act: ${mend}`)
  const at = ACT.findIndex((wanted, index) => Number(found[index]) !== wanted)
  if (at >= 0 && Number(found[at]) < ACT[at]!)
    throw new Mistake(`${program} is act ${found.join('.')}, and jobs need ${ACT.join('.')} or later: ${mend}`)
}

function actionFolder(folder: string, given: string): [string, string] {
  const form = 'owner/repo=folder'
  const [action, path] = pair(given, '--action', form)
  if (!/^[\w.-]+\/[\w.-]+(@[^@]+)?$/.test(action))
    throw new Mistake(`--action ${JSON.stringify(given)} is not of the form ${form}: ${action} names no repository.`)
  const where = resolve(folder, path)
  if (!statSync(where, { throwIfNoEntry: false })?.isDirectory())
    throw new Mistake(`--action ${JSON.stringify(given)}: ${where} is no folder.`)
  return [action, where]
}

/** `name=value` as its two sides. */
export function pair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Mistake(`${option} ${JSON.stringify(text)} is not of the form ${form}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}

/** A secret as it is given, or by its name alone that of the environment, which no other program's list shows. */
export function secret(text: string): [string, string] {
  if (text.includes('=')) return pair(text, '--secret', 'NAME=value')
  const value = process.env[text]
  if (value === undefined) throw new Mistake(`--secret ${text}: the environment has no ${text}; or give ${text}=value.`)
  return [text, value]
}
