import { type Holding, type ModelSummary, UserError, type VersionFile, type VersionSummary } from '@modelyard/spec'
import { modelDigestIn, reasonIn } from '../events/message.ts'
import { newestSound } from '../resolve.ts'
import { registrationsOf } from '../tags/history.ts'
import { deriveRegistry, tagsAt, tagsByModel } from '../tags/mirror.ts'
import { deriveState, type State, type TagFact, type Version } from '../tags/state.ts'
import { readManifests, type Source } from './source.ts'

/**
 * What the registry says of all models, or of one, now or as it was at a moment (ISO 8601). Throws a `UserError` for a
 * model that no tag tells of, and for a moment that has not come.
 */
export async function readModels(
  source: Source,
  { model, at, now = new Date() }: { model?: string; at?: string; now?: Date } = {},
): Promise<ModelSummary[]> {
  if (at !== undefined && Date.parse(at) > now.getTime()) {
    throw new UserError(`The moment is ${at}, which has not come: the registry tells what was, not what will be.`)
  }
  const facts = await source.readTags(model)
  const seen = at === undefined ? facts : tagsAt(facts, at)
  if (model !== undefined) return [summarize(deriveState(knownState(model, facts).model, seen))]
  return [...deriveRegistry(seen).values()].filter(({ last }) => last !== null).map(summarize)
}

/**
 * What the registry says of each version of a model with the metrics of its manifest: those in force, the highest
 * first, then those that were taken out of it.
 */
export async function readVersions(source: Source, model: string): Promise<VersionSummary[]> {
  const facts = await source.readTags(model)
  const state = knownState(model, facts)
  const registered = new Map(registrationsOf(model, facts).map((version) => [version.version, version]))
  const taken = state.deprecated.flatMap(({ version }) => registered.get(version ?? '') ?? [])
  const versions = [...state.versions.toReversed(), ...taken]
  const manifests = await readManifests(source, model, versions)
  return versions.map((version, index) => summarizeVersion(state, version, manifests[index]!))
}

/** What a model's state is, told in what people ask for. */
function summarize(state: State): ModelSummary {
  return {
    model: state.model,
    latest: newestSound(state)?.version ?? null,
    versions: state.versions.length,
    stages: Object.keys(state.stages).map((stage) => holdingOf(state, stage)),
    quarantined: state.quarantined.map(({ version }) => version),
    deprecated: state.deprecated.some(({ version }) => version === null),
    updated: state.last?.time ?? null,
  }
}

/** The tags by model, of all or of one. Throws a `UserError` for a model that no tag tells of. */
export async function readByModel(source: Source, model?: string): Promise<Array<[model: string, facts: TagFact[]]>> {
  const facts = await source.readTags(model)
  return model === undefined ? [...tagsByModel(facts)] : [[knownState(model, facts).model, facts]]
}

/** The state of a model; throws a `UserError` where no tag tells of it. */
export function knownState(model: string, facts: readonly TagFact[]): State {
  return needKnown(deriveState(model, facts))
}

/** The same state; throws a `UserError` where no tag tells of its model. */
export function needKnown(state: State): State {
  if (state.last) return state
  throw new UserError(
    `There is no model ${JSON.stringify(state.model)} in the registry: no tag tells of it. \`modelyard registry show\` lists those that are there.`,
  )
}

/** Since when a stage holds what it holds; what took a version out of the registry took it out of its stages. */
function holdingOf(state: State, stage: string): Holding {
  const { current, history } = state.stages[stage]!
  const last = history.at(-1)!
  const taken = state.deprecated.find(({ version }) => version === last.version)
  const { time, actor, tag, message } = current === null && last.kind === 'assignment' ? (taken ?? last) : last
  return { stage, version: current, since: time, actor, tag, reason: reasonIn(message) }
}

function summarizeVersion(state: State, version: Version, file: VersionFile | null): VersionSummary {
  const { message, ...told } = version
  const { model, stages } = state
  return {
    model,
    ...told,
    stages: Object.keys(stages).filter((stage) => stages[stage]!.current === version.version),
    standing: standingOf(state, version.version),
    digest: file?.digests.model ?? modelDigestIn(message),
    metrics: file?.metrics.map(({ name, candidate }) => ({ name, value: candidate })) ?? [],
  }
}

function standingOf({ deprecated, quarantined }: State, wanted: string): VersionSummary['standing'] {
  const isAmong = (entries: ReadonlyArray<{ version: string | null }>) =>
    entries.some(({ version }) => version === wanted)
  if (isAmong(deprecated)) return 'deprecated'
  if (isAmong(quarantined)) return 'quarantined'
  return deprecated.some(({ version }) => version === null) ? 'deprecated' : 'in force'
}
