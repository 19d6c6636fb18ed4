import { differenceInterval, type Interval, normalCdf, ratioInterval, studentizedRangeQuantile } from '@modelyard/stats'
import { correlation, influencesOf, type Rate, rateInterval } from '../comparison/rate.ts'

/** How rates are held against each other: the greatest less the least, or the least by the greatest. */
export type Spread = 'difference' | 'ratio'

/** How widely some rates spread. */
export function spreadOf(rates: readonly number[], spread: Spread): number {
  const [least, greatest] = [Math.min(...rates), Math.max(...rates)]
  if (spread === 'difference') return greatest - least
  // Where nothing happens in any group, it happens equally often.
  return greatest === 0 ? 1 : least / greatest
}

/** The widest of several spreads. */
export function widest(spreads: readonly number[], spread: Spread): number {
  return spread === 'difference' ? Math.max(...spreads) : Math.min(...spreads)
}

/**
 * The interval of the widest spread of one or more rates over groups; `families` holds each rate in all groups. It is
 * made of intervals of all pairs of groups. That rates spread *no further* than its outer end needs no correction, for
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
  const influences = rates.map(influencesOf)
  let { low, high } = spread === 'difference' ? { low: 0, high: 0 } : { low: 1, high: 1 }
  for (const [i, one] of influences.entries()) {
    for (const [j, other] of influences.entries()) {
      if (i === j) continue
      const joint = correlation(one, other)
      if (spread === 'difference') {
        low = Math.max(low, differenceInterval(together[i]!, together[j]!, joint).low)
        high = Math.max(high, differenceInterval(alone[i]!, alone[j]!, joint).high)
      } else {
        low = Math.min(low, ratioInterval(alone[i]!, alone[j]!, joint).low)
        high = Math.min(high, ratioInterval(together[i]!, together[j]!, joint).high)
      }
    }
  }
  return { low, high: Math.min(1, high) }
}
