/**
 * The upper regularized incomplete gamma function Q(a, x) = Γ(a, x) / Γ(a), a > 0, x ≥ 0: 1 − P by its series below
 * a + 1, Legendre's continued fraction by Lentz's method above (Press et al., Numerical Recipes, 6.2). The upper tail
 * keeps a relative error of about 1e-13 down to the smallest doubles, which 1 − P would lose.
 */
export function gammaQ(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) return Number.NaN
  if (x === 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const front = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - front * series(a, x) : front * fraction(a, x)
}

/** Σ xⁿ / (a (a + 1) … (a + n)). */
function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= x / (a + n)
    sum += term
  }
  return sum
}

/** 1 / (x + 1 − a − 1(1 − a) / (x + 3 − a − 2(2 − a) / (x + 5 − a − …))). */
function fraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let product = d
  for (let n = 1; ; n++) {
    const numerator = n * (a - n)
    b += 2
    d = 1 / (numerator * d + b)
    c = b + numerator / c
    const step = c * d
    product *= step
    if (Math.abs(step - 1) <= Number.EPSILON) return product
  }
}

/** log Γ(x) for x > 0: Stirling's series where it is exact to the last digits, and Γ(x + 1) = x Γ(x) below. */
export function logGamma(x: number): number {
  let product = 1
  let y = x
  for (; y < 15; y++) product *= y
  const z = 1 / (y * y)
  const correction = (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - z / 1188) * z) * z) * z) / y
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + correction - Math.log(product)
}
