import type { Tenure } from '@modelyard/spec'
import { reasonIn } from '../events/message.ts'
import type { Stage } from '../tags/state.ts'
import type { Source } from './source.ts'
import { knownState } from './summary.ts'

/** What was in each stage of a model when. Throws a `UserError` for a model that no tag tells of. */
export async function readStages(source: Source, model: string): Promise<Record<string, Tenure[]>> {
  const { stages } = knownState(model, await source.readTags(model))
  // A stage may be called `constructor`.
  const found: Record<string, Tenure[]> = Object.create(null)
  for (const [name, stage] of Object.entries(stages)) found[name] = timeline(stage)
  return found
}

/** What was in a stage when, newest first. */
export function timeline({ history }: Stage): Tenure[] {
  return history
    .map(({ kind, version, time, tag, actor, message }, index) => ({
      version: kind === 'assignment' ? version : null,
      from: time,
      until: history[index + 1]?.time ?? null,
      tag,
      actor,
      reason: reasonIn(message),
    }))
    .toReversed()
}
