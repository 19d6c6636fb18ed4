import type { Clusters } from './bootstrap.ts'
import { ROUNDING, scatterOf } from './influence.ts'
import { rank } from './order.ts'
import { studentCdf } from './student.ts'

/** Rows of a calibration curve's bin: their mean probability, and the share of them that is positive. */
export interface CalibrationBin {
  rows: Uint32Array
  predicted: number
  observed: number
}

/** Probabilities of being positive, 0 to 1, and what the rows are, 1 or 0. */
export interface Forecasts {
  probabilities: Float64Array
  labels: Float64Array
}

/** Bins of equal width over 0 to 1, each open below and closed above, the first closed at 0. Empty ones are left out. */
export function equalWidthBins(forecasts: Forecasts, bins: number): CalibrationBin[] {
  const { probabilities } = forecasts
  const edges = Float64Array.from({ length: bins }, (_, bin) => (bin + 1) / bins)
  const members: number[][] = Array.from(edges, () => [])
  for (let row = 0; row < probabilities.length; row++) {
    const probability = probabilities[row]!
    let bin = Math.min(bins - 1, Math.floor(probability * bins))
    // The product may be off by a rounding; the edges decide.
    while (bin > 0 && probability <= edges[bin - 1]!) bin--
    while (bin < bins - 1 && probability > edges[bin]!) bin++
    members[bin]!.push(row)
  }
  return members.flatMap((rows) => (rows.length === 0 ? [] : [binOf(forecasts, Uint32Array.from(rows))]))
}

/**
 * Bins of as many rows each, in the order of their probabilities; where the rows do not divide, the first bins have one
 * more, as with numpy's `array_split`. Rows of equal probability stay together, or the order of the file would say which
 * of them is in which bin: a cut among them moves to their nearer end. Empty bins are left out.
 */
export function equalMassBins(forecasts: Forecasts, bins: number): CalibrationBin[] {
  const { order, tied } = rank(forecasts.probabilities, null)
  const least = Math.floor(order.length / bins)
  const longer = order.length % bins
  const found: CalibrationBin[] = []
  for (let bin = 0, from = 0, cut = 0; bin < bins; bin++) {
    cut += least + +(bin < longer)
    const to = nearestEdge(tied, cut)
    if (to > from) found.push(binOf(forecasts, order.slice(from, to)))
    from = to
  }
  return found
}

/** The place nearest to `cut` that is not within a run of equal values; of two as near, the lower. */
function nearestEdge(tied: Uint8Array, cut: number): number {
  let [below, above] = [cut, cut]
  while (tied[below] === 1) below--
  while (tied[above] === 1) above++
  return cut - below <= above - cut ? below : above
}

function binOf({ probabilities, labels }: Forecasts, rows: Uint32Array): CalibrationBin {
  let [predicted, observed] = [0, 0]
  for (const row of rows) {
    predicted += probabilities[row]!
    observed += labels[row]!
  }
  return { rows, predicted: predicted / rows.length, observed: observed / rows.length }
}

/** The expected calibration error (ECE): the mean distance between predicted and observed, over the rows of all bins. */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  let [distance, rows] = [0, 0]
  for (const bin of bins) {
    distance += bin.rows.length * Math.abs(bin.predicted - bin.observed)
    rows += bin.rows.length
  }
  return distance / rows
}

/**
 * The calibration error that bins of these rows have on average if every probability is true: |Σ (y − p)| is never
 * nothing, so the error of a perfect model is not either, and the fewer rows the greater it is. Independent rows scatter
 * as their probabilities say; rows in clusters by what the clusters were seen to do. A bin of a single cluster does not
 * show that, and counts with what its rows would do by themselves, which is the least.
 */
export function calibrationErrorByChance(
  forecasts: Forecasts,
  bins: readonly CalibrationBin[],
  clusters: Clusters | null = null,
): number {
  let [distance, rows] = [0, 0]
  for (const bin of bins) {
    const error = clusters && clusteredError(forecasts, bin, clusters)
    distance +=
      error === null
        ? meanDistance(Float64Array.from(bin.rows, (row) => forecasts.probabilities[row]!))
        : Math.sqrt(2 / Math.PI) * error
    rows += bin.rows.length
  }
  return distance / rows
}

/** The standard error of a bin's Σ (y − p), from the sums of its clusters; null where there is one only. */
function clusteredError(
  { probabilities, labels }: Forecasts,
  { rows, predicted, observed }: CalibrationBin,
  clusters: Clusters,
): number | null {
  const sums = new Map<number, number>()
  for (const row of rows) {
    const off = labels[row]! - probabilities[row]! - (observed - predicted)
    sums.set(clusters.of[row]!, (sums.get(clusters.of[row]!) ?? 0) + off)
  }
  return sums.size < 2 ? null : scatterOf([...sums.values()]).error
}

/** From this variance on, the expansion is within a thousandth of the exact mean. */
const VARIANCE_TO_EXPAND = 4

/**
 * E|Σ (y − p)| for independent y of chances p (a Poisson binomial). For small variances the exact distribution, one row
 * after the other; else Edgeworth's expansion with skewness γ and excess kurtosis κ, σ √(2/π) (1 + (γ² − κ) / 24), less
 * what the kink of |x| costs on whole numbers (Euler and Maclaurin): B₂ of the mean's fraction times the density at 0.
 */
function meanDistance(chances: Float64Array): number {
  let [mean, variance, third, fourth] = [0, 0, 0, 0]
  for (const p of chances) {
    const each = p * (1 - p)
    mean += p
    variance += each
    third += each * (1 - 2 * p)
    fourth += each * (1 - 6 * each)
  }
  if (variance < VARIANCE_TO_EXPAND) return exactDistance(chances)
  const fraction = mean - Math.floor(mean)
  const bernoulli = fraction * fraction - fraction + 1 / 6
  const bend = third ** 2 / variance ** 3 - fourth / variance ** 2
  return Math.sqrt((2 * variance) / Math.PI) * (1 + bend / 24) - bernoulli / Math.sqrt(2 * Math.PI * variance)
}

/** Where the variance is small, so many rows to either side of the likely ones never come otherwise. */
const REACH = 64

/** The distribution of how many rows come otherwise than is likely: more positives to the right, fewer to the left. */
function exactDistance(chances: Float64Array): number {
  let now = new Float64Array(2 * REACH + 1)
  let next = new Float64Array(2 * REACH + 1)
  now[REACH] = 1
  let mean = 0
  for (const p of chances) {
    const [step, chance] = p > 0.5 ? [-1, 1 - p] : [1, p]
    mean += step * chance
    for (let at = 1; at < 2 * REACH; at++) next[at] = now[at]! * (1 - chance) + now[at - step]! * chance
    ;[now, next] = [next, now]
  }
  return now.reduce((sum, chance, at) => sum + chance * Math.abs(at - REACH - mean), 0)
}

/**
 * Spiegelhalter's test (1986) of the hypothesis that every probability is true, by the part of the Brier score that
 * calibration decides: z = Σ (y − p)(1 − 2p) / √(Σ (1 − 2p)² p (1 − p)), two-sided. Rows in clusters scatter by the sums of
 * the clusters, with Student's tails. Null where nothing scatters, as where every probability is 0, ½ or 1.
 */
export function spiegelhalter(
  { probabilities, labels }: Forecasts,
  clusters: Clusters | null = null,
): { z: number; p: number } | null {
  const sums = new Float64Array(clusters?.count ?? 1)
  let [variance, moved] = [0, 0]
  for (let row = 0; row < labels.length; row++) {
    const p = probabilities[row]!
    const off = (labels[row]! - p) * (1 - 2 * p)
    sums[clusters ? clusters.of[row]! : 0]! += off
    moved += Math.abs(off)
    variance += (1 - 2 * p) ** 2 * p * (1 - p)
  }
  const sum = sums.reduce((before, each) => before + each, 0)
  const { error, degreesOfFreedom } = clusters
    ? scatterOf(
        sums.map((each) => each - sum / sums.length),
        sums.length,
        (ROUNDING * moved) / sums.length,
      )
    : { error: Math.sqrt(variance), degreesOfFreedom: Infinity }
  // Neither a single cluster tells how clusters scatter, nor many of which one makes all the difference.
  if (!(error > 0 && degreesOfFreedom > 0)) return null
  const z = sum / error
  return { z, p: 2 * studentCdf(-Math.abs(z), degreesOfFreedom) }
}
