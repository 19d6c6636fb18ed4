import { readAsGto } from '../tags/gto.ts'
import { deriveRegistry } from '../tags/mirror.ts'
import type { TagFact } from '../tags/state.ts'
import { findTrapsOfLogs } from './of-logs.ts'
import { findTrapsOfStages } from './of-stages.ts'
import { findTrapsOfTags } from './of-tags.ts'
import { findTrapsOfVersions } from './of-versions.ts'
import type { LoggedEvent, Trap } from './trap.ts'

/**
 * Finds every trap in the tags of a repository, all of them, and, where the logs are known, in what these say beside
 * them. `asOf` is when the logs were read, where that was before the tags. Pure: see `mend` for what can be done.
 */
export function findTraps(facts: readonly TagFact[], logs: readonly LoggedEvent[] = [], asOf?: Date): Trap[] {
  const gto = readAsGto(facts)
  const ofModels = [...deriveRegistry(facts)].flatMap(([model, state]) => [
    ...findTrapsOfVersions(state, facts),
    ...findTrapsOfStages(state, 'models' in gto ? gto.models.get(model) : undefined),
  ])
  const ofLogs = findTrapsOfLogs(facts, logs, asOf)
  // The log tells of a moved version surely; what the events of stages let guess would be the same once more.
  const told = new Set(ofLogs.flatMap(({ kind, tags }) => (kind === 'another tag' ? tags : [])))
  const others = ofModels.filter(({ kind, tags }) => kind !== 'moved version' || !told.has(tags[0]!))
  return [...findTrapsOfTags(facts), ...others, ...ofLogs]
}
