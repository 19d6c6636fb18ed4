import { abcInterval, type Interval, normalQuantile, scatterOf, scoreInterval } from '@modelyard/stats'
import { influencesOf, type Rate } from '../comparison/rate.ts'
import type { Spread } from './spread.ts'

/** A rate, and what each cluster adds to its distance from the truth, in the order of the clusters' numbers. */
export interface Parts {
  value: number
  clusters: Int32Array
  influences: Float64Array
}

export function partsOf(rate: Rate): Parts {
  const influences = [...influencesOf(rate)].sort(([one], [other]) => one - other)
  return {
    value: rate.hits / rate.trials,
    clusters: Int32Array.from(influences, ([cluster]) => cluster),
    influences: Float64Array.from(influences, ([, influence]) => influence),
  }
}

/** Less is rounding: rates are between 0 and 1. */
const NOTHING = 1e-12

/**
 * The interval that leaves out some tail on either side, of the difference or the ratio of the rates of two groups that
 * share clusters: ABC with Student's quantiles by how the two differ in each cluster, of a ratio on the logarithmic
 * scale. What a cluster makes of both rates alike is no part of it, and no guess at how the two vary together is needed.
 * Where they differ by the same in every cluster, a cluster counts as a row in which nothing happens. Undefined where no
 * cluster is shared, and where a rate is 0 or 1, for then its clusters do not tell how it varies.
 */
export function pairOf(one: Parts, other: Parts, spread: Spread): ((tail: number) => Interval) | undefined {
  if ([one, other].some(({ value }) => value === 0 || value === 1)) return undefined
  const isRatio = spread === 'ratio'
  const [first, second] = isRatio ? [1 / one.value, 1 / other.value] : [1, 1]
  const apart = differencesOf(one, other, first, second)
  if (!apart) return undefined
  const value = isRatio ? Math.log(one.value / other.value) : one.value - other.value
  const scatter = scatterOf(apart)
  const unit = Math.max(first, second)
  return (tail) => {
    if (scatter.error > NOTHING * unit) return onScale(abcInterval(value, scatter, 1 - 2 * tail), spread)
    const { high } = scoreInterval(0, apart.length, normalQuantile(1 - tail))
    return onScale({ low: value - high * unit, high: value + high * unit }, spread)
  }
}

/** `first` times what each cluster adds to the one rate, less `second` times what to the other; undefined where none is shared. */
function differencesOf(one: Parts, other: Parts, first: number, second: number): Float64Array | undefined {
  const most = one.clusters.length + other.clusters.length
  const apart = new Float64Array(most)
  let [i, j, clusters] = [0, 0, 0]
  while (i < one.clusters.length || j < other.clusters.length) {
    const [left, right] = [one.clusters[i] ?? Infinity, other.clusters[j] ?? Infinity]
    if (left <= right) apart[clusters]! += first * one.influences[i++]!
    if (right <= left) apart[clusters]! -= second * other.influences[j++]!
    clusters++
  }
  return clusters === most ? undefined : apart.subarray(0, clusters)
}

function onScale({ low, high }: Interval, spread: Spread): Interval {
  // So few clusters make the difference that it has no end.
  const [from, to] = [Number.isNaN(low) ? -Infinity : low, Number.isNaN(high) ? Infinity : high]
  return spread === 'difference'
    ? { low: Math.max(-1, from), high: Math.min(1, to) }
    : { low: Math.exp(from), high: Math.exp(to) }
}
