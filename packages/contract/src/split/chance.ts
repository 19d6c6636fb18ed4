import { hypergeometricTail } from '@modelyard/stats'

/** A chance below this is none. */
export const CHANCE = 0.001

/** So many rows of all of them. */
export interface Part {
  rows: number
  of: number
}

/**
 * The chance of as large a part of the hold-out, if it and the training rows were split by lot: Fisher's exact test,
 * one-sided. 1 where the part is no larger than that of the training rows.
 */
export function byChance(holdout: Part, train: Part): number {
  return hypergeometricTail(holdout.rows, {
    balls: holdout.of + train.of,
    red: holdout.rows + train.rows,
    drawn: holdout.of,
  })
}

/**
 * Counts of the same cells in two samples, with those in one that are expected less than five times in either: by what
 * both together have of a cell. The χ² of rare cells is far above its limit by chance.
 */
export function pooled(before: readonly number[], after: readonly number[]): { before: number[]; after: number[] } {
  const [n, m] = [before, after].map((counts) => counts.reduce((sum, count) => sum + count, 0)) as [number, number]
  const least = (5 * (n + m)) / Math.min(n, m)
  const cells = { before: [0], after: [0] }
  for (const [cell, count] of before.entries()) {
    const at = count + after[cell]! >= least ? cells.before.length : 0
    cells.before[at] = (cells.before[at] ?? 0) + count
    cells.after[at] = (cells.after[at] ?? 0) + after[cell]!
  }
  return cells
}
