import { sum } from './sum.ts'

/**
 * Two samples as counts of the same cells. Both divergences are too large by chance alone: `samplingBias` says by how
 * much.
 */
type Counts = readonly number[]

/**
 * The population stability index Σ (a − b) ln(a / b) over the cells' shares, in nats. A share below `floor` is taken
 * for `floor`, without evening the others; cells that are empty in both are none. It says nothing without the rule by
 * which the cells were made.
 */
export function populationStability(first: Counts, second: Counts, floor: number): number {
  let sum = 0
  for (const [a, b] of shares(first, second)) {
    if (a + b > 0) sum += (Math.max(a, floor) - Math.max(b, floor)) * Math.log(Math.max(a, floor) / Math.max(b, floor))
  }
  return sum
}

/**
 * The Jensen–Shannon divergence ½ KL(a ‖ m) + ½ KL(b ‖ m) with m = (a + b) / 2, in nats: 0 to ln 2. Over ln 2 it is
 * that of base 2; the root of either is the distance of that base.
 */
export function jensenShannon(first: Counts, second: Counts): number {
  let sum = 0
  for (const [a, b] of shares(first, second)) {
    if (a > 0) sum += a * Math.log((2 * a) / (a + b))
    if (b > 0) sum += b * Math.log((2 * b) / (a + b))
  }
  return Math.max(0, sum / 2)
}

/**
 * What two samples of n and m rows from one distribution over so many cells are expected to differ by: the population
 * stability index by (cells − 1)(1/n + 1/m), the Jensen–Shannon divergence in nats by an eighth of that. To first
 * order, where every cell is expected to hold a few rows of each.
 */
export function samplingBias(cells: number, n: number, m: number): { psi: number; jensenShannon: number } {
  const psi = Math.max(0, cells - 1) * (1 / n + 1 / m)
  return { psi, jensenShannon: psi / 8 }
}

function shares(first: Counts, second: Counts): Array<readonly [number, number]> {
  const n = sum(first)
  const m = sum(second)
  return first.map((count, cell) => [count / n, second[cell]! / m])
}
