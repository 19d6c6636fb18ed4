/** More of the greatest values say no more of how a tail falls off. */
const MOST = 200
/** Fewer say nothing of it. */
const LEAST = 15

/** How many of the greatest values are their tail: a tenth; of few values more, that there are enough. */
export function tailOf(values: number): number {
  return Math.min(MOST, Math.max(Math.floor(values / 10), Math.min(LEAST + 5, Math.floor(values / 4))))
}

/**
 * How far beyond the greatest of n values the greatest of n others goes with a chance of at most `chance`. What is over a
 * threshold follows a generalised Pareto distribution, here fitted by probability-weighted moments (Hosking and Wallis
 * 1987). Its tail is never taken for lighter than an exponential one, and for heavier by one standard error of its shape:
 * what was seen may have been kind. `top` has the greatest values in falling order, all finite, the last the threshold.
 * Null where there are too few.
 */
export function beyond(top: readonly number[], chance: number): number | null {
  const k = top.length - 1
  if (k < LEAST) return null
  const threshold = top[k]!
  const excesses = top.slice(0, k).map((value) => value - threshold)
  const mean = excesses.reduce((sum, each) => sum + each / k, 0)
  if (mean === 0) return 0
  const weighted = excesses.reduce((sum, each, index) => sum + (each / k) * ((index + 0.35) / k), 0)
  const shape = 2 - mean / (mean - 2 * weighted)
  const scale = mean * (1 - Math.max(0, shape))
  const heavy = Math.max(0, shape + 1 / Math.sqrt(k))
  const odds = Math.log(k / chance)
  const reach = heavy < 1e-6 ? odds : Math.expm1(heavy * odds) / heavy
  return Math.max(0, threshold + scale * reach - top[0]!)
}
