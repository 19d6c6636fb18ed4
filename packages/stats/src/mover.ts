import type { Interval } from './interval.ts'

/** An estimate with an interval of its own. */
export interface Estimated extends Interval {
  value: number
}

/**
 * The interval of `first` − `second` from their own intervals: MOVER, the method of variance estimates recovery (Zou and
 * Donner 2008), whose estimates may correlate. Of independent proportions with Wilson's intervals it is Newcombe's
 * (1998, method 10).
 */
export function differenceInterval(first: Estimated, second: Estimated, correlation = 0): Interval {
  const difference = first.value - second.value
  return {
    low: difference - together(first.value - first.low, second.high - second.value, correlation),
    high: difference + together(first.high - first.value, second.value - second.low, correlation),
  }
}

function together(a: number, b: number, correlation: number): number {
  return Math.sqrt(Math.max(0, a * a + b * b - 2 * correlation * a * b))
}

/**
 * The interval of `first` / `second`, both at least 0: MOVER for ratios (Donner and Zou 2012), the ratios r for which the
 * interval of first − r · second holds 0. The upper end is infinite where the second may be 0.
 */
export function ratioInterval(first: Estimated, second: Estimated, correlation = 0): Interval {
  const product = first.value * second.value
  const end = (a: number, b: number, ofFirst: number, ofSecond: number) => {
    const middle = product - correlation * a * b
    return { middle, root: Math.sqrt(Math.max(0, middle * middle - ofFirst * ofSecond)) }
  }
  const below = first.low * (2 * first.value - first.low)
  const low = end(
    first.value - first.low,
    second.high - second.value,
    below,
    second.high * (2 * second.value - second.high),
  )
  const above = second.low * (2 * second.value - second.low)
  const high = end(
    first.high - first.value,
    second.value - second.low,
    first.high * (2 * first.value - first.high),
    above,
  )
  return {
    // Both forms of a quadratic's root; each is free of a division by what may be 0 on its side.
    low: below === 0 ? 0 : below / (low.middle + low.root),
    high: above === 0 ? Infinity : (high.middle + high.root) / above,
  }
}
