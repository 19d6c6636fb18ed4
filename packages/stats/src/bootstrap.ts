import { sampleStandardDeviation } from 'simple-statistics'
import type { Interval } from './interval.ts'
import { quantileSorted } from './quantile.ts'
import type { RandomSource } from './random.ts'

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

/** The bootstrap's standard error: the sample standard deviation of the replicates. */
export function bootstrapError(replicates: Float64Array): number {
  return sampleStandardDeviation(Array.from(replicates))
}
