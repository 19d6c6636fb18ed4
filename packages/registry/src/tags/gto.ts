import { compare } from 'semver'
import { parseTag, type Tag } from './grammar.ts'
import type { TagFact } from './state.ts'

/** What `gto show` says of one model. */
export interface GtoModel {
  /** Its `latest`. */
  version: string | null
  /** What each stage holds, where it holds anything; a commit's SHA where no version was registered there. */
  stages: Record<string, string>
  /** False where it leaves the model out, because its newest word is a deprecation. */
  active: boolean
}

/** GTO reads a whole repository or nothing: one tag that it does not bear keeps it from every model. */
export type GtoReading = { models: Map<string, GtoModel> } | { fails: { tags: string[]; why: GtoFailure } }

/** Why `gto show` ends with an error: its E8, a time that Python does not know, its E7, and a tag of no commit. */
type GtoFailure = 'created' | 'time out of range' | 'versions on one commit' | 'not a commit'

/**
 * Reads tags as GTO 1.10.1 does, its traps included (https://github.com/iterative/gto, `base.py` and `tag.py`): only so
 * can it be told where it and `deriveState` differ. Takes the tags of the whole repository. Of bare commits that were
 * put into one stage within the same second it may name another one than GTO, which goes by the commits' times then; of
 * numbers that are too large for `parseTag` it knows nothing.
 */
export function readAsGto(facts: readonly TagFact[]): GtoReading {
  const known = facts.flatMap((fact) => {
    const tag = parseTag(fact.name)
    return tag ? [{ ...fact, tag, seconds: Math.floor(Date.parse(fact.time) / 1000) }] : []
  })
  const created = known.find(({ tag }) => tag.kind === 'creation')
  if (created) return { fails: { tags: [created.name], why: 'created' } }
  const late = known.find(({ isTooLate }) => isTooLate)
  if (late) return { fails: { tags: [late.name], why: 'time out of range' } }

  // What a tag names is taken for a commit first, whatever it is: a tag's own SHA stays what it counts as.
  const events = known.filter(({ object, names }) => object !== null || names !== undefined).sort(byTimeThenName)
  const artifacts = new Map<string, Artifact>()
  const artifactOf = (name: string) => {
    const artifact = artifacts.get(name) ?? { versions: [], deprecations: [] }
    artifacts.set(name, artifact)
    return artifact
  }
  for (const { tag, seconds } of events) {
    if (tag.kind === 'deprecation') artifactOf(tag.name).deprecations.push(seconds)
  }
  for (const { tag, target, seconds, name } of events) {
    if (tag.kind !== 'registration' && tag.kind !== 'deregistration') continue
    const { versions } = artifactOf(tag.name)
    const version =
      versions.find((each) => each.version === tag.version && each.commit === target) ??
      add(versions, { version: tag.version, commit: target })
    version.direct.push({ isAddition: tag.kind === 'registration', seconds })
    version.tags.push(name)
  }
  for (const { tag, target, seconds, name } of events) {
    if (tag.kind !== 'assignment' && tag.kind !== 'unassignment') continue
    const { versions } = artifactOf(tag.name)
    const [version, ...others] = versions.filter((each) => each.commit === target && each.direct.length > 0)
    if (others.length > 0) {
      const tags = [version!, ...others].flatMap((each) => each.tags)
      return { fails: { tags: [...tags, name], why: 'versions on one commit' } }
    }
    // A bare commit is found by none of its later events: each makes another version of it.
    const { stages } = version ?? add(versions, { version: target, commit: target })
    const stage = stages.get(tag.stage) ?? []
    stages.set(tag.stage, stage)
    stage.push({ isAddition: tag.kind === 'assignment', seconds })
  }
  const stray = events.find(({ tag, names }) => tag.kind !== 'deprecation' && (names === 'tree' || names === 'blob'))
  if (stray) return { fails: { tags: [stray.name], why: 'not a commit' } }
  return { models: new Map([...artifacts].map(([name, artifact]) => [name, show(artifact)])) }
}

type Known = TagFact & { tag: Tag; seconds: number }

interface Event {
  isAddition: boolean
  seconds: number
}

interface Version {
  version: string
  commit: string
  /** Its registrations and deregistrations; a bare commit has none. */
  direct: Event[]
  tags: string[]
  stages: Map<string, Event[]>
}

interface Artifact {
  versions: Version[]
  /** Their times. */
  deprecations: number[]
}

function byTimeThenName(a: Known, b: Known): number {
  return a.seconds - b.seconds || (a.name < b.name ? -1 : 1)
}

function add(versions: Version[], { version, commit }: { version: string; commit: string }): Version {
  const added = { version, commit, direct: [], tags: [], stages: new Map() }
  versions.push(added)
  return added
}

function show({ versions, deprecations }: Artifact): GtoModel {
  const active = versions.filter(({ direct }) => direct.length === 0 || newest(direct)!.isAddition)
  const registered = active.filter(({ direct }) => direct.length > 0)
  // Python's sort is stable, and GTO turns its result round: of equals the last comes first.
  const latest = registered.toSorted((a, b) => compare(a.version, b.version)).at(-1)
  const held = active
    .toSorted((a, b) => createdAt(a) - createdAt(b))
    .toReversed()
    .flatMap(({ version, stages }) =>
      [...stages].flatMap(([stage, events]) => {
        const last = newest(events)!
        return last.isAddition ? [{ stage, version, seconds: last.seconds }] : []
      }),
    )
    .sort((a, b) => a.seconds - b.seconds)
  const events = versions.flatMap(({ direct, stages }) => [...direct, ...[...stages.values()].flat()])
  const lastEvent = Math.max(...events.map(({ seconds }) => seconds))
  return {
    version: latest?.version ?? null,
    stages: Object.fromEntries(held.map(({ stage, version }) => [stage, version])),
    active: deprecations.every((seconds) => seconds <= lastEvent),
  }
}

/** The event that counts: the newest; of several within a second, one that takes away. */
function newest(events: readonly Event[]): Event | undefined {
  return events.toSorted((a, b) => a.seconds - b.seconds || Number(b.isAddition) - Number(a.isAddition)).at(-1)
}

function createdAt({ direct, stages }: Version): number {
  const additions = direct.filter(({ isAddition }) => isAddition)
  const all = additions.length > 0 ? additions : [...stages.values()].flat()
  return Math.max(...all.map(({ seconds }) => seconds))
}
