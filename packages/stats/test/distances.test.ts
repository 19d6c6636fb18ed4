import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  benjaminiHochberg,
  chiSquareContingency,
  chiSquareTail,
  gammaQ,
  jensenShannon,
  ksDistance,
  ksTail,
  populationStability,
  samplingBias,
} from '../src/index.ts'
import { relativeError } from './golden.ts'

/** Numbers of scipy 1.10.1, and how the samples are made that they are of. */
const golden = JSON.parse(readFileSync(new URL('fixtures/drift.json', import.meta.url), 'utf8'))

function uniforms(seed: number, n: number): number[] {
  let state = BigInt(seed)
  return Array.from({ length: n }, () => {
    state = (1103515245n * state + 12345n) % 2n ** 31n
    return Number(state) / 2 ** 31
  })
}

const u1 = uniforms(1, 400)
const u2 = uniforms(2, 300)
const x = u1.map((u) => Number((u ** 2 * 100).toFixed(3)))
const y = u2.map((u) => Number((u ** 2 * 100 * 1.1 + 2).toFixed(3)))
const xi = u1.map((u) => Math.floor(u * 12))
const yi = u2.map((u) => Math.floor(u ** 1.3 * 12))

/** Counts in the cells (−∞, e₀], (e₀, e₁], …, (eₙ, ∞). */
function count(values: readonly number[], edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const value of values) counts[edges.filter((edge) => edge < value).length]!++
  return counts
}

function pooled(a: readonly number[], b: readonly number[]): [number[], number[]] {
  const edges = [...new Set([...a, ...b])].sort((p, q) => p - q)
  return [count(a, edges), count(b, edges)]
}

const { p, q } = golden.counts as { p: number[]; q: number[] }
const cells = fc.integer({ min: 1, max: 12 }).chain((length) => {
  const counts = fc.array(fc.nat(50), { minLength: length, maxLength: length })
  return fc.tuple(counts, counts).filter((both) => both.every((each) => each.some((n) => n > 0)))
})

describe('the upper tail of chi-square', () => {
  it('agrees with scipy where 1 − cdf has no digits left', () => {
    // scipy.stats.chi2.sf
    for (const [value, degrees, expected] of [
      [27.42954298727443, 11, 0.0039557212100078615],
      [3.649450549450549, 1, 0.056087711838898595],
      [55.05058137214999, 11, 7.586429923513773e-8],
    ] as const)
      expect(relativeError(chiSquareTail(value, degrees), expected)).toBeLessThan(1e-12)
    expect(relativeError(chiSquareTail(1140, 2), Math.exp(-570))).toBeLessThan(1e-12)
  })

  it('is the Poisson sum for whole a', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0.01, max: 600, noNaN: true }), (a, x) => {
        let term = Math.exp(-x)
        let sum = 0
        for (let k = 0; k < a; k++, term *= x / k) sum += term
        expect(relativeError(gammaQ(a, x), sum)).toBeLessThan(1e-11)
      }),
    )
  })

  it('is 1 at 0, 0 at ∞ and NaN where there is none', () => {
    expect([gammaQ(3, 0), gammaQ(3, Infinity)]).toEqual([1, 0])
    expect([gammaQ(0, 1), gammaQ(1, -1), gammaQ(1, Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
  })
})

describe('chi-square on two samples', () => {
  it('agrees with scipy, and with its Yates correction on 2 × 2', () => {
    const found = chiSquareContingency(p, q)
    expect(found.statistic).toBeCloseTo(golden.chi2_contingency.chi2, 10)
    expect(found.degreesOfFreedom).toBe(golden.chi2_contingency.dof)
    expect(relativeError(found.p, golden.chi2_contingency.p)).toBeLessThan(1e-12)
    const [first, second] = golden.chi2_2x2.table
    const { statistic, p: small } = chiSquareContingency(first, second)
    expect(statistic).toBeCloseTo(golden.chi2_2x2.yates[0], 12)
    expect(relativeError(small, golden.chi2_2x2.yates[1])).toBeLessThan(1e-12)
  })

  it('does not see cells that nobody is in, and finds nothing where there is nothing to compare', () => {
    expect(chiSquareContingency([30, 0, 70], [45, 0, 60])).toEqual(chiSquareContingency([30, 70], [45, 60]))
    for (const [a, b] of [
      [[5], [7]],
      [
        [0, 0],
        [3, 4],
      ],
      [[], []],
    ] as const)
      expect(chiSquareContingency(a, b).p).toBe(1)
  })
})

describe('Kolmogorov and Smirnov', () => {
  it('measure what scipy measures, ties too', () => {
    expect(ksDistance(...pooled(x, y))).toBeCloseTo(golden.ks.x_y_asymp.D, 14)
    expect(ksDistance(...pooled(xi, yi))).toBeCloseTo(golden.ks.xi_yi_asymp.D, 14)
    expect(relativeError(ksTail(0.1425, 400, 300), golden.ks.x_y_asymp.p)).toBeLessThan(0.02)
    expect(relativeError(ksTail(golden.ks.xi_yi_asymp.D, 400, 300), golden.ks.xi_yi_asymp.p)).toBeLessThan(0.02)
  })

  it.each(Object.entries<number>(golden.kstwo_sf).filter(([written]) => Number(written.split('n=')[1]) >= 100))(
    'have the finite-sample tail at %s',
    (written, expected) => {
      const [d, n] = written.match(/[\d.]+/g)!.map(Number) as [number, number]
      expect(relativeError(ksTail(d, 2 * n, 2 * n), expected)).toBeLessThan(n >= 1000 ? 1e-3 : 0.1)
    },
  )

  it('see less in coarser cells, never more', () => {
    fc.assert(
      fc.property(cells, ([a, b]) => {
        const halves = (counts: number[]) => counts.flatMap((n, i) => (i % 2 === 0 ? [n + (counts[i + 1] ?? 0)] : []))
        expect(ksDistance(halves(a), halves(b))).toBeLessThanOrEqual(ksDistance(a, b) + 1e-15)
      }),
    )
  })

  it('have no distance from an empty sample', () => {
    expect(ksDistance([0, 0], [1, 2])).toBeNaN()
    expect(ksTail(Number.NaN, 10, 10)).toBeNaN()
    expect(ksTail(0, 10, 10)).toBe(1)
  })
})

describe('the population stability index', () => {
  it('agrees with the golden number on deciles of the reference', () => {
    const { edges, psi } = golden['psi_ref_decile_inverted_cdf_floor1e-4']
    expect(populationStability(count(x, edges), count(y, edges), 1e-4)).toBeCloseTo(psi, 12)
  })
})

describe('the Jensen–Shannon divergence', () => {
  it('agrees with scipy in each of its conventions', () => {
    const divergence = jensenShannon(p, q)
    expect(divergence).toBeCloseTo(golden.js.divergence_nat, 14)
    expect(divergence / Math.LN2).toBeCloseTo(golden.js.divergence_base2_tfdv, 14)
    expect(Math.sqrt(divergence)).toBeCloseTo(golden.js.scipy_distance_nat, 14)
    expect(Math.sqrt(divergence / Math.LN2)).toBeCloseTo(golden.js.scipy_distance_base2, 14)
  })

  it('is ln 2 of what has nothing in common', () => {
    expect(jensenShannon([5, 0], [0, 9])).toBeCloseTo(Math.LN2, 14)
  })
})

describe('all distances', () => {
  it('are symmetric, never negative, and 0 between equals', () => {
    fc.assert(
      fc.property(cells, ([a, b]) => {
        for (const distance of [
          ksDistance,
          jensenShannon,
          (c: number[], d: number[]) => populationStability(c, d, 1e-4),
        ]) {
          expect(distance(a, b)).toBeCloseTo(distance(b, a), 12)
          expect(distance(a, b)).toBeGreaterThanOrEqual(0)
          expect(distance(a, a)).toBe(0)
        }
      }),
    )
  })

  it('are too large by chance as much as their bias says', () => {
    let seed = 7
    const draw = (n: number) => {
      const counts = new Array<number>(50).fill(0)
      for (const u of uniforms(seed++, n)) counts[Math.floor(u * 50)]!++
      return counts
    }
    const pairs = Array.from({ length: 200 }, () => [draw(1000), draw(2000)] as const)
    const mean = (of: (a: number[], b: number[]) => number) =>
      pairs.reduce((sum, [a, b]) => sum + of(a, b), 0) / pairs.length
    const bias = samplingBias(50, 1000, 2000)
    expect(
      relativeError(
        mean((a, b) => populationStability(a, b, 1e-4)),
        bias.psi,
      ),
    ).toBeLessThan(0.1)
    expect(relativeError(mean(jensenShannon), bias.jensenShannon)).toBeLessThan(0.1)
  })
})

describe('Benjamini and Hochberg', () => {
  it('agree with scipy', () => {
    for (const [index, adjusted] of benjaminiHochberg(golden.bh_adjusted.p).entries())
      expect(adjusted).toBeCloseTo(golden.bh_adjusted.adj[index], 14)
  })

  it('keep the order, whatever it is, and never make a p-value smaller', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (pValues) => {
        const adjusted = benjaminiHochberg(pValues)
        const turned = benjaminiHochberg(pValues.toReversed()).toReversed()
        for (const [index, each] of adjusted.entries()) {
          expect(each).toBeCloseTo(turned[index]!, 14)
          expect(each).toBeGreaterThanOrEqual(pValues[index]!)
          expect(each).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
