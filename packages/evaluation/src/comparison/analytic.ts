import { clopperPearsonInterval, normalCdf, tangoInterval, tangoTest, wilsonInterval } from '@modelyard/stats'
import type { Share } from '../metrics/kinds.ts'
import type { Estimate, Paired } from './comparison.ts'

/** Wilson's interval of one model's share of rows. */
export function estimateShare({ hits, trials }: Share, confidence: number): Estimate {
  const [successes, all] = [total(hits), total(trials)]
  return { value: successes / all, ...wilsonInterval(successes, all, confidence) }
}

/**
 * An interval of the mean of several shares that needs no spread, which rows that are nearly all right do not have: the
 * mean of Clopper and Pearson's intervals, each at the confidence of all at once (Bonferroni). Wide, and never too narrow.
 */
export function estimateMeanOfShares(shares: readonly Share[], confidence: number): Omit<Estimate, 'value'> {
  const each = 1 - (1 - confidence) / shares.length
  const intervals = shares.map(({ hits, trials }) => clopperPearsonInterval(total(hits), total(trials), each))
  const mean = (end: 'low' | 'high') => intervals.reduce((sum, interval) => sum + interval[end], 0) / shares.length
  return { low: mean('low'), high: mean('high') }
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
