import type { ColumnBins, ColumnCounts } from '@modelyard/spec'
import { sum } from '@modelyard/stats'
import { LEAST_EXPECTED } from './rule.ts'

/** Counts of two samples in the same cells, and what the cells are. */
export interface Cells {
  before: number[]
  after: number[]
  binning: string
}

/** Rows with a value that can be compared: a finite number, or any category. */
export function valuesIn({ kind }: ColumnBins, { counts, other }: ColumnCounts): number {
  return sum(counts) + (kind === 'category' ? other : 0)
}

/** Rows without one: null, NaN, infinite. */
export function missingIn({ nulls, nan, infinite }: ColumnCounts): number {
  return nulls + nan + infinite
}

export function rowsIn(bins: ColumnBins, counts: ColumnCounts): number {
  return valuesIn(bins, counts) + missingIn(counts)
}

/**
 * Coarse cells in which a handful of rows is expected each. Of numbers: deciles of `before`, made of whole bins. Of
 * categories: those of the reference, but all that are expected fewer than five times in either, by what both
 * together have of them, and all that are not listed, are one.
 */
export function coarse(bins: ColumnBins, before: ColumnCounts, after: ColumnCounts): Cells {
  if (bins.kind === 'number') {
    const decile = decilesOf(before.counts)
    return {
      before: gather(before.counts, decile),
      after: gather(after.counts, decile),
      binning: 'deciles of the reference, (a, b]',
    }
  }
  // By what both have of a cell: chosen by the smaller one alone, cells would be those that it has too much of by chance.
  const [n, m] = [valuesIn(bins, before), valuesIn(bins, after)]
  const least = (LEAST_EXPECTED * (n + m)) / Math.min(n, m)
  let kept = 0
  const cells = before.counts.map((count, cell) => (count + after.counts[cell]! >= least ? ++kept : 0))
  return {
    before: gather([...before.counts, before.other], [...cells, 0]),
    after: gather([...after.counts, after.other], [...cells, 0]),
    binning: 'categories of the reference; those expected fewer than 5 times in either, and those not in it, as one',
  }
}

/** For each bin its decile, from 0, counted without gaps. */
export function decilesOf(counts: readonly number[]): number[] {
  const total = sum(counts)
  let below = 0
  let decile = -1
  let last = -1
  return counts.map((count) => {
    const tenth = Math.min(9, Math.floor((10 * below) / total) || 0)
    if (tenth !== last) decile++
    last = tenth
    below += count
    return decile
  })
}

/** Counts added up by the cell that each bin is in. */
export function gather(counts: readonly number[], cells: readonly number[]): number[] {
  const gathered = new Array<number>(Math.max(-1, ...cells) + 1).fill(0)
  for (const [bin, count] of counts.entries()) gathered[cells[bin]!]! += count
  return gathered
}
