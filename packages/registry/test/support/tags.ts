import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The first second of 2026. */
export const START = Date.UTC(2026, 0, 1) / 1000

/** A tag to be written with plain git. */
export interface WrittenTag {
  name: string
  /** One of the commits of the repository, by its number; `tree` is the tree of the first. */
  at: number | 'tree' | { tag: string }
  /** Seconds after `START`; none for a lightweight tag. */
  time?: number
  message?: string
}

/** Makes a repository with so many commits and these tags, as any tool could have written them; answers with its folder. */
export async function writeTags(commits: number, tags: readonly WrittenTag[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-tags-'))
  const git = (...args: string[]) => run('git', args, { cwd: folder })
  await git('init', '-q', '-b', 'main')
  const isPlain = ({ at }: WrittenTag) => typeof at === 'number'
  await fastImport(folder, [
    ...Array.from({ length: commits }, (_, index) => commit(index)),
    ...tags.filter(isPlain).map(written),
  ])
  await git('reset', '-q', '--hard', 'main')
  for (const tag of tags.filter((each) => !isPlain(each))) {
    const target = tag.at === 'tree' ? 'main^{tree}' : (tag.at as { tag: string }).tag
    const date = `${START + (tag.time ?? 0)} +0000`
    const env = { ...process.env, ...IDENTITY, GIT_COMMITTER_DATE: date }
    await run('git', ['tag', '-a', '-m', tag.message ?? tag.name, tag.name, target], { cwd: folder, env })
  }
  return folder
}

const IDENTITY = { GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.com' }
const WHO = 'Ada <ada@example.com>'

function commit(index: number): string {
  return `commit refs/heads/main\nmark :${index + 1}\ncommitter ${WHO} ${START - 1000 + index} +0000\n${data(`commit ${index}`)}M 644 inline file\n${data(`${index}`)}\n`
}

function written({ name, at, time, message = name }: WrittenTag): string {
  const from = `from :${(at as number) + 1}\n`
  if (time === undefined) return `reset refs/tags/${name}\n${from}\n`
  return `tag ${name}\n${from}tagger ${WHO} ${START + time} +0000\n${data(message)}`
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`
}

async function fastImport(folder: string, stream: string[]): Promise<void> {
  const process = spawn('git', ['fast-import', '--quiet'], { cwd: folder, stdio: ['pipe', 'inherit', 'inherit'] })
  process.stdin.end(stream.join(''))
  const [code] = await once(process, 'exit')
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
}
