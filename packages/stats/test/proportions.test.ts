import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clopperPearsonInterval,
  type Interval,
  mcnemar,
  nonInferiorityRows,
  normalQuantile,
  rowsToSettle,
  tangoInterval,
  tangoTest,
  tangoVariance,
  telling,
  wilsonInterval,
} from '../src/index.ts'
import { golden } from './golden.ts'

const close = ({ low, high }: Interval, [expectedLow, expectedHigh]: [number, number], digits = 12) => {
  expect(low).toBeCloseTo(expectedLow, digits)
  expect(high).toBeCloseTo(expectedHigh, digits)
}

const counts = fc
  .tuple(fc.nat(50), fc.nat(50), fc.nat(200))
  .filter(([first, second, same]) => first + second + same > 0)
  .map(([first, second, same]) => ({ first, second, rows: first + second + same }))

describe('intervals of one proportion', () => {
  it.each(Object.entries<Record<string, [number, number]>>(golden.proportion_ci_95))(
    'agree with statsmodels at %s',
    (written, expected) => {
      const [successes, n] = written.split('/').map(Number) as [number, number]
      close(wilsonInterval(successes, n, 0.95), expected.wilson!)
      close(clopperPearsonInterval(successes, n, 0.95), expected.beta!)
    },
  )

  it('hold the estimate, end at 0 and 1 exactly, turn around with the proportion, and narrow with the rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.nat(300), (n, some) => {
        const k = Math.min(n, some)
        for (const interval of [wilsonInterval, clopperPearsonInterval]) {
          const { low, high } = interval(k, n, 0.95)
          expect(low).toBeLessThanOrEqual(k / n)
          expect(high).toBeGreaterThanOrEqual(k / n)
          if (k === 0) expect(low).toBe(0)
          if (k === n) expect(high).toBe(1)
          close(interval(n - k, n, 0.95), [1 - high, 1 - low])
          const more = interval(4 * k, 4 * n, 0.95)
          expect(more.high - more.low).toBeLessThan(high - low)
          const surer = interval(k, n, 0.99)
          expect(surer.low).toBeLessThanOrEqual(low)
          expect(surer.high).toBeGreaterThanOrEqual(high)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('Tango for paired proportions', () => {
  it('agrees with the golden interval and tests', () => {
    const { paired_prop: expected } = golden
    close(tangoInterval({ first: 16, second: 6, rows: 161 }, 0.95), expected.tango_score, 10)
    const one = tangoTest({ first: 16, second: 6, rows: 161 }, -0.02)
    expect(one.z).toBeCloseTo(expected['ni_margin_0.02'].tango_z, 12)
    expect(one.p).toBeCloseTo(expected['ni_margin_0.02'].p, 12)
    const two = tangoTest({ first: 6, second: 16, rows: 1000 }, -0.02)
    expect(two.z).toBeCloseTo(expected.ni_6_16.tango_z, 12)
    expect(two.p).toBeCloseTo(expected.ni_6_16.p, 12)
  })

  it("is McNemar's z at no difference", () => {
    expect(tangoTest({ first: 16, second: 6, rows: 161 }, 0).z).toBeCloseTo(10 / Math.sqrt(22), 12)
  })

  it('turns around when the arms are swapped, holds the estimate, and its ends are where the test says so', () => {
    const z = normalQuantile(0.975)
    fc.assert(
      fc.property(counts, (sample) => {
        const { first, second, rows } = sample
        const { low, high } = tangoInterval(sample, 0.95)
        close(tangoInterval({ first: second, second: first, rows }, 0.95), [-high, -low], 10)
        expect(low).toBeLessThanOrEqual((first - second) / rows)
        expect(high).toBeGreaterThanOrEqual((first - second) / rows)
        expect(low).toBeGreaterThanOrEqual(-1)
        expect(high).toBeLessThanOrEqual(1)
        if (low > -0.999) expect(tangoTest(sample, low).z).toBeCloseTo(z, 6)
        if (high < 0.999) expect(tangoTest(sample, high).z).toBeCloseTo(-z, 6)
      }),
    )
  })

  it('is never NaN, where the discriminant rounds below zero either', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: -1, max: 1, noNaN: true }), (sample, delta) => {
        expect(tangoTest(sample, delta).z).not.toBeNaN()
      }),
    )
    expect(tangoTest({ first: 0, second: 7, rows: 7 }, -1 + 1e-16).z).not.toBeNaN()
    expect(tangoInterval({ first: 0, second: 7, rows: 7 }, 0.95).low).toBe(-1)
  })

  it('gives width to a difference of nothing on few rows', () => {
    const { low, high } = tangoInterval({ first: 0, second: 0, rows: 20 }, 0.95)
    expect(high).toBeCloseTo(0.1611, 3)
    expect(low).toBeCloseTo(-0.1611, 3)
  })
})

describe('McNemar', () => {
  it.each(['mcnemar_data', 'mcnemar_59_6_16_80', 'mcnemar_10_2_9_3'])('agrees with statsmodels on %s', (name) => {
    const { table, exact_p, midp } = golden[name]
    const { exact, midP } = mcnemar({ first: table[0][1], second: table[1][0] })
    expect(exact).toBeCloseTo(exact_p, 13)
    expect(midP).toBeCloseTo(midp, 13)
  })

  it('finds nothing where nothing differs, and does not care which is first', () => {
    expect(mcnemar({ first: 0, second: 0 })).toEqual({ exact: 1, midP: 1 })
    expect(mcnemar({ first: 5, second: 5 })).toEqual({ exact: 1, midP: 1 })
    expect(mcnemar({ first: 3, second: 11 })).toEqual(mcnemar({ first: 11, second: 3 }))
  })
})

describe('the variance of a difference of paired proportions', () => {
  it('is the usual one at the difference that was seen, and greater where more rows must have differed', () => {
    const seen = { first: 6, second: 16, rows: 161 }
    const difference = (seen.first - seen.second) / seen.rows
    expect(tangoVariance(seen, difference)).toBeCloseTo((seen.first + seen.second) / seen.rows - difference ** 2, 12)
    expect(tangoVariance({ first: 0, second: 0, rows: 100 }, -0.1)).toBeCloseTo(0.1 * 0.9, 12)
  })
})

describe('advice on how many rows', () => {
  it('is the known formula', () => {
    const needed = (margin: number) => nonInferiorityRows({ variance: 0.05, margin, confidence: 0.9, power: 0.8 })
    expect(needed(0.01)).toBe(3092)
    expect(needed(0.005)).toBe(12366)
  })

  it('tells at the margin what that many rows tell', () => {
    const asked = { variance: 0.05, confidence: 0.95, power: 0.8 }
    const rows = nonInferiorityRows({ ...asked, margin: 0.005 })
    expect(telling({ ...asked, rows })).toBeCloseTo(0.005, 6)
    expect(telling({ ...asked, rows: 4 * rows })).toBeCloseTo(0.0025, 6)
  })

  it('scales half the interval with the root of the rows', () => {
    expect(rowsToSettle({ rows: 1000, estimate: 0.01, low: -0.01, high: 0.03 }, 0)).toBe(4000)
    expect(rowsToSettle({ rows: 1000, estimate: -0.01, low: -0.02, high: 0.03 }, 0)).toBe(16000)
  })

  it('does not know where an end stands on the line: «about 1 more» would be made up', () => {
    expect(rowsToSettle({ rows: 1000, estimate: 0.01, low: 0, high: 0.02 }, 0)).toBeNull()
    expect(rowsToSettle({ rows: 1000, estimate: -0.01, low: -0.02, high: 0 }, 0)).toBeNull()
  })

  it('does not know where the estimate stands on the line, or as good as', () => {
    expect(rowsToSettle({ rows: 1000, estimate: 0, low: -0.01, high: 0.03 }, 0)).toBeNull()
    expect(rowsToSettle({ rows: 1000, estimate: 1e-9, low: -0.01, high: 0.03 }, 0)).toBeNull()
  })
})
