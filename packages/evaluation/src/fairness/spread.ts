import {
  differenceInterval,
  type Estimated,
  type Interval,
  normalCdf,
  ratioInterval,
  studentizedRangeQuantile,
} from '@modelyard/stats'
import { type Rate, rateInterval } from '../comparison/rate.ts'
import { pairOf, partsOf } from './pair.ts'

/** How rates are held against each other: the greatest less the least, or the least by the greatest. */
export type Spread = 'difference' | 'ratio'

/** How widely some rates spread; not a number for the ratio of rates that are all 0. */
export function spreadOf(rates: readonly number[], spread: Spread): number {
  const [least, greatest] = [Math.min(...rates), Math.max(...rates)]
  return spread === 'difference' ? greatest - least : least / greatest
}

/** The widest of several spreads that are numbers; not a number where none is. */
export function widest(spreads: readonly number[], spread: Spread): number {
  const known = spreads.filter((each) => !Number.isNaN(each))
  if (known.length === 0) return Number.NaN
  return spread === 'difference' ? Math.max(...known) : Math.min(...known)
}

/**
 * The interval of the widest spread of one or more rates over groups; `families` holds each rate in all groups. It is
 * made of intervals of all pairs of groups: of those that share clusters by what differs in each, of all others by the
 * intervals of their own rates. That rates spread *no further* than its outer end needs no correction, for
 * the two groups that truly are furthest apart are one of the pairs. That they spread *at least* so far is said of
 * whichever pair looks worst: these intervals hold for all pairs at once, by Tukey's studentized range (conservative for
 * groups of different sizes, Hayter 1984) and Bonferroni's correction for several rates. Either end is wrong with a chance
 * of at most (1 − confidence) / 2.
 */
export function spreadInterval(families: ReadonlyArray<readonly Rate[]>, spread: Spread, confidence: number): Interval {
  const tail = (1 - confidence) / 2
  const each = families.map((rates) => {
    const range = studentizedRangeQuantile(tail / families.length, rates.length)
    return endsOf(rates, spread, tail, normalCdf(-range / Math.SQRT2))
  })
  return {
    low: widest(
      each.map(({ low }) => low),
      spread,
    ),
    high: widest(
      each.map(({ high }) => high),
      spread,
    ),
  }
}

function endsOf(rates: readonly Rate[], spread: Spread, plain: number, atOnce: number): Interval {
  const alone = rates.map((rate) => rateInterval(rate, plain))
  const together = rates.map((rate) => rateInterval(rate, atOnce))
  const parts = rates.map(partsOf)
  let { low, high } = spread === 'difference' ? { low: 0, high: 0 } : { low: 1, high: 1 }
  for (const [i, one] of parts.entries()) {
    for (const [j, other] of parts.slice(0, i).entries()) {
      const paired = pairOf(one, other, spread)
      const ends = (of: readonly Estimated[], tail: number) =>
        paired?.(tail) ?? (spread === 'difference' ? differenceInterval : ratioInterval)(of[i]!, of[j]!)
      const [near, far] = [ends(together, atOnce), ends(alone, plain)]
      // The two may stand the other way round.
      if (spread === 'difference') {
        low = Math.max(low, near.low, -near.high)
        high = Math.max(high, far.high, -far.low)
      } else {
        low = Math.min(low, far.low, 1 / far.high)
        high = Math.min(high, near.high, 1 / near.low)
      }
    }
  }
  return { low, high: Math.min(1, high) }
}
