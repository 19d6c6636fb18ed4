import { gammaQ } from './gamma.ts'
import { sum } from './sum.ts'

/** P(X > x) for X of a chi-square distribution, with full relative accuracy in the tail. */
export function chiSquareTail(x: number, degreesOfFreedom: number): number {
  return gammaQ(degreesOfFreedom / 2, x / 2)
}

export interface ContingencyTest {
  statistic: number
  degreesOfFreedom: number
  p: number
}

/**
 * Pearson's test that two samples, given as counts of the same cells, come from one distribution. Cells that are empty
 * in both are none; a table of 2 × 2 has Yates's correction, each difference at most itself (as scipy's
 * chi2_contingency). Where there is nothing to compare, p is 1.
 */
export function chiSquareContingency(first: readonly number[], second: readonly number[]): ContingencyTest {
  const n = sum(first)
  const m = sum(second)
  const cells = first.flatMap((count, cell) => (count + second[cell]! > 0 ? [[count, second[cell]!] as const] : []))
  const degreesOfFreedom = cells.length - 1
  if (n === 0 || m === 0 || degreesOfFreedom < 1) return { statistic: 0, degreesOfFreedom: 0, p: 1 }
  let statistic = 0
  for (const [a, b] of cells) {
    const expected = ((a + b) * n) / (n + m)
    // The other row's expected count is off by as much, the other way.
    const off = Math.abs(a - expected)
    const difference = degreesOfFreedom === 1 ? off - Math.min(0.5, off) : off
    statistic += difference ** 2 / expected + difference ** 2 / (a + b - expected)
  }
  return { statistic, degreesOfFreedom, p: chiSquareTail(statistic, degreesOfFreedom) }
}
