import { bisect } from 'simple-statistics'
import { binomialCdf } from './binomial.ts'
import type { Interval } from './interval.ts'
import { normalQuantile } from './normal.ts'

/** The score interval of Wilson (1927) for `successes` of `n`, without continuity correction. `n` ≥ 1. */
export function wilsonInterval(successes: number, n: number, confidence: number): Interval {
  return scoreInterval(successes / n, n, normalQuantile((1 + confidence) / 2))
}

/** Wilson's interval of a share of `n` rows, which need not be whole, `z` standard errors wide on either side. */
export function scoreInterval(p: number, n: number, z: number): Interval {
  const scale = 1 + (z * z) / n
  const centre = (p + (z * z) / (2 * n)) / scale
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  // The ends at none and all are 0 and 1 exactly; rounding would miss them.
  return {
    low: p === 0 ? 0 : Math.max(0, centre - half),
    high: p === 1 ? 1 : Math.min(1, centre + half),
  }
}

/** The exact interval of Clopper and Pearson (1934), from the binomial tails. `n` ≥ 1. */
export function clopperPearsonInterval(successes: number, n: number, confidence: number): Interval {
  const tail = (1 - confidence) / 2
  const solve = (excess: (p: number) => number) => bisect(excess, 0, 1, 100, 1e-16)
  return {
    low: successes === 0 ? 0 : solve((p) => binomialCdf(n - successes, n, 1 - p) - tail),
    high: successes === n ? 1 : solve((p) => tail - binomialCdf(successes, n, p)),
  }
}
