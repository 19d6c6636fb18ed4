import { sum } from './sum.ts'

/** Cochran's rule: the chi-square statistic of cells with fewer than this expected is far above its limit by chance. */
const LEAST_EXPECTED = 5

/** Counts of the same cells in two samples. */
export interface TwoCounts {
  before: number[]
  after: number[]
}

/**
 * The same with all cells as one, the first, that are expected fewer than five times in either sample: by what both
 * together have of them.
 */
export function poolRare(before: readonly number[], after: readonly number[]): TwoCounts {
  const [n, m] = [sum(before), sum(after)]
  const least = (LEAST_EXPECTED * (n + m)) / Math.min(n, m)
  const cells: TwoCounts = { before: [0], after: [0] }
  for (const [cell, count] of before.entries()) {
    const at = count + after[cell]! >= least ? cells.before.length : 0
    cells.before[at] = (cells.before[at] ?? 0) + count
    cells.after[at] = (cells.after[at] ?? 0) + after[cell]!
  }
  return cells
}

/**
 * The total variation distance of two samples: half the sum of what the shares of cells differ by, which is the share
 * of one that would have to be in other cells to be as the other. Less, by squares, what it is on average between
 * samples of one population (a normal deviate is √(2/π) of its standard deviation on average). NaN where one is empty.
 */
export function totalVariation({ before, after }: TwoCounts): number {
  const [n, m] = [sum(before), sum(after)]
  let distance = 0
  let chance = 0
  for (const [cell, count] of before.entries()) {
    const share = (count + after[cell]!) / (n + m)
    distance += Math.abs(after[cell]! / m - count / n) / 2
    chance += Math.sqrt((2 / Math.PI) * share * (1 - share) * (1 / n + 1 / m)) / 2
  }
  return Math.sqrt(Math.max(0, distance ** 2 - chance ** 2))
}
