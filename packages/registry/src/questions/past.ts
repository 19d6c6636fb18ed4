import { type PastEvent, type Reference, UserError } from '@modelyard/spec'
import { readTrailers, reasonIn } from '../events/message.ts'
import { parseTag } from '../tags/grammar.ts'
import { historyOf } from '../tags/history.ts'
import type { State, TagFact } from '../tags/state.ts'
import { findAnnotation } from './annotations.ts'
import type { Source } from './source.ts'
import { knownState, readByModel } from './summary.ts'

/** Everything that happened to all models, or to one, newest first. A tag of creation announces nothing. */
export async function readEvents(source: Source, model?: string): Promise<PastEvent[]> {
  return (await readByModel(source, model))
    .flatMap(([name, own]) => eventsOf(name, own).filter(({ kind }) => kind !== 'creation'))
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
}

/**
 * What a tag (`m@v1.2.3`, `refs/tags/m#production#4`) announced, with what the repository's files said of the model
 * then. Throws a `UserError` where it is no tag of a registry, is not there, or announces nothing; what those files say
 * unreadably is for `onUnreadable`, which throws it unless it is given.
 */
export async function readReference(
  source: Source,
  ref: string,
  onUnreadable: (error: unknown) => null = rethrow,
): Promise<Reference> {
  const name = ref.replace(/^refs\/tags\//, '')
  const tag = parseTag(name)
  if (!tag)
    throw new UserError(
      `The tag ${JSON.stringify(name)} is none of a registry: those look like m@v1.2.3 or m#production#4.`,
    )
  const facts = await source.readTags(tag.name)
  const fact = facts.find((each) => each.name === name)
  if (!fact) throw new UserError(`There is no tag ${name}. ${newestTags(knownState(tag.name, facts))}`)
  const event = eventsOf(tag.name, facts).find((each) => each.tag === name)
  if (!event)
    throw new UserError(`The tag ${name} is not an annotated tag of a commit, so it announces nothing. Make it again.`)
  const annotation = await findAnnotation(tag.name, async (path) => {
    const [text = null] = await source.readTexts([{ commit: event.commit, path }])
    return text
  }).catch(onUnreadable)
  const { type = null, path = null, description = null, labels = [] } = annotation ?? {}
  return { ...event, type, path, description, labels, message: fact.message }
}

function newestTags({ model, versions, stages }: State): string {
  const newest = [versions.at(-1), ...Object.values(stages).map(({ history }) => history.at(-1))]
  const names = newest.flatMap((event) => (event ? [event.tag] : []))
  return `The newest of ${model} are ${names.join(', ')}; \`modelyard registry history --name ${model}\` tells what happened.`
}

function rethrow(error: unknown): never {
  throw error
}

/** Newest first. */
function eventsOf(model: string, facts: readonly TagFact[]): PastEvent[] {
  return historyOf(model, facts)
    .map(({ message, ...event }) => ({ model, ...event, reason: whyOf(message) }))
    .reverse()
}

/** A version's own tag has its description where other tags say why. */
function whyOf(message: string): string {
  return 'Gate-Digest' in readTrailers(message) ? '' : reasonIn(message)
}
