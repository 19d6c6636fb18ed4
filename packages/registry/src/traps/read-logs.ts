import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type GitHub, gitAddress, loadRelease, readRelease } from '@modelyard/github'
import { RefusedError } from '@modelyard/spec'
import { pendingTag } from '../events/draft.ts'
import { logElsewhere, logRef, readLogTip } from '../events/log.ts'
import { readTrailers } from '../events/message.ts'
import type { LoggedEvent } from './trap.ts'

const run = promisify(execFile)

/**
 * Reads the logs of all models, whole, oldest entry first: their commits by git, without a file, because the messages
 * tell enough; and of each newest entry whether its release is still a draft. Throws a `RefusedError` where git gets
 * no answer, and a `UserError` where a log is kept elsewhere than this run was told.
 */
export async function readLogs(github: GitHub): Promise<LoggedEvent[]> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-logs-'))
  try {
    const events = await fetchLogs(github, folder)
    const tips = events.filter(({ isTip, tag }) => isTip && tag.includes('@'))
    const drafts = await Promise.all(tips.map(async (tip) => ((await isDraft(github, tip)) ? [tip.entry] : [])))
    const entries = new Set(drafts.flat())
    return events.map((event) => ({ ...event, isDraft: entries.has(event.entry) }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Wherever a host takes them. */
const LOGS = ['refs/modelyard/*:refs/modelyard/*', 'refs/heads/modelyard/*:refs/heads/modelyard/*']

async function fetchLogs(github: GitHub, folder: string): Promise<LoggedEvent[]> {
  const { url, header } = await gitAddress(github)
  // A header on the command line could be read by others.
  const setting = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.extraHeader', GIT_CONFIG_VALUE_0: header }
  const env = { ...process.env, ...setting, GIT_TERMINAL_PROMPT: '0' }
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: folder, env, maxBuffer: Number.POSITIVE_INFINITY })).stdout
  await git('init', '--quiet', '--bare')
  await git('fetch', '--quiet', '--no-tags', '--filter=tree:0', url, ...LOGS).catch((cause) => {
    throw new RefusedError(`The logs of ${url} could not be read. Look whether the token may read it.`, { cause })
  })
  const lines = (await git('for-each-ref', '--format=%(objectname) %(refname)')).split('\n')
  const tips = new Map(lines.filter((line) => line !== '').map((line) => line.split(' ') as [string, string]))
  if (tips.size === 0) return []
  // The first entry's first parent is a registry commit: what follows it is the source's history, without such trailers.
  const commits = await git('log', '--first-parent', '--reverse', '-z', '--format=%H%n%B', ...tips.keys())
  const refs = new Set(tips.values())
  return commits.split('\0').flatMap((text) => {
    const entry = text.slice(0, 40)
    const said = readTrailers(text.slice(41))
    const { Model: model, Tag: tag, Commit: commit, 'Model-Digest': digest, 'Gate-Digest': gate } = said
    if (!model || !tag || !commit) return []
    if (!refs.has(logRef(model, github))) {
      if (refs.has(logRef(model, { branchesOnly: !github.branchesOnly }))) throw logElsewhere(github, model)
      return []
    }
    const pending = digest && gate ? { pending: pendingTag(model, { model: digest, gate }) } : {}
    return [{ model, entry, tag, commit, isTip: tips.has(entry), isDraft: false, ...pending }]
  })
}

/** Of all models in one query: only what that does not find by its tag is asked for one by one. */
async function isDraft(github: GitHub, { model, tag }: LoggedEvent): Promise<boolean> {
  const [tip, published] = await Promise.all([readLogTip(github, model), loadRelease(github, tag).catch(() => null)])
  if (tip?.event.type !== 'registration') return false
  const { release: id } = tip.event
  return (published?.id === id ? published : await readRelease(github, id))?.draft === true
}
