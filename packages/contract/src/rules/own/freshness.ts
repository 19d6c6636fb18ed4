import { type Column, quoteIdentifier } from '@modelyard/data'
import type { Verdict } from '@modelyard/spec'
import { type Asked, notExecuted, type Planned } from '../../checks/plan.ts'
import { familyOf, sql } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'

/** Times without a zone may be of any, and those are less than a day apart. */
const AHEAD = 86_400_000

/** How old the newest row may be, as it is written and in milliseconds. */
export interface Age {
  written: string
  milliseconds: number
}

/**
 * The newest time of a column must be at most so old when the run begins. Times without a zone are read as UTC, dates
 * as their first moment; infinities are no times. What is more than a day ahead of the run is no sign of freshness.
 */
export function planFreshness(
  asked: Asked,
  column: Column,
  age: Age,
  { now, failed }: { now: Date; failed: Verdict },
): Planned {
  if (!['date', 'timestamp'].includes(familyOf(column.type) ?? '')) {
    return notExecuted(asked, `${column.name} has ${kindOf(column.type)}, and no times.`)
  }
  const name = quoteIdentifier(column.name)
  const time = column.type === 'TIMESTAMP WITH TIME ZONE' ? name : `${name}::TIMESTAMP`
  return {
    ...asked,
    kind: 'measured',
    aggregates: [{ sql: sql(`max(CASE WHEN isfinite(${name}) THEN epoch_us(${time}) END)`), merge: 'max' }],
    judge([newest]) {
      if (newest === null || newest === undefined) {
        return { verdict: 'inconclusive', found: 'No row has a time.', failing: 0 }
      }
      const milliseconds = newest / 1000
      const told = `The newest is ${instant(milliseconds)}.`
      if (milliseconds > now.getTime() + AHEAD) {
        const found = 'The newest time is yet to come, so how fresh the data are cannot be told.'
        return { verdict: 'inconclusive', found, told, failing: 0 }
      }
      const fresh = now.getTime() - milliseconds <= age.milliseconds
      const found = `It ${fresh ? 'was' : 'was not'}.`
      return { verdict: fresh ? 'pass' : failed, found, told, failing: 0 }
    },
  }
}

/** As people write it; what JavaScript has no date for, in days since 1970. */
function instant(milliseconds: number): string {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) return `${Math.floor(milliseconds / AHEAD)} days after 1970`
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
