import { execFile } from 'node:child_process'
import { promisify, styleText } from 'node:util'
import { connect } from '@modelyard/github'
import { clean, UserError } from '@modelyard/spec'
import { keepsLogsAsBranches, type Log, modelCache, type RunFacts, type StepContext } from '@modelyard/steps'
import type { Terminal } from './terminal.ts'

const run = promisify(execFile)

/** What a step needs, from the machine that it runs on: git for the source, GITHUB_TOKEN and the origin for GitHub. */
export async function openContext({ env, cwd, stderr }: Terminal): Promise<StepContext> {
  const root = (await git(cwd(), 'rev-parse', '--show-toplevel')) ?? cwd()
  const repository = env.GITHUB_REPOSITORY || repositoryOf(await git(root, 'remote', 'get-url', 'origin'))
  const token = env.GITHUB_TOKEN || env.GH_TOKEN
  if (token && repository) needName(repository)
  const github =
    token && repository
      ? connect({
          token,
          repository,
          branchesOnly: keepsLogsAsBranches(env),
          ...(env.GITHUB_API_URL ? { apiUrl: env.GITHUB_API_URL } : {}),
        })
      : undefined
  const log = terminalLog(stderr)
  const cache = modelCache(env)
  return {
    root,
    log,
    run: await readFacts(root, repository, env),
    store: { publish: async () => {}, collect: async () => [] },
    cache: cache && { ...cache, warn: (message) => log.warn({ message }) },
    ...(github ? { github } : { lacks: token ? 'repository' : 'token' }),
  }
}

/**
 * Progress goes to standard error, so that standard output holds results alone; what others wrote (names, reasons) comes
 * without what a terminal would obey.
 */
function terminalLog(stderr: Terminal['stderr']): Log {
  const style = (format: 'bold' | 'yellow' | 'dim', text: string) =>
    stderr.isTTY ? styleText(format, text, { validateStream: false }) : text
  const say = (format: 'bold' | 'yellow' | 'dim', text: string) => stderr.write(`${style(format, clean(text))}\n`)
  return {
    info: (message) => say('dim', message),
    warn: ({ message }) => say('yellow', message),
    group: (title, work) => {
      say('bold', title)
      return work()
    },
  }
}

async function readFacts(
  root: string,
  repository: string | undefined,
  { GITHUB_ACTIONS: isAction, GITHUB_ACTOR: actor }: Terminal['env'],
): Promise<RunFacts> {
  const commit = await git(root, 'rev-parse', 'HEAD')
  return {
    ...(repository ? { repository } : {}),
    ...(commit ? { commit } : {}),
    // A workflow's token is nobody's: it cannot ask who it is.
    ...(isAction === 'true' && actor ? { actor } : {}),
  }
}

function needName(repository: string): void {
  if (/^[^/\s]+\/[^/\s]+$/.test(repository)) return
  throw new UserError(`GITHUB_REPOSITORY is ${JSON.stringify(repository)}; it must be owner/name.`)
}

/** `owner/name` in the address of a remote. */
function repositoryOf(address: string | undefined): string | undefined {
  return /[:/]([^/:]+\/[^/]+?)(?:\.git)?\/?$/.exec(address ?? '')?.[1]
}

async function git(folder: string, ...args: string[]): Promise<string | undefined> {
  return run('git', args, { cwd: folder }).then(
    ({ stdout }) => stdout.trim(),
    () => undefined,
  )
}
