import { spawnSync } from 'node:child_process'
import type { LogEvent } from '../hub.ts'
import { type LocalGitHub, type LocalGitHubOptions, startLocalGitHub } from '../server.ts'
import { Mistake } from './mistake.ts'

const INSTALL_ACT = 'go install -tags WITHOUT_DOCKER github.com/nektos/act@v0.2.87'

/** What both commands are told about the server. */
export interface Settings {
  act: string
  /** `owner/repo=folder` for each action that is not to be fetched. */
  actions: string[]
}

/** Starts the server, once the machine has what jobs need. */
export async function start(
  { act, actions }: Settings,
  options: Pick<LocalGitHubOptions, 'root'> & { port?: number; log: (event: LogEvent) => void },
): Promise<LocalGitHub> {
  if (spawnSync(act, ['--version']).error)
    throw new Mistake(`There is no ${act}, which runs the jobs: ${INSTALL_ACT}, or name it with --act.`)
  return startLocalGitHub({
    ...options,
    act,
    actions: Object.fromEntries(actions.map((given) => pair(given, '--action', 'owner/repo=folder'))),
    // The jobs' programs are those of the terminal.
    path: (process.env.PATH ?? '').split(':').filter(Boolean),
    env: process.env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS } : {},
  })
}

/** `name=value` as its two sides. */
export function pair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 1) throw new Mistake(`${option} ${JSON.stringify(text)} is not of the form ${form}.`)
  return [text.slice(0, at), text.slice(at + 1)]
}
