import type { Tenure } from '@modelyard/spec'
import { reasonIn } from './message.ts'
import type { Stage } from './state.ts'

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
