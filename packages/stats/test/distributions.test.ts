import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomialCdf, binomialPmf, normalCdf, normalQuantile } from '../src/index.ts'
import { relativeError } from './golden.ts'

describe('the normal distribution', () => {
  // scipy.stats.norm
  it.each([
    [-37, 5.7255712225239266e-300],
    [-10, 7.61985302416047e-24],
    [-5, 2.866515718791933e-7],
    [-2.5, 0.006209665325776132],
    [-2, 0.022750131948179195],
    [-1.5, 0.06680720126885807],
    [-0.001, 0.49960105778608893],
    [0, 0.5],
    [0.5, 0.6914624612740131],
    [1.96, 0.9750021048517795],
    [3, 0.9986501019683699],
    [6, 0.9999999990134123],
  ])('P(Z ≤ %d) agrees with scipy, in the tails too', (x, p) => {
    expect(relativeError(normalCdf(x), p)).toBeLessThan(1e-12)
  })

  it.each([
    [1e-300, -37.0470962993612],
    [1e-20, -9.262340089798409],
    [1e-5, -4.264890793922825],
    [0.025, -1.9599639845400545],
    [0.0751, -1.4388253927525403],
    [0.3, -0.5244005127080409],
    [0.9, 1.2815515655446004],
    [0.999999, 4.753424308817087],
  ])('the quantile at %d agrees with scipy', (p, x) => {
    expect(relativeError(normalQuantile(p), x)).toBeLessThan(1e-14)
  })

  it('says −∞, 0, ∞ and NaN where it must', () => {
    expect([0, 0.5, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([
      -Infinity,
      0,
      Infinity,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ])
    expect([-Infinity, Infinity, Number.NaN].map(normalCdf)).toEqual([0, 1, Number.NaN])
  })

  it('has a quantile that undoes the distribution function, and a symmetric, rising distribution function', () => {
    const z = fc.double({ min: -8, max: 8, noNaN: true })
    fc.assert(
      fc.property(z, z, (x, y) => {
        if (x < 5) expect(normalQuantile(normalCdf(x))).toBeCloseTo(x, 9)
        expect(normalCdf(x) + normalCdf(-x)).toBeCloseTo(1, 14)
        if (x < y) expect(normalCdf(x)).toBeLessThanOrEqual(normalCdf(y))
      }),
    )
  })
})

describe('the binomial distribution', () => {
  // scipy.stats.binom
  it.each([
    [3, 10, 0.3, 0.2668279319999998, 0.6496107184000002],
    [40, 100, 0.5, 0.010843866711637978, 0.028443966820490444],
    [499000, 1000000, 0.5, 0.00010798197801891438, 0.0228041499326948],
    [12, 15, 0.9, 0.12850543909885498, 0.18406106910639092],
    [5, 1000000, 1e-6, 0.0030656451486279945, 0.9994058213137257],
  ])('%i of %i at %d agrees with scipy', (k, n, p, pmf, cdf) => {
    expect(relativeError(binomialPmf(k, n, p), pmf)).toBeLessThan(2e-11)
    expect(relativeError(binomialCdf(k, n, p), cdf)).toBeLessThan(2e-11)
  })

  it('adds up to one, and its distribution function is the sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        let sum = 0
        for (let k = 0; k <= n; k++) {
          sum += binomialPmf(k, n, p)
          expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 12)
        }
        expect(sum).toBeCloseTo(1, 12)
      }),
    )
  })
})
