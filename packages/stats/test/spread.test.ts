import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  differenceInterval,
  drawHypergeometric,
  hypergeometricPmf,
  randomSource,
  ratioInterval,
  studentizedRangeCdf,
  studentizedRangeQuantile,
  wilsonInterval,
} from '../src/index.ts'
import { golden } from './golden.ts'

const share = (successes: number, n: number) => ({ value: successes / n, ...wilsonInterval(successes, n, 0.95) })
const shares = fc.tuple(fc.integer({ min: 1, max: 200 }), fc.nat(200)).map(([n, some]) => share(Math.min(n, some), n))

describe("Tukey's studentized range", () => {
  it.each([
    [2, 3.1698221361189565, 0.9229001282564583],
    [3, 3.682267756830824, 0.8194910627933065],
    [5, 4.197026345995183, 0.6074572367587359],
    [10, 4.784033399837945, 0.2443025579213786],
    [20, 5.298566399005617, 0.030920639284020054],
    [100, 6.332833955891142, 3.7812929944503667e-10],
  ])('agrees with scipy for %d groups', (groups, quantile, chance) => {
    expect(studentizedRangeQuantile(0.025, groups)).toBeCloseTo(quantile, 8)
    expect(studentizedRangeCdf(2.5, groups)).toBeCloseTo(chance, 12)
  })
})

describe('intervals of a difference and a ratio of shares', () => {
  it("is Newcombe's for a difference", () => {
    const { low, high } = differenceInterval(share(45, 60), share(50, 60))
    const [expectedLow, expectedHigh] = golden.newcombe_diff_45_60_vs_50_60
    expect(low).toBeCloseTo(expectedLow, 12)
    expect(high).toBeCloseTo(expectedHigh, 12)
  })

  it('hold their estimates and turn around with the shares', () => {
    fc.assert(
      fc.property(shares, shares, (one, other) => {
        const { low, high } = differenceInterval(one, other)
        expect(low).toBeLessThanOrEqual(one.value - other.value)
        expect(high).toBeGreaterThanOrEqual(one.value - other.value)
        expect(differenceInterval(other, one).low).toBeCloseTo(-high, 12)
        if (other.value === 0) return
        const ratio = ratioInterval(one, other)
        expect(ratio.low).toBeLessThanOrEqual(one.value / other.value + 1e-12)
        expect(ratio.high).toBeGreaterThanOrEqual(one.value / other.value - 1e-12)
        if (one.value > 0) expect(ratioInterval(other, one).low).toBeCloseTo(1 / ratio.high, 9)
      }),
    )
  })

  it('gives a ratio those values for which the difference holds 0', () => {
    fc.assert(
      fc.property(shares, shares, (one, other) => {
        const { low, high } = ratioInterval(one, other)
        const times = (r: number) => ({ value: r * other.value, low: r * other.low, high: r * other.high })
        if (low > 0) expect(differenceInterval(one, times(low)).low).toBeCloseTo(0, 9)
        if (high < 1e3) expect(differenceInterval(one, times(high)).high).toBeCloseTo(0, 6)
      }),
    )
  })

  it('bounds no ratio from above whose second share may be 0', () => {
    expect(ratioInterval(share(3, 50), share(0, 50))).toMatchObject({ high: Infinity })
    expect(ratioInterval(share(0, 50), share(3, 50)).low).toBe(0)
  })
})

describe('the hypergeometric distribution', () => {
  it('agrees with scipy, and its chances add up to 1', () => {
    expect(hypergeometricPmf(7, { balls: 50, red: 20, drawn: 15 })).toBeCloseTo(0.20157845401325455, 13)
    expect(hypergeometricPmf(25_000, { balls: 100_000, red: 50_000, drawn: 50_000 })).toBeCloseTo(
      0.005046227197194406,
      13,
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(60), fc.nat(60), (balls, red, drawn) => {
        const urn = { balls, red: Math.min(balls, red), drawn: Math.min(balls, drawn) }
        const all = Array.from({ length: balls + 1 }, (_, k) => hypergeometricPmf(k, urn))
        expect(all.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 11)
      }),
    )
  })

  it('is drawn as often as it says, and never beyond the urn', () => {
    const urn = { balls: 40, red: 12, drawn: 9 }
    const random = randomSource(3)
    const counts = new Array(10).fill(0)
    for (let i = 0; i < 20_000; i++) counts[drawHypergeometric(urn, random)]++
    for (const [k, count] of counts.entries()) {
      expect(Math.abs(count / 20_000 - hypergeometricPmf(k, urn))).toBeLessThan(0.01)
    }
    expect(drawHypergeometric({ balls: 5, red: 5, drawn: 3 }, random)).toBe(3)
    expect(drawHypergeometric({ balls: 5, red: 0, drawn: 3 }, random)).toBe(0)
  })
})
