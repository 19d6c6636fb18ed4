import { bisect } from 'simple-statistics'
import { normalCdf } from './normal.ts'

/** Beyond so many standard deviations nothing of the normal curve is left in a double. */
const REACH = 8.5
/** The trapezoidal rule on a smooth integrand that dies at both ends: with this step it errs by less than 1e-13. */
const STEP = 0.125
/** Where the integrand is taken, with what does not depend on the range. */
const POINTS = Array.from({ length: (2 * REACH) / STEP + 1 }, (_, index) => {
  const z = index * STEP - REACH
  return { z, density: Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI), below: normalCdf(z) }
})

/**
 * P(max − min ≤ `range`) of `groups` independent standard normal numbers: Tukey's studentized range with infinite
 * degrees of freedom, groups · ∫ φ(z) (Φ(z) − Φ(z − range))^(groups − 1) dz, where z is the greatest. 2 to 100 groups.
 */
export function studentizedRangeCdf(range: number, groups: number): number {
  if (!(range > 0)) return 0
  let sum = 0
  for (const { z, density, below } of POINTS) sum += density * (below - normalCdf(z - range)) ** (groups - 1)
  return Math.min(1, groups * sum * STEP)
}

/** The range that `groups` standard normal numbers exceed with the chance `tail`, between 0 and 1; to 1e-9. */
export function studentizedRangeQuantile(tail: number, groups: number): number {
  // Twice the reach of one number: there a range never is.
  return bisect((range) => studentizedRangeCdf(range, groups) - (1 - tail), 0, 2 * REACH, 100, 1e-9)
}
