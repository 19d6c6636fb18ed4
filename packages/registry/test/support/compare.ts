import { expect } from 'vitest'
import { type HistoryEvent, historyOf } from '../../src/tags/history.ts'
import { deriveRegistry, readTagsOfClone } from '../../src/tags/mirror.ts'
import type { State } from '../../src/tags/state.ts'
import { askGto, type GtoApi } from './gto.ts'

/** What was compared. */
export interface Seen {
  events: number
  /** Answers of gto that were held against ours. */
  reads: number
  /** Stages that gto takes back to an earlier version where nothing is there for us. */
  differences: Array<{ model: string; stage: string; gto: string }>
  /** Models that were deprecated: gto takes that back at the next event of any kind, we at the next registration. */
  deprecated: string[]
}

/**
 * Holds all that gto's command says of a clone against what we say: `show`, `show NAME`, `history`, `stages`, and
 * `check-ref` of every event (through its API; as many samples through the command). Two differences are let through:
 * what an unassignment or a deregistration emptied is empty for us (E1, E2); and a deprecated model stays so.
 */
export async function compareWithGto(folder: string, gto: GtoApi, { samples }: { samples: number }): Promise<Seen> {
  const facts = await readTagsOfClone(folder)
  const registry = deriveRegistry(facts)
  const seen: Seen = { events: 0, reads: 0, differences: [], deprecated: [] }
  const equal = (its: unknown, ours: unknown) => {
    expect(its).toEqual(ours)
    seen.reads++
  }

  /** The same command in the one process that is there already: to start another one takes half a second. */
  const say = async <T>(...args: string[]): Promise<T> =>
    JSON.parse(await gto.call(folder, 'say', { args: [...args, '--json'] }))

  const show = await askGto<Record<string, Shown>>(folder, 'show', '-d')
  equal(Object.keys(show).sort(), [...registry.keys()].sort())
  const used = new Set<string>()
  for (const [model, state] of registry) {
    const { version, stage, active } = show[model]!
    equal(version, state.versions.at(-1)?.version ?? null)
    equal(active, historyOf(model, facts).at(-1)!.kind !== 'deprecation')
    if (active && isDeprecated(state)) seen.deprecated.push(model)
    else equal(active, !isDeprecated(state))
    for (const name of new Set([...Object.keys(stage), ...Object.keys(state.stages)])) {
      const [its, ours] = [stage[name] ?? null, currentOf(state, name)]
      if (its !== null) used.add(name)
      if (its !== null && ours === null && isEmptied(state, name))
        seen.differences.push({ model, stage: name, gto: its })
      else equal({ model, name, holds: its }, { model, name, holds: ours })
    }
    const versions = await say<ShownVersion[]>('show', model, '-d')
    const its = versions.filter((each) => each.is_active && !each.discovered)
    equal(
      its.map((each) => [each.version, each.commit_hexsha, each.ref, seconds(each.created_at), each.author]),
      state.versions.toReversed().map((each) => [each.version, each.commit, each.tag, seconds(each.time), each.actor]),
    )
  }
  equal((await say<string[]>('stages', '--used')).sort(), [...used].sort())

  const its = await askGto<Told[]>(folder, 'history', '--asc')
  for (const model of registry.keys()) {
    const ours = historyOf(model, facts)
    seen.events += ours.length
    equal(its.filter(({ artifact }) => artifact === model).map(asTold), ours.map(asOurs))
    const found = await gto.call<Checked[]>(folder, 'check_refs', { args: [ours.map(({ tag }) => tag)] })
    expect(found.length).toBe(ours.length)
    for (const [index, event] of ours.entries()) equal(asChecked(found[index]!), asOurs(event))
    for (const event of ours.slice(-Math.ceil(samples / registry.size))) {
      equal(asChecked(await say<Checked>('check-ref', event.tag)), asOurs(event))
    }
  }
  return seen
}

/** `12 assign, 3 register`. */
export function counts(written: Record<string, number>): string {
  return Object.entries(written)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ')
}

interface Shown {
  version: string | null
  stage: Record<string, string | null>
  active: boolean
}

interface ShownVersion {
  version: string
  commit_hexsha: string
  is_active: boolean
  discovered: boolean
  ref: string
  created_at: string
  author: string
}

interface Told {
  timestamp: string
  artifact: string
  event: string
  version: string | null
  stage: string | null
  commit: string
  author: string
  message: string
  ref: string
}

interface Checked {
  created_at: string
  event: string
  version?: string
  stage?: string
  commit_hexsha: string
  author: string
  message: string
  tag: string
}

function isDeprecated({ deprecated }: State): boolean {
  return deprecated.some(({ version }) => version === null)
}

/** Quarantine holds many for us; for gto it is a stage, and the one that came last is in it. */
function currentOf({ stages, quarantined, versions }: State, stage: string): string | null {
  if (stage !== 'quarantine') return stages[stage]?.current ?? null
  return quarantined.findLast((entry) => versions.some(({ version }) => version === entry.version))?.version ?? null
}

/** Whether what the stage held last was taken away, and nothing came after. */
function isEmptied({ stages, deprecated }: State, stage: string): boolean {
  const assigned = stages[stage]?.history.findLast(({ kind }) => kind === 'assignment')
  const { kind } = stages[stage]?.history.at(-1) ?? {}
  return kind === 'unassignment' || deprecated.some(({ version }) => version === assigned?.version)
}

function asOurs({ kind, version, stage, commit, actor, message, tag, time }: HistoryEvent): unknown[] {
  return [seconds(time), kind, version, stage, commit, actor, message.trim(), tag]
}

function asTold(told: Told): unknown[] {
  const { timestamp, event, version, stage, commit, author, message, ref } = told
  return [seconds(timestamp), event, version, stage, commit, author, message, ref]
}

function asChecked(event: Checked): unknown[] {
  const { created_at: time, version = null, stage = null, commit_hexsha: commit, author, message, tag } = event
  return [seconds(time), event.event, version, stage, commit, author, message, tag]
}

function seconds(time: string): number {
  return Date.parse(time) / 1000
}
