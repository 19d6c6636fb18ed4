import type { Interval } from './interval.ts'
import { studentCdf, studentQuantile } from './student.ts'

/** Numbers that differ by no more than this share of their size may owe the difference to rounding. */
export const ROUNDING = 1e-12

/** How an estimate scatters around the truth. */
export interface Scatter {
  /** The standard error. */
  error: number
  /** A sixth of the skewness: the acceleration of Efron's BCa interval. */
  acceleration: number
  /** How many independent numbers the error stands on; Student's quantiles allow for it. */
  degreesOfFreedom: number
}

/**
 * The scatter of an estimate that is, to first order, the truth plus a sum over independent units (rows, or clusters of
 * them), from what each unit adds: its *influence*; all of them add up to 0. The degrees of freedom are one less than the
 * *effective number* of units, (Σ e²)² / Σ e⁴: few where few units make the sum, as when two models differ on few rows,
 * or when clusters are few or uneven. It is a third of their number where they are normal; Satterthwaite's number, six
 * times that, does not keep its promise for sparse differences. Where each influence is that of a whole block of units,
 * `units` says how many there are in all. At least two of either. Influences that would be 0 but for rounding are taken
 * for 0: those whose root mean square is no greater than `rounding`.
 */
export function scatterOf(influences: ArrayLike<number>, units: number = influences.length, rounding = 0): Scatter {
  const n = influences.length
  let squares = 0
  let cubes = 0
  let fourths = 0
  for (let i = 0; i < n; i++) {
    const square = influences[i]! ** 2
    squares += square
    cubes += square * influences[i]!
    fourths += square * square
  }
  if (squares <= n * rounding ** 2) return { error: 0, acceleration: 0, degreesOfFreedom: units - 1 }
  // A sum of m units has an m-th of their excess kurtosis.
  const effective = 1 / (fourths / (squares * squares) - 3 / n + 3 / units)
  return {
    error: Math.sqrt((squares * n) / (n - 1)),
    acceleration: cubes / (6 * squares ** 1.5),
    degreesOfFreedom: effective > 0 ? Math.min(units, effective) - 1 : units - 1,
  }
}

/**
 * The interval ABC (approximate bootstrap confidence) of DiCiccio and Efron (1992) for an estimate that is linear in its
 * units: what BCa converges to with ever more resamples, in closed form; with Student's quantiles in place of the
 * normal ones. An end is infinite where the units are too few and too skewed for one.
 */
export function abcInterval(estimate: number, scatter: Scatter, confidence: number): Interval {
  const t = studentQuantile((1 + confidence) / 2, scatter.degreesOfFreedom)
  const end = (quantile: number) => {
    const w = scatter.acceleration + quantile
    // Below −1 an end would come back: further out than there it does not get.
    const bend = Math.max(-1, scatter.acceleration * w)
    if (bend >= 1) return quantile * Infinity
    const moved = bend === -1 ? -1 / scatter.acceleration : w
    return estimate + (scatter.error * moved) / (1 - bend) ** 2
  }
  return { low: end(-t), high: end(t) }
}

/**
 * The one-sided p-value that goes with `abcInterval`: the chance of an estimate this low or lower if the truth is
 * `truth`. It is (1 − confidence) / 2 where `truth` is the interval's upper end.
 */
export function abcTail(estimate: number, scatter: Scatter, truth: number): number {
  if (scatter.error === 0) return estimate < truth ? 0 : 1
  const { acceleration, error, degreesOfFreedom } = scatter
  const distance = (truth - estimate) / error
  const bend = 1 + 4 * acceleration * distance
  // The root of distance = w / (1 − acceleration · w)² that is 0 at 0, free of cancellation; where there is none, the
  // furthest that an end gets.
  const w = bend > 0 ? (2 * distance) / (1 + 2 * acceleration * distance + Math.sqrt(bend)) : -1 / acceleration
  return studentCdf(acceleration - w, degreesOfFreedom)
}
