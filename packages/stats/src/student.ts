import { bisect } from 'simple-statistics'
import { logGamma } from './gamma.ts'
import { normalCdf, normalQuantile } from './normal.ts'

/** P(T ≤ t) for T of Student's distribution, `degreesOfFreedom` > 0, which need not be whole; ∞ is the normal curve. */
export function studentCdf(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t) || Number.isNaN(degreesOfFreedom)) return Number.NaN
  if (degreesOfFreedom === Infinity) return normalCdf(t)
  const tail = betaI(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
  return t > 0 ? 1 - tail : tail
}

/** The quantile of Student's distribution: `studentCdf(studentQuantile(p, ν), ν) = p`. −∞ at 0, ∞ at 1, NaN outside. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom === Infinity || p === 0 || p === 1 || !(p >= 0 && p <= 1)) return normalQuantile(p)
  if (p === 0.5) return 0
  // Without a degree of freedom there is no bound.
  if (!(degreesOfFreedom > 1e-3)) return p < 0.5 ? -Infinity : Infinity
  // By the smaller tail, which keeps its relative accuracy.
  const tail = Math.min(p, 1 - p)
  let from = normalQuantile(tail)
  // Its tails are heavier than the normal curve's.
  while (studentCdf(from, degreesOfFreedom) > tail) from *= 2
  const quantile = bisect((t) => studentCdf(t, degreesOfFreedom) - tail, from, 0, 200, -from * 1e-15)
  return p < 0.5 ? quantile : -quantile
}

/** The regularized incomplete beta function, by Lentz's method on its continued fraction (Numerical Recipes, 6.4). */
function betaI(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x))
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a
  return 1 - (front * fraction(1 - x, b, a)) / b
}

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / (1 - ((a + b) * x) / (a + 1))
  let product = d
  for (let m = 1; ; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    let step = 1
    for (const numerator of [even, odd]) {
      d = 1 / (1 + numerator * d)
      c = 1 + numerator / c
      step = c * d
      product *= step
    }
    if (Math.abs(step - 1) <= Number.EPSILON) return product
  }
}
