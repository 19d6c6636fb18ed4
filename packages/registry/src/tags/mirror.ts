import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fetchPack, type GitHub, gitAddress, listTags, ProtocolError, type RefTarget, timeOf } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { catFile } from './cat-file.ts'
import { annotated, lightweight } from './fact.ts'
import { parseTag } from './grammar.ts'
import { deriveState, type State, type TagFact } from './state.ts'

const run = promisify(execFile)

/** A tag by what its ref says alone. */
interface Ref {
  /** Without `refs/tags/`. */
  name: string
  sha: string
  annotated: boolean
}

/**
 * Reads every tag of a repository on GitHub, in two requests however many there are: which tags there are, and their
 * objects. Of the commits that they name, nothing is brought. Throws a `RefusedError` where GitHub does not answer.
 */
export async function readAllTags(github: GitHub): Promise<TagFact[]> {
  const address = await gitAddress(github)
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-tags-'))
  try {
    const listed = await listTags(address)
    await run('git', ['init', '--quiet', '--bare', folder])
    const annotated = listed.filter(({ peeled }) => peeled !== undefined)
    const [wanted, had] = [unique(annotated.map(({ sha }) => sha)), unique(annotated.map(({ peeled }) => peeled!))]
    if (wanted.length > 0) await keepPack(folder, fetchPack(address, { wanted, had }))
    const refs = listed.map(({ ref, sha, peeled }) => ({ name: nameOf(ref), sha, annotated: peeled !== undefined }))
    return await readFacts(folder, refs)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    const sentence = `The tags of ${address.url} could not be read (${error.message}). ${remedyOf(error)}`
    throw new RefusedError(sentence, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function remedyOf({ status }: ProtocolError): string {
  if (status === 401) return 'GitHub does not accept the token: give one that is valid.'
  if (status === 403 || status === 404)
    return 'The repository is not there, or the token may not see it: correct GITHUB_REPOSITORY, or give a token that may read it.'
  return 'Run it again; without GitHub, --offline reads the clone.'
}

/** Reads the tags that a clone holds, which may be fewer than GitHub has: see `isShallow`. */
export async function readTagsOfClone(folder: string): Promise<TagFact[]> {
  const format = '--format=%(objectname) %(objecttype) %(refname)'
  const { stdout } = await git(folder, 'for-each-ref', format, 'refs/tags').catch((cause) => {
    const said = String(cause.stderr ?? cause.message)
      .trim()
      .split('\n')
      .at(-1)
    throw new UserError(`Git cannot read the tags of ${folder}: ${said}. Mend or make the clone.`, { cause })
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  const refs = lines.map((line) => {
    const [sha, kind, ref] = line.split(' ') as [string, string, string]
    return { name: nameOf(ref), sha, annotated: kind === 'tag' }
  })
  return readFacts(folder, refs)
}

/** What brings the tags to a shallow clone. One that is whole it would cut. */
export const FETCH_TAGS_SHALLOW = "git fetch --depth=1 origin '+refs/tags/*:refs/tags/*'"

/** Whether a clone may lack tags because it lacks the commits that they name. */
export async function isShallow(folder: string): Promise<boolean> {
  return (await git(folder, 'rev-parse', '--is-shallow-repository')).stdout.trim() === 'true'
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

/** What the objects of annotated tags say; the others say nothing. Throws a `UserError` where git lacks one. */
async function readFacts(folder: string, refs: readonly Ref[]): Promise<TagFact[]> {
  const objects = await catFile(
    folder,
    refs.flatMap(({ sha, annotated }) => (annotated ? [sha] : [])),
  )
  let at = 0
  return refs.map((ref) => {
    if (!ref.annotated) return lightweight(ref.name, ref.sha)
    const object = objects[at++]
    if (typeof object === 'string') return asFact(ref, object)
    throw new UserError(`Git does not have the object ${ref.sha.slice(0, 12)} of the tag ${ref.name}. Fetch it again.`)
  })
}

const TAG = /^object (\w+)\ntype (\w+)\ntag [^\n]*\n(?:tagger ([^\n]*?) ?<[^\n]*> (\d+) [^\n]*\n)?/

/** What the object of a tag says; nothing where it is in a form that git does not write. */
function asFact({ name, sha }: Ref, text: string): TagFact {
  const [head, target, type, tagger = '', seconds = '0'] = TAG.exec(text) ?? []
  if (head === undefined || target === undefined) return lightweight(name, sha)
  const time = timeOf(Number(seconds) * 1000)
  const message = text.slice(text.indexOf('\n\n', head.length - 1) + 2)
  return annotated(name, { sha, target: { sha: target, type: type as RefTarget['type'] }, tagger, time, message })
}

/** Unpacks objects into a repository, as they come. Git stops reading at the end of the pack, not of the stream. */
async function keepPack(folder: string, pack: AsyncIterable<Buffer>): Promise<void> {
  const child = execFile('git', ['index-pack', '--stdin'], { cwd: folder })
  const ended = once(child, 'close')
  const stdin = child.stdin!.on('error', () => {})
  try {
    for await (const chunk of pack) {
      if (!stdin.write(chunk)) await Promise.race([once(stdin, 'drain').catch(() => {}), ended])
    }
  } finally {
    stdin.end()
  }
  const [code] = await ended
  if (code !== 0) throw new ProtocolError('its pack cannot be read')
}

function git(folder: string, ...args: string[]): Promise<{ stdout: string }> {
  return run('git', args, { cwd: folder, maxBuffer: Number.POSITIVE_INFINITY })
}

function nameOf(ref: string): string {
  return ref.slice('refs/tags/'.length)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
