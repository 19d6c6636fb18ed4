import { readAsGto } from '../gto.ts'
import { deriveRegistry } from '../mirror.ts'
import type { TagFact } from '../state.ts'
import { findTrapsOfLogs } from './of-logs.ts'
import { findTrapsOfStages } from './of-stages.ts'
import { findTrapsOfTags } from './of-tags.ts'
import { findTrapsOfVersions } from './of-versions.ts'
import type { LoggedEvent, Trap } from './trap.ts'

/**
 * Finds every trap in the tags of a repository, all of them, and, where the logs are known, in what these say beside
 * them. Pure: see `mend` for what can be done.
 */
export function findTraps(facts: readonly TagFact[], logs: readonly LoggedEvent[] = []): Trap[] {
  const gto = readAsGto(facts)
  const ofModels = [...deriveRegistry(facts)].flatMap(([model, state]) => [
    ...findTrapsOfVersions(state, facts),
    ...findTrapsOfStages(state, 'models' in gto ? gto.models.get(model) : undefined),
  ])
  return [...findTrapsOfTags(facts), ...ofModels, ...findTrapsOfLogs(facts, logs)]
}
