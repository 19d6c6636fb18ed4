import { type GitHub, listAssets, listReleases } from '@modelyard/github'
import { RegistryEvent, VersionFile } from '@modelyard/spec'
import { expect } from 'vitest'
import { logRef } from '../../src/events/log.ts'
import {
  deriveState,
  readState,
  readTagsOfClone,
  readTrailers,
  readVersionFile,
  type State,
  type TagFact,
  versionTag,
} from '../../src/index.ts'
import { versionPath } from '../../src/manifest.ts'
import { inProduction } from './candidate.ts'
import type { Repository } from './repository.ts'

/** One entry of a model's log, with what became of it. */
export interface Entry {
  sha: string
  parents: string[]
  event: RegistryEvent
  /** Its tag; another one's where that was quicker to take the name. */
  fact: TagFact | undefined
  /** Whether the tag is the one that it announced. */
  holds: boolean
}

/** The entries of a model's log, oldest first, as plain git tells them. */
export async function readLog({ git, gitDir }: Repository, model: string): Promise<Entry[]> {
  const facts = new Map((await readTagsOfClone(gitDir)).map((f) => [f.name, f]))
  const entries: Entry[] = []
  const lines = (await git('log', '--first-parent', '--format=%H %P', logRef(model))).split('\n')
  for (const line of lines) {
    const [sha, ...parents] = line.split(' ') as [string, ...string[]]
    // Below the first entry lies what it keeps: the registry commit and the source.
    const text = await git('show', `${sha}:event.json`).catch(() => null)
    if (text === null) break
    const event = RegistryEvent.parse(JSON.parse(text))
    const fact = facts.get(event.tag.name)
    entries.push({ sha, parents, event, fact, holds: fact?.object === event.tag.object })
  }
  return entries.reverse()
}

/** The log is one line, every event of it has its tag at its commit and time, and times rise. */
export function expectOneLine(entries: readonly Entry[]): void {
  for (const [index, { sha, parents, event, fact, holds }] of entries.entries()) {
    const before = entries[index - 1]
    const kept = event.type === 'registration' ? [event.commit] : []
    expect(parents, sha).toEqual([...(before ? [before.sha] : []), ...kept])
    expect(Date.parse(event.time), sha).toBeGreaterThan(Date.parse(before?.event.time ?? '1970-01-01'))
    expect(fact, `the tag of ${event.tag.name}`).toBeDefined()
    if (holds) expect(fact).toMatchObject({ target: event.commit, time: event.time })
  }
  const held = entries.filter(({ holds }) => holds)
  expect(new Set(held.map(({ event }) => event.tag.name)).size).toBe(held.length)
}

/**
 * Whether the decision of an entry was true of a state. Who decides sees all that the log told before; what other tools
 * tagged meanwhile may or may not have been seen, so it is enough that it was true with some of those.
 */
export async function stoodOn(
  repository: Repository,
  { event, fact, holds }: Entry,
  model: string,
  before: readonly TagFact[],
  meanwhile: readonly TagFact[],
): Promise<boolean> {
  const message = holds ? fact!.message : await repository.git('cat-file', 'tag', event.tag.object)
  const champion =
    event.type === 'registration'
      ? VersionFile.parse(JSON.parse(await repository.git('show', `${event.commit}:${versionPath(model)}`))).champion
      : null
  const states = Array.from({ length: meanwhile.length + 1 }, (_, seen) =>
    deriveState(model, [...before, ...meanwhile.slice(0, seen)]),
  )
  return states.some((state) => isTrue(event, state, { message, champion }))
}

function isTrue(event: RegistryEvent, state: State, said: { message: string; champion: string | null }): boolean {
  const isRegistered = state.versions.some(({ version }) => version === event.version)
  const isQuarantined = state.quarantined.some(({ version }) => version === event.version)
  const held = Object.values(state.stages).map(({ current }) => current)
  if (state.tags.includes(event.tag.name)) return false
  switch (event.type) {
    case 'registration':
      return !isRegistered && said.champion === inProduction(state)
    case 'assignment': {
      const current = state.stages[event.stage]?.current ?? 'none'
      const isModelDeprecated = state.deprecated.some(({ version }) => version === null)
      return isRegistered && !isQuarantined && !isModelDeprecated && readTrailers(said.message).Replaces === current
    }
    case 'unassignment':
      return state.stages[event.stage]?.current === event.version
    case 'quarantine':
      return isRegistered && isQuarantined === event.lifted
    case 'deprecation':
      return isRegistered && !held.includes(event.version)
  }
}

/** Every version has its one release, published, with the files of its manifest; and no draft is left. */
export async function expectReleasesInOrder(github: GitHub, model: string): Promise<void> {
  const { versions, deprecated } = await readState(github, model)
  const releases = await listReleases(github)
  const ours = versions.filter(({ message }) => readTrailers(message)['Model-Digest'])
  // What is deprecated keeps its release.
  const gone = deprecated.flatMap(({ version }) => (version === null ? [] : [versionTag(model, version)]))
  expect(releases.map(({ tag, draft }) => [tag, draft]).sort()).toEqual(
    [...ours.map(({ tag }) => tag), ...gone].sort().map((tag) => [tag, false]),
  )
  for (const version of ours) {
    const { assets } = await readVersionFile(github, model, version)
    const held = await listAssets(github, releases.find(({ tag }) => tag === version.tag)!.id)
    expect(held.map(({ name, sha256, state }) => [name, sha256, state]).sort()).toEqual(
      assets.map(({ name, sha256 }) => [name, sha256, 'uploaded']).sort(),
    )
  }
}
