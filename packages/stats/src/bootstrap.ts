import { sampleStandardDeviation } from 'simple-statistics'
import { ROUNDING, type Scatter } from './influence.ts'
import type { Interval } from './interval.ts'
import { normalCdf, normalQuantile } from './normal.ts'
import { quantileSorted } from './quantile.ts'
import type { RandomSource } from './random.ts'
import { studentQuantile } from './student.ts'

/** Which cluster each row belongs to, 0 to `count` − 1. */
export interface Clusters {
  of: Int32Array
  count: number
}

export interface Resampling {
  rows: number
  replicates: number
  random: RandomSource
  /** Rows that are not independent are drawn together, whole clusters with replacement. */
  clusters?: Clusters | undefined
}

/**
 * The resamples of Efron's bootstrap, each as the number of times that every row was drawn: a statistic of a resample
 * is the statistic weighted with these counts, and no row is copied. Both arms of a paired comparison see the same
 * counts. `visit` is called once for each replicate; the array is used again for the next.
 */
export function resample(
  { rows, replicates, random, clusters }: Resampling,
  visit: (counts: Int32Array, replicate: number) => void,
): void {
  const counts = new Int32Array(rows)
  const drawn = clusters ? new Int32Array(clusters.count) : counts
  for (let replicate = 0; replicate < replicates; replicate++) {
    drawn.fill(0)
    for (let i = 0; i < drawn.length; i++) drawn[random.below(drawn.length)]!++
    if (clusters) for (let row = 0; row < rows; row++) counts[row] = drawn[clusters.of[row]!]!
    visit(counts, replicate)
  }
}

/** The bootstrap's percentile interval: type-7 quantiles of the replicates at (1 ∓ confidence) / 2. */
export function percentileInterval(replicates: Float64Array, confidence: number): Interval {
  const sorted = replicates.toSorted()
  return { low: quantileSorted(sorted, (1 - confidence) / 2), high: quantileSorted(sorted, (1 + confidence) / 2) }
}

/**
 * The interval BCa of Efron (1987): percentiles of the replicates, moved by the share of them that lie below the estimate
 * (ties count one half) and by the acceleration of its scatter. With `degreesOfFreedom` the percentiles are wider, as in
 * Hesterberg (2015), by Student's quantile over the normal one and by √(n / (n − 1)), which a resample lacks: few
 * clusters do not scatter less for being few. An end beyond all replicates is infinite.
 */
export function bcaInterval(
  replicates: Float64Array,
  estimate: number,
  { acceleration, degreesOfFreedom }: Omit<Scatter, 'error'>,
  confidence: number,
): Interval {
  const sorted = replicates.toSorted()
  const bias = normalQuantile(shareBelow(sorted, estimate))
  const t = studentQuantile((1 + confidence) / 2, degreesOfFreedom) * Math.sqrt(1 + 1 / degreesOfFreedom)
  const end = (quantile: number) => {
    const w = bias + quantile
    const bend = 1 - acceleration * w
    const share = bend > 0 ? normalCdf(bias + w / bend) : Number.NaN
    // Less than half a replicate's share away from 0 or 1 there is none to go by.
    const reaches = share * sorted.length >= 0.5 && (1 - share) * sorted.length >= 0.5
    return reaches ? quantileSorted(sorted, share) : quantile * Infinity
  }
  return { low: end(-t), high: end(t) }
}

/** The share of sorted replicates below the estimate, where those that equal it count one half. */
function shareBelow(sorted: Float64Array, estimate: number): number {
  // What is equal may differ by rounding.
  const rounding = ROUNDING * (sorted.at(-1)! - sorted[0]!)
  let below = 0
  let equal = 0
  for (const replicate of sorted) {
    if (replicate < estimate - rounding) below++
    else if (replicate <= estimate + rounding) equal++
    else break
  }
  return (below + equal / 2) / sorted.length
}

/** The bootstrap's standard error: the sample standard deviation of the replicates. */
export function bootstrapError(replicates: Float64Array): number {
  return sampleStandardDeviation(Array.from(replicates))
}
