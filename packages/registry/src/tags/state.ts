import { QUARANTINE } from '@modelyard/spec'
import { compareVersions, parseTag, type Tag } from './grammar.ts'

/** A tag as git holds it. Facts only: what it means is derived. */
export interface TagFact {
  /** Without `refs/tags/`. */
  name: string
  /** The annotated tag's object; null for a lightweight tag, which announces nothing and yet occupies its name. */
  object: string | null
  /** The commit that it names. */
  target: string
  /** What an annotated tag names where that is no commit: it announces nothing, and GTO stumbles over it. */
  names?: 'tag' | 'tree' | 'blob'
  /** Where an annotated tag is dated from the year 10000 on: it announces nothing, and GTO stumbles over it. */
  isTooLate?: true
  /** The tagger's time, ISO 8601 in UTC. */
  time: string
  /** The tagger's name. */
  actor: string
  message: string
}

/** A registered version that is in force. */
export interface Version {
  version: string
  /** Its registry commit. */
  commit: string
  tag: string
  time: string
  actor: string
  message: string
}

/** One change of a stage. */
export interface Assignment {
  kind: 'assignment' | 'unassignment'
  /** The version that was put there or taken away; a commit's SHA where no version was registered at that commit. */
  version: string
  commit: string
  tag: string
  time: string
  actor: string
  message: string
}

/** The word that a version is not to be used any more or, where it is null, the model. */
export type Deprecation = Omit<Version, 'version'> & { version: string | null }

export interface Stage {
  /** The version that the stage holds; null where it holds none. */
  current: string | null
  /** Oldest first. */
  history: Assignment[]
}

/** What the tags of one model say. */
export interface State {
  model: string
  /** Lowest first: the newest is the last. */
  versions: Version[]
  stages: Record<string, Stage>
  /** The versions that are in quarantine, each by the event that put it there: nothing chooses them by itself. */
  quarantined: Assignment[]
  /** The latest event of the model; null where there is none. */
  last: { tag: string; time: string } | null
  /** What is deprecated: versions for good; the model until a version is registered. */
  deprecated: Deprecation[]
  /** Every name that is occupied, in whatever way. */
  tags: string[]
}

/** A fact and what its name announces. */
export type Fact = TagFact & { tag: Tag }

/**
 * Derives a model's state from tags, in any order; tags of other models, unknown and lightweight ones say nothing.
 *
 * Tags are ordered by time, then counter, then name. A stage tag is bound to the version at its commit: where there
 * are several, to the one that was registered last before it. A stage is emptied by an unassignment of what it holds
 * and by the deregistration of it, and takes none that is deregistered: nothing goes live without an event that says
 * so (GTO would fall back to the one before). Of a version that was registered, taken back and registered again, the last word counts.
 */
export function deriveState(model: string, facts: readonly TagFact[]): State {
  const own = ofModel(model, facts)
  const events = inOrder(own)
  const registered = registrations(events)
  const latest = latestWords(registered)
  const last = events.at(-1)
  const standing = events.findLast(({ tag: { kind } }) => kind === 'deprecation' || kind === 'registration')
  const { [QUARANTINE]: quarantine, ...live } = stagesAmong(events)
  return {
    model,
    versions: inForce(latest),
    stages: Object.assign(Object.create(null), live),
    quarantined: inQuarantine(quarantine?.history ?? []),
    last: last ? { tag: last.name, time: last.time } : null,
    deprecated: [
      ...latest.filter(({ kind }) => kind === 'deregistration').map(asVersion),
      ...(standing?.tag.kind === 'deprecation' ? [asDeprecation(standing)] : []),
    ],
    tags: own.map(({ name }) => name).sort(),
  }
}

/** The facts that are about a model, with what their names announce. */
export function ofModel(model: string, facts: readonly TagFact[]): Fact[] {
  return facts.flatMap((fact) => {
    const tag = parseTag(fact.name)
    return tag?.name === model ? [{ ...fact, tag }] : []
  })
}

/** Those that are annotated, in the order in which they count. */
export function inOrder(facts: readonly Fact[]): Fact[] {
  return facts
    .filter(({ object }) => object !== null)
    .map((fact) => ({ fact, at: Date.parse(fact.time) }))
    .sort((a, b) => a.at - b.at || order(a.fact, b.fact))
    .map(({ fact }) => fact)
}

/** Of one moment. */
function order(a: Fact, b: Fact): number {
  return (a.tag.counter ?? 0) - (b.tag.counter ?? 0) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
}

type Registration = Version & { index: number; kind: 'registration' | 'deregistration' }

/** Every registration and deregistration with its place in the order of events. */
function registrations(events: Fact[]): Registration[] {
  return events.flatMap(({ tag, name, target, time, actor, message }, index) =>
    tag.kind === 'registration' || tag.kind === 'deregistration'
      ? [{ kind: tag.kind, version: tag.version, commit: target, tag: name, time, actor, message, index }]
      : [],
  )
}

/** Of every version that was registered or taken back, what was said last. */
function latestWords(registered: Registration[]): Registration[] {
  return [...new Map(registered.map((event) => [event.version, event])).values()]
}

function inForce(latest: Registration[]): Version[] {
  return latest
    .filter(({ kind }) => kind === 'registration')
    .map(asVersion)
    .sort((a, b) => compareVersions(a.version, b.version))
}

function asVersion({ index: _, kind: __, ...version }: Registration): Version {
  return version
}

function asDeprecation({ name, target, time, actor, message }: Fact): Deprecation {
  return { version: null, commit: target, tag: name, time, actor, message }
}

/** Every stage that events in order tell of, quarantine among them. */
export function stagesAmong(events: Fact[]): Record<string, Stage> {
  const registered = registrations(events).filter(({ kind }) => kind === 'registration')
  const byCommit = Map.groupBy(registered, ({ commit }) => commit)
  // A stage may be called `constructor`: no prototype, so that what was never there is not found.
  const found: Record<string, Stage> = Object.create(null)
  const withdrawn = new Set<string>()
  for (const [index, { tag, name, target, time, actor, message }] of events.entries()) {
    if (tag.kind === 'registration') withdrawn.delete(tag.version)
    if (tag.kind === 'deregistration') {
      withdrawn.add(tag.version)
      for (const stage of Object.values(found)) if (stage.current === tag.version) stage.current = null
    }
    if (tag.kind !== 'assignment' && tag.kind !== 'unassignment') continue
    const version = versionAt(byCommit.get(target) ?? [], index)?.version ?? target
    found[tag.stage] ??= { current: null, history: [] }
    const stage = found[tag.stage]!
    stage.history.push({ kind: tag.kind, version, commit: target, tag: name, time, actor, message })
    if (tag.kind === 'assignment') stage.current = withdrawn.has(version) ? null : version
    else if (stage.current === version) stage.current = null
  }
  return found
}

/** Unlike a stage, quarantine holds every version that came and was not taken out. */
function inQuarantine(history: Assignment[]): Assignment[] {
  const held = new Map<string, Assignment>()
  for (const entry of history) {
    if (entry.kind === 'unassignment') held.delete(entry.version)
    else if (!held.has(entry.version)) held.set(entry.version, entry)
  }
  return [...held.values()]
}

/** Of the versions of a commit, the one that it stood for at a moment: the last one before, else the first one after. */
function versionAt(there: Registration[], index: number): Registration | undefined {
  return there.findLast((event) => event.index < index) ?? there[0]
}
