import type { ColumnBins, ColumnCounts, DriftMeasure } from '@modelyard/spec'
import {
  chiSquareContingency,
  hypergeometricTail,
  jensenShannon,
  ksDistance,
  ksTail,
  populationStability,
  samplingBias,
  sum,
} from '@modelyard/stats'
import { coarse, missingIn, rowsIn, valuesIn } from './cells.ts'
import { type Metric, ZERO_SHARE } from './rule.ts'

/** A number that stands out, how often it is there after, and among how many it was looked for. */
export interface Single {
  value: number
  count: number
  among: number
}

/** Two samples of a column, counted by the same bins. */
export interface Pair {
  bins: ColumnBins
  before: ColumnCounts
  after: ColumnCounts
  /** The number that `single_value` is about. Without it, it is about the bin that has grown most. */
  single?: Single
}

export interface Measured {
  value: number
  /** Not yet corrected for the number of tests. */
  p: number
  method: DriftMeasure['method']
}

/** How far apart two samples are, by one of the measures. The distances are undefined where either has no values. */
export function measure(metric: Metric, pair: Pair): Measured | undefined {
  return MEASURES[metric](pair)
}

export const DISTANCES: readonly Metric[] = ['ks', 'psi', 'jensen_shannon']

const MEASURES: Record<Metric, (pair: Pair) => Measured | undefined> = {
  ks: ({ before, after }) => {
    const [n, m] = [sum(before.counts), sum(after.counts)]
    if (n === 0 || m === 0) return undefined
    const value = ksDistance(before.counts, after.counts)
    const method = { binning: 'percentiles of the reference, (a, b]', bins: before.counts.length, zero_rule: 'none' }
    return { value, p: ksTail(value, n, m), method: { ...method, base: null } }
  },
  psi: (pair) =>
    divergence(pair, ({ before, after, bias }) => ({
      value: Math.max(0, populationStability(before, after, ZERO_SHARE) - bias.psi),
      zero_rule: `a share below ${ZERO_SHARE} counts as ${ZERO_SHARE}; less (bins − 1)(1/n + 1/m)`,
      base: 'e',
    })),
  jensen_shannon: (pair) =>
    divergence(pair, ({ before, after, bias }) => ({
      value: Math.sqrt(Math.max(0, jensenShannon(before, after) - bias.jensenShannon) / Math.LN2),
      zero_rule: 'none; the divergence less (bins − 1)(1/n + 1/m) / 8 nats',
      base: '2',
    })),
  nulls: ({ bins, before, after }) => {
    const share = shareOf(missingIn(before), rowsIn(bins, before), missingIn(after), rowsIn(bins, after))
    return { ...share, value: Math.abs(share.value) }
  },
  new_categories: ({ bins, before, after }) => {
    const unknown = after.counts.filter((_, category) => before.counts[category] === 0)
    // By Good and Turing, as many rows have a category that is new as rows of the reference are the only ones of theirs.
    const only = before.counts.filter((count) => count === 1).length
    const [n, m] = [rowsIn(bins, before), rowsIn(bins, after)]
    return beyond({ rows: before.other + only, of: n }, { rows: after.other + sum(unknown), of: m })
  },
  out_of_range: ({ bins, before, after }) => {
    const first = before.counts.findIndex((count) => count > 0)
    const last = before.counts.findLastIndex((count) => count > 0)
    const outer = first < 0 ? after.counts : [...after.counts.slice(0, first), ...after.counts.slice(last + 1)]
    // Both see some of the same rows: bins that nobody was in before, and numbers outside the range of the whole.
    const outside = Math.max(after.other, sum(outer))
    // The least and the greatest of the reference are outside the range of its other rows.
    const [n, m] = [rowsIn(bins, before), rowsIn(bins, after)]
    return beyond({ rows: Math.min(n, before.other + 2), of: n }, { rows: outside, of: m })
  },
  single_value: ({ bins, before, after, single }) => {
    const [n, m] = [rowsIn(bins, before), rowsIn(bins, after)]
    // A bin holds at least the rows that have the one number in it: what has grown beyond the bin has grown for sure.
    const shares = single
      ? [growth(shareOf(before.counts[binOf(bins, single.value)]!, n, single.count, m))]
      : after.counts.map((count, bin) => growth(shareOf(before.counts[bin]!, n, count, m)))
    const most = shares.reduce((a, b) => (b.value > a.value ? b : a))
    return { ...most, p: Math.min(1, most.p * (single?.among ?? shares.length)) }
  },
}

/** The bin of a number: the first whose upper edge is not below it. −1 for a category. */
export function binOf(bins: ColumnBins, value: number): number {
  if (bins.kind !== 'number') return -1
  const at = bins.edges.findIndex((edge) => value <= edge)
  return at < 0 ? bins.edges.length : at
}

function divergence(
  { bins, before, after }: Pair,
  of: (cells: { before: number[]; after: number[]; bias: ReturnType<typeof samplingBias> }) => {
    value: number
    zero_rule: string
    base: 'e' | '2'
  },
): Measured | undefined {
  const [n, m] = [valuesIn(bins, before), valuesIn(bins, after)]
  if (n === 0 || m === 0) return undefined
  const cells = coarse(bins, before, after)
  const taken = cells.before.filter((count, cell) => count + cells.after[cell]! > 0).length
  const { value, zero_rule, base } = of({ ...cells, bias: samplingBias(taken, n, m) })
  const { p } = chiSquareContingency(cells.before, cells.after)
  return { value, p, method: { binning: cells.binning, bins: Math.max(1, taken), zero_rule, base } }
}

/** By how much a share of the rows has grown; a 2 × 2 table tells whether that is more than noise. */
function shareOf(before: number, rowsBefore: number, after: number, rowsAfter: number): Measured {
  const value = after / (rowsAfter || 1) - before / (rowsBefore || 1)
  const { p } = chiSquareContingency([before, rowsBefore - before], [after, rowsAfter - after])
  return { value, p, method: null }
}

/**
 * By how much a share has grown that is above zero in samples of one population, too; Fisher's exact test, one-sided.
 * What is new comes in lots (rows of one new category), which in a sample that is larger than the reference are counted
 * as if it were as large.
 */
function beyond(before: { rows: number; of: number }, after: { rows: number; of: number }): Measured {
  const value = after.rows / (after.of || 1) - before.rows / (before.of || 1)
  const scale = Math.min(1, before.of / (after.of || 1))
  const [red, drawn] = [Math.floor(after.rows * scale), Math.floor(after.of * scale)]
  const p = hypergeometricTail(red, { balls: before.of + drawn, red: before.rows + red, drawn })
  return growth({ value, p, method: null })
}

/** What has become less is no drift of this kind. */
function growth(share: Measured): Measured {
  return share.value > 0 ? share : { ...share, value: 0, p: 1 }
}
