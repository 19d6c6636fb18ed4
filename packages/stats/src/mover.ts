import type { Interval } from './interval.ts'

/** An estimate with an interval of its own. */
export interface Estimated extends Interval {
  value: number
}

/**
 * The interval of `first` − `second` from their own intervals: MOVER, the method of variance estimates recovery (Zou and
 * Donner 2008), of independent estimates. With Wilson's intervals of proportions it is Newcombe's (1998, method 10).
 */
export function differenceInterval(first: Estimated, second: Estimated): Interval {
  const difference = first.value - second.value
  return {
    low: difference - Math.hypot(first.value - first.low, second.high - second.value),
    high: difference + Math.hypot(first.high - first.value, second.value - second.low),
  }
}

/**
 * The interval of `first` / `second`, both at least 0: MOVER for ratios (Donner and Zou 2012), the ratios r for which the
 * interval of first − r · second holds 0. The upper end is infinite where the second may be 0.
 */
export function ratioInterval(first: Estimated, second: Estimated): Interval {
  const product = first.value * second.value
  const root = (ofFirst: number, ofSecond: number) => Math.sqrt(Math.max(0, product * product - ofFirst * ofSecond))
  const below = first.low * (2 * first.value - first.low)
  const above = second.low * (2 * second.value - second.low)
  const low = root(below, second.high * (2 * second.value - second.high))
  const high = root(first.high * (2 * first.value - first.high), above)
  return {
    // Both forms of a quadratic's root; each is free of a division by what may be 0 on its side.
    low: below === 0 ? 0 : below / (product + low),
    high: above === 0 ? Infinity : (high + product) / above,
  }
}
