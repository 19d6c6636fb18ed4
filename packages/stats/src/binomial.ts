/**
 * P(X = k) for X of `n` trials with chance `p`, by Loader's saddle-point expansion (2000, "Fast and accurate
 * computation of binomial probabilities"): a relative error of about 1e-14 even for millions of trials, where
 * factorials and log-gammas lose digits.
 */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p === 0) return k === 0 ? 1 : 0
  if (p === 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return p ** n
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p))
  return Math.sqrt(n / (2 * Math.PI * k * (n - k))) * Math.exp(exponent)
}

/** P(X ≤ k). The smaller tail is summed outwards from its greatest term, so that it keeps its relative accuracy. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  if (k >= n * p) return 1 - lowerTail(n - k - 1, n, 1 - p)
  return lowerTail(k, n, p)
}

/** P(X ≤ k) for k around or below the mean, where each term is smaller than the one above it. */
function lowerTail(k: number, n: number, p: number): number {
  let term = binomialPmf(k, n, p)
  let sum = 0
  for (let j = k; j >= 0 && term > sum * 1e-18; j--) {
    sum += term
    term *= (j * (1 - p)) / ((n - j + 1) * p)
  }
  return Math.min(1, sum)
}

/** log n! minus Stirling's approximation of it. */
function stirlingError(n: number): number {
  if (n <= 15) {
    let factorial = 1
    for (let i = 2; i <= n; i++) factorial *= i
    return Math.log(factorial) - (n + 0.5) * Math.log(n) + n - 0.5 * Math.log(2 * Math.PI)
  }
  const m = n * n
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / m) / m) / m) / m) / n
}

/** x·log(x/mean) + mean − x, without cancellation where x is near the mean. */
function deviance(x: number, mean: number): number {
  if (Math.abs(x - mean) >= 0.1 * (x + mean)) return x * Math.log(x / mean) + mean - x
  const v = (x - mean) / (x + mean)
  let sum = (x - mean) * v
  let power = 2 * x * v
  for (let odd = 3; ; odd += 2) {
    power *= v * v
    const next = sum + power / odd
    if (next === sum) return sum
    sum = next
  }
}
