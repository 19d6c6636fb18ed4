import { normalQuantile } from './normal.ts'

/**
 * How many rows would move an interval to one side of `limit`, about: its half-width shrinks with the square root of
 * the rows while the estimate stays. Null where the estimate or an end stands on the limit, for no number of rows follows
 * from that, and where the answer is beyond 10^9.
 */
export function rowsToSettle(
  { rows, estimate, low, high }: { rows: number; estimate: number; low: number; high: number },
  limit: number,
): number | null {
  const distance = Math.abs(estimate - limit)
  const half = estimate > limit ? estimate - low : high - estimate
  const needed = Math.ceil(rows * (half / distance) ** 2)
  return needed > rows && needed <= 1e9 ? needed : null
}

/** A comparison that is to show non-inferiority, in the unit of what is compared. */
export interface NonInferiority {
  /**
   * The variance of what one row, or one group of rows, adds to the difference. Of paired proportions it is the share of
   * rows on which one is right and the other wrong, if they are right equally often.
   */
  variance: number
  /** The same if the difference is −`margin`, where that sets how wide the interval is; by default no other. */
  nullVariance?: number
  margin: number
  /** Two-sided, of the interval whose lower end has to be above −`margin`. */
  confidence: number
  /** The chance of showing it. */
  power: number
}

/**
 * Rows with which two that are equal are shown, with chance `power`, to differ by less than `margin`:
 * ((z_α · σ₀ + z_β · σ) / margin)².
 */
export function nonInferiorityRows({ margin, ...asked }: NonInferiority): number {
  return Math.ceil((distanceOf(asked) / margin) ** 2)
}

/**
 * How far from −`margin` the truth has to be for `rows` to show, with chance `power`, on which side it is:
 * (z_α · σ₀ + z_β · σ) / √rows.
 */
export function telling({ rows, ...asked }: Omit<NonInferiority, 'margin'> & { rows: number }): number {
  return distanceOf(asked) / Math.sqrt(rows)
}

function distanceOf({ variance, nullVariance = variance, confidence, power }: Omit<NonInferiority, 'margin'>): number {
  return normalQuantile((1 + confidence) / 2) * Math.sqrt(nullVariance) + normalQuantile(power) * Math.sqrt(variance)
}
