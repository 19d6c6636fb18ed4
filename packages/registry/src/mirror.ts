import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type GitHub, gitAddress } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { parseTag } from './grammar.ts'
import { deriveState, type State, type TagFact } from './state.ts'

const run = promisify(execFile)

/** Of an annotated tag, all that counts is in its own object: what it names need not be there. */
const FIELDS = [
  'refname:strip=2',
  'objecttype',
  'objectname',
  'type',
  'object',
  'taggerdate:unix',
  'taggername',
  'contents',
]
const FORMAT = FIELDS.map((field) => `%(${field})%00`).join('')

/** What a request of git may hold before git asks with an empty one first whether it may be sent. */
const POST_BUFFER = 2 ** 27

/**
 * Reads every tag of a repository on GitHub, in three requests however many there are: a clone of the tags, the commits
 * that they name, and no files. (`clone` writes many refs at once, where `fetch` makes a file for each.)
 * Throws a `RefusedError` where git gets no answer.
 */
export async function readAllTags(github: GitHub): Promise<TagFact[]> {
  const { url, header } = await gitAddress(github)
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-tags-'))
  const settings = { 'http.extraHeader': header, 'http.postBuffer': String(POST_BUFFER) }
  try {
    await run(
      'git',
      ['clone', '--quiet', '--bare', '--depth=1', '--no-single-branch', '--filter=tree:0', url, folder],
      {
        env: { ...asEnvironment(settings), GIT_TERMINAL_PROMPT: '0' },
      },
    )
    return await readTagsOfClone(folder)
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1)
    if (said === undefined) throw error
    throw new RefusedError(`The tags of ${url} could not be read (${said}). Look whether the token may read it.`, {
      cause: error,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Reads the tags that a clone holds, which may be fewer than GitHub has: see `isShallow`. */
export async function readTagsOfClone(folder: string): Promise<TagFact[]> {
  const args = ['-c', `safe.directory=${folder}`, 'for-each-ref', `--format=${FORMAT}`, 'refs/tags']
  const { stdout } = await run('git', args, { cwd: folder, maxBuffer: Number.POSITIVE_INFINITY }).catch((cause) => {
    throw new UserError(`${folder} is no git repository, so its tags cannot be read.`, { cause })
  })
  const values = stdout.split('\0')
  return Array.from({ length: Math.floor(values.length / FIELDS.length) }, (_, index) =>
    asFact(values.slice(index * FIELDS.length, (index + 1) * FIELDS.length)),
  )
}

/** Whether a clone may lack tags because it lacks the commits that they name. */
export async function isShallow(folder: string): Promise<boolean> {
  const args = ['-c', `safe.directory=${folder}`, 'rev-parse', '--is-shallow-repository']
  return (await run('git', args, { cwd: folder })).stdout.trim() === 'true'
}

/** Tags by the model that they are about, in the order of the models' names; what is no tag of a registry is left out. */
export function tagsByModel(facts: readonly TagFact[]): Map<string, TagFact[]> {
  const groups = Map.groupBy(facts, ({ name }) => parseTag(name)?.name)
  groups.delete(undefined)
  return new Map([...(groups as Map<string, TagFact[]>)].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The states of all models that tags tell of, in the order of their names. */
export function deriveRegistry(facts: readonly TagFact[]): Map<string, State> {
  return new Map([...tagsByModel(facts)].map(([name, own]) => [name, deriveState(name, own)]))
}

/** The tags that were there at a moment (ISO 8601), by their own times: what a reader would have seen then. */
export function tagsAt(facts: readonly TagFact[], time: string): TagFact[] {
  const moment = Date.parse(time)
  return facts.filter((fact) => Date.parse(fact.time) <= moment)
}

function asFact([name, kind, sha, type, target, seconds, actor, message]: string[]): TagFact {
  // The line end of git's own output stands before each name but the first.
  const plain = { name: name!.trimStart(), object: null, target: sha!, time: new Date(0).toISOString() }
  if (kind !== 'tag') return { ...plain, actor: '', message: '' }
  const time = new Date(Number(seconds) * 1000).toISOString()
  const annotated = { ...plain, target: target!, time, actor: actor!, message: message! }
  return type === 'commit' ? { ...annotated, object: sha! } : { ...annotated, names: type as 'tag' | 'tree' | 'blob' }
}

/** This process's environment with settings of git, which no list of processes shows there. */
function asEnvironment(settings: Record<string, string>): NodeJS.ProcessEnv {
  const first = Number(process.env.GIT_CONFIG_COUNT ?? 0)
  const pairs = Object.entries(settings).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, key],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ])
  const count = first + Object.keys(settings).length
  return { ...process.env, GIT_CONFIG_COUNT: String(count), ...Object.fromEntries(pairs) }
}
