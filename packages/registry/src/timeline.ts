import { reasonIn } from './message.ts'
import type { Stage } from './state.ts'

/** A span of time in which a stage held one version, or none. */
export interface Tenure {
  version: string | null
  from: string
  /** Null while it lasts. */
  until: string | null
  tag: string
  actor: string
  reason: string
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
