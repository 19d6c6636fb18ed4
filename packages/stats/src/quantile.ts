import { binomialCdf } from './binomial.ts'

/** The quantile of type 7 (Hyndman and Fan 1996), numpy's "linear". NaN where there are no values. */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileSorted(Float64Array.from(values).sort(), q)
}

/** `quantile` of values that are sorted already. */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}

/**
 * Which order statistics enclose the true `q`-quantile of n independent values, whatever their distribution: ranks
 * from 1, each tail missing it with a chance of at most (1 − confidence) / 2. A rank is null where even the least or
 * greatest value is not extreme enough.
 */
export function quantileInterval(
  n: number,
  q: number,
  confidence: number,
): { low: number | null; high: number | null } {
  const tail = (1 - confidence) / 2
  let low = 0
  while (low < n && binomialCdf(low, n, q) <= tail) low++
  let high = n + 1
  while (high > 0 && 1 - binomialCdf(high - 2, n, q) <= tail) high--
  return { low: low >= 1 ? low : null, high: high <= n ? high : null }
}
