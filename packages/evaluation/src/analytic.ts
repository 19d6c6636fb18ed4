import { normalCdf, tangoInterval, tangoTest, wilsonInterval } from '@modelyard/stats'
import type { Estimate, Paired } from './compare.ts'
import type { Measure } from './metrics/measure.ts'

type Share = NonNullable<Measure['share']>

/** Wilson's interval of one model's share of rows. */
export function estimateShare({ hits, trials }: Share, confidence: number): Estimate {
  const [successes, all] = [total(hits), total(trials)]
  return { value: successes / all, ...wilsonInterval(successes, all, confidence) }
}

/** Tango's interval of the difference of two models' shares of the same rows. */
export function compareShares({ hits: first, trials }: Share, { hits: second }: Share, confidence: number): Paired {
  return tango({ first: countAbove(first, second), second: countAbove(second, first), rows: total(trials) }, confidence)
}

/** The same from counts of the rows that only one of the two gets right. */
export function tango(counts: { first: number; second: number; rows: number }, confidence: number): Paired {
  const value = (counts.first - counts.second) / counts.rows
  return {
    difference: { value, ...tangoInterval(counts, confidence), method: 'tango' },
    worseBeyond: (margin) => normalCdf(tangoTest(counts, Math.max(-1, Math.min(1, -margin))).z),
  }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function countAbove(one: Float64Array, other: Float64Array): number {
  return one.reduce((count, value, row) => count + +(value > other[row]!), 0)
}
