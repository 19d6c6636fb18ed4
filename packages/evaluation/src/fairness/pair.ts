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
/** Each brings an end of a ratio nearer by the share that its interval has of the rate it is divided by. */
const STEPS = 3

/**
 * The interval that leaves out some tail on either side, of the difference or the ratio of the rates of two groups that
 * share clusters: ABC with Student's quantiles by how the two differ in each cluster. Those of a ratio are the r for which
 * the interval of `one` − r · `other` holds 0 (Fieller 1954). What a cluster makes of both rates alike is no part of it,
 * and no guess at how the two vary together is needed. Where they differ by the same in every cluster, a cluster counts as
 * a row in which nothing happens. Undefined where no cluster is shared, and where a rate is 0 or 1, for then its clusters
 * do not tell how it varies.
 */
export function pairOf(one: Parts, other: Parts, spread: Spread): ((tail: number) => Interval) | undefined {
  if ([one, other].some(({ value }) => value === 0 || value === 1)) return undefined
  const aligned = align(one, other)
  if (!aligned) return undefined
  const [first, second] = aligned
  /** How far one − ratio · other may be off, to either side. */
  const off = (ratio: number, tail: number): Interval => {
    const scatter = scatterOf(first.map((influence, cluster) => influence - ratio * second[cluster]!))
    if (scatter.error > NOTHING) return ends(abcInterval(0, scatter, 1 - 2 * tail))
    const { high } = scoreInterval(0, first.length, normalQuantile(1 - tail))
    return { low: -high, high }
  }
  if (spread === 'difference') {
    const difference = one.value - other.value
    return (tail) => {
      const { low, high } = off(1, tail)
      return { low: Math.max(-1, difference + low), high: Math.min(1, difference + high) }
    }
  }
  const end = (tail: number, side: 'low' | 'high') => {
    let ratio = one.value / other.value
    for (let step = 0; step < STEPS && Number.isFinite(ratio); step++)
      ratio = Math.max(0, (one.value + off(ratio, tail)[side]) / other.value)
    return ratio
  }
  return (tail) => ({ low: end(tail, 'low'), high: end(tail, 'high') })
}

/** Both rates' influences by cluster, 0 where one has none of its rows; undefined where no cluster is shared. */
function align(one: Parts, other: Parts): [Float64Array, Float64Array] | undefined {
  const most = one.clusters.length + other.clusters.length
  const [first, second] = [new Float64Array(most), new Float64Array(most)]
  let [i, j, clusters] = [0, 0, 0]
  while (i < one.clusters.length || j < other.clusters.length) {
    const [left, right] = [one.clusters[i] ?? Infinity, other.clusters[j] ?? Infinity]
    if (left <= right) first[clusters] = one.influences[i++]!
    if (right <= left) second[clusters] = other.influences[j++]!
    clusters++
  }
  return clusters === most ? undefined : [first.subarray(0, clusters), second.subarray(0, clusters)]
}

/** Where so few clusters make the difference that it has no end, it has none. */
function ends({ low, high }: Interval): Interval {
  return { low: Number.isNaN(low) ? -Infinity : low, high: Number.isNaN(high) ? Infinity : high }
}
