const SQRT_2PI = Math.sqrt(2 * Math.PI)

/**
 * The distribution function of the standard normal, P(Z ≤ x), with a relative error below 1e-13 in both tails.
 * Around 0 the series of Marsaglia (2004), whose terms are all positive; in the tails Laplace's continued fraction.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN
  if (x < -2) return upperTail(-x)
  if (x > 2) return 1 - upperTail(x)
  let term = x
  let sum = x
  for (let odd = 3; Math.abs(term) > Math.abs(sum) * 1e-17; odd += 2) {
    term *= (x * x) / odd
    sum += term
  }
  return 0.5 + sum * density(x)
}

/** P(Z > x) for x ≥ 2, where 80 levels of the continued fraction are more than enough. */
function upperTail(x: number): number {
  let fraction = 0
  for (let level = 80; level > 0; level--) fraction = level / (x + fraction)
  return density(x) / (x + fraction)
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_2PI
}

/**
 * The quantile function of the standard normal: `normalCdf(normalQuantile(p)) = p`. −∞ at 0, ∞ at 1, NaN outside.
 * Relative error about 1e-16: algorithm AS 241 (PPND16) of Wichura (1988), Applied Statistics 37, 477–484.
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(CENTRE[0], r)) / polynomial(CENTRE[1], r)
  }
  const tail = Math.min(p, 1 - p)
  if (tail === 0) return q < 0 ? -Infinity : Infinity
  const r = Math.sqrt(-Math.log(tail))
  const x =
    r <= 5
      ? polynomial(SHOULDER[0], r - 1.6) / polynomial(SHOULDER[1], r - 1.6)
      : polynomial(TAIL[0], r - 5) / polynomial(TAIL[1], r - 5)
  return q < 0 ? -x : x
}

/** Horner's rule. */
function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0)
}

/** Coefficients from the highest power down, written as the nearest doubles. */
type Rational = readonly [numerator: readonly number[], denominator: readonly number[]]

const CENTRE: Rational = [
  [
    2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946, 1971.5909503065513,
    133.14166789178438, 3.3871328727963665,
  ],
  [
    5226.495278852854, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751, 687.1870074920579,
    42.31333070160091, 1,
  ],
]
const SHOULDER: Rational = [
  [
    7.745450142783414e-4, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
    5.769497221460691, 4.630337846156546, 1.4234371107496835,
  ],
  [
    1.0507500716444169e-9, 5.475938084995345e-4, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
    1.6763848301838038, 2.053191626637759, 1,
  ],
]
const TAIL: Rational = [
  [
    2.0103343992922881e-7, 2.7115555687434876e-5, 0.0012426609473880784, 0.026532189526576124, 0.29656057182850487,
    1.7848265399172913, 5.463784911164114, 6.657904643501103,
  ],
  [
    2.0442631033899397e-15, 1.421511758316446e-7, 1.8463183175100548e-5, 7.868691311456133e-4, 0.014875361290850615,
    0.1369298809227358, 0.599832206555888, 1,
  ],
]
