import { bisect } from 'simple-statistics'
import { binomialCdf, binomialPmf } from './binomial.ts'
import type { Interval } from './interval.ts'
import { normalCdf } from './normal.ts'
import { studentQuantile } from './student.ts'

/** Two classifiers on the same rows: how many only the first gets right, how many only the second, of how many. */
export interface Discordance {
  first: number
  second: number
  rows: number
}

/**
 * The score test of Tango (1998) for paired proportions: is the first's share minus the second's equal to `delta`?
 * At 0 it is McNemar's test. `p` is one-sided: the chance of a z at least this great, small where the difference is
 * above `delta` (non-inferiority with margin m: `delta` = −m). −1 ≤ `delta` ≤ 1, `rows` ≥ 1.
 */
export function tangoTest(counts: Discordance, delta: number): { z: number; p: number } {
  const z = tangoZ(counts, delta)
  return { z, p: normalCdf(-z) }
}

function tangoZ(counts: Discordance, delta: number): number {
  const excess = counts.first - counts.second - counts.rows * delta
  if (excess === 0) return 0
  const variance = counts.rows * tangoVariance(counts, delta)
  return variance > 0 ? excess / Math.sqrt(variance) : excess * Infinity
}

/**
 * The variance of what one row adds to the difference if that is `delta`, by Tango's constrained estimate from these
 * counts, which need not be whole. The further `delta` is from what was seen, the more rows must have differed.
 */
export function tangoVariance({ first, second, rows }: Discordance, delta: number): number {
  const a = 2 * rows
  const b = -first - second + (2 * rows - first + second) * delta
  const c = -second * delta * (1 - delta)
  // The discriminant is never negative, but its rounding error may be, near −1.
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // Both forms are the same root; each is free of cancellation on its side.
  const q = b > 0 ? (-2 * c) / (root + b) : (root - b) / (2 * a)
  return 2 * q + delta * (1 - delta)
}

/**
 * Tango's score interval for the first's share minus the second's: the values that `tangoTest` does not refuse. With
 * `degreesOfFreedom`, at least 1, by Student's quantile. The counts need not be whole.
 */
export function tangoInterval(counts: Discordance, confidence: number, degreesOfFreedom = Infinity): Interval {
  const z = studentQuantile((1 + confidence) / 2, degreesOfFreedom)
  const difference = (counts.first - counts.second) / counts.rows
  const solve = (target: number, from: number, to: number) =>
    from === to ? from : bisect((delta) => tangoZ(counts, delta) - target, from, to, 100, 1e-15)
  return { low: solve(z, -1, difference), high: solve(-z, difference, 1) }
}

/**
 * McNemar's test that two classifiers are right equally often: two-sided p, exact and mid-p (Fagerland, Lydersen and
 * Laake 2013), from the counts of rows that only one of them gets right.
 */
export function mcnemar({ first, second }: Pick<Discordance, 'first' | 'second'>): { exact: number; midP: number } {
  const discordant = first + second
  const fewer = Math.min(first, second)
  const both = 2 * binomialCdf(fewer, discordant, 0.5)
  return { exact: Math.min(1, both), midP: Math.min(1, both - binomialPmf(fewer, discordant, 0.5)) }
}
