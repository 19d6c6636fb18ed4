import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  abcInterval,
  abcTail,
  bcaInterval,
  randomSource,
  resample,
  scatterOf,
  studentCdf,
  studentQuantile,
} from '../src/index.ts'

describe("Student's distribution", () => {
  // From scipy 1.17.1.
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 4.5, 2.6589123472044034],
    [0.975, 9, 2.262157162798205],
    [0.025, 30, -2.042272456301238],
    [0.9999, 3, 22.203742273205],
    [1e-10, 7, -53.83557948467374],
    [0.6, 2, 0.2886751345948128],
  ])('has the quantiles of scipy: p %d, %d degrees of freedom', (p, degreesOfFreedom, expected) => {
    expect(studentQuantile(p, degreesOfFreedom) / expected).toBeCloseTo(1, 12)
    expect(studentCdf(expected, degreesOfFreedom) / p).toBeCloseTo(1, 12)
  })

  it('is the normal curve with infinitely many degrees of freedom, and near it with a million', () => {
    expect(studentQuantile(0.975, Infinity)).toBeCloseTo(1.959963984540054, 14)
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959966356814107, 9)
    expect(studentCdf(-2, Infinity)).toBeCloseTo(0.022750131948179, 14)
  })

  it('is no number of what is none, and says so at once', () => {
    expect(studentCdf(Number.NaN, 5)).toBeNaN()
    expect(studentCdf(1, Number.NaN)).toBeNaN()
  })

  it('has ends and a middle', () => {
    expect([0, 0.5, 1, 2].map((p) => studentQuantile(p, 5))).toEqual([-Infinity, 0, Infinity, Number.NaN])
    expect([0.025, 0.5, 0.975].map((p) => studentQuantile(p, 0))).toEqual([-Infinity, 0, Infinity])
  })
})

/** What each of these values adds to their mean. */
const influencesOf = (values: number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.map((value) => (value - mean) / values.length)
}

describe('the scatter of an estimate', () => {
  it('is that of the mean: standard error, a sixth of the skewness, degrees of freedom', () => {
    const scatter = scatterOf(influencesOf([1, 2, 3, 4, 10]))
    expect(scatter.error).toBeCloseTo(Math.sqrt(12.5 / 5), 14)
    // Σ (x − 4)³ = 180, Σ (x − 4)² = 50.
    expect(scatter.acceleration).toBeCloseTo(180 / (6 * 50 ** 1.5), 14)
    expect(scatterOf(influencesOf([1, -1, 1, -1])).degreesOfFreedom).toBeCloseTo(3, 12)
  })

  it('rests on few numbers where few units make the sum', () => {
    const sparse = Array.from({ length: 1000 }, (_, row) => (row < 10 ? (-1) ** row : 0))
    expect(scatterOf(influencesOf(sparse)).degreesOfFreedom).toBeCloseTo(9, 10)
  })

  it('is about the same from blocks of units', () => {
    const random = randomSource(1)
    const values = Array.from({ length: 5000 }, () => -Math.log((random.below(1e6) + 1) / 1e6))
    const blocks = Array<number>(250).fill(0)
    for (const [row, influence] of influencesOf(values).entries()) blocks[row % 250]! += influence
    const [fine, coarse] = [scatterOf(influencesOf(values)), scatterOf(blocks, 5000)]
    expect(coarse.error / fine.error).toBeCloseTo(1, 0)
    expect(coarse.acceleration / fine.acceleration).toBeCloseTo(1, 0)
    expect(coarse.degreesOfFreedom).toBeGreaterThan(100)
  })

  it('is nothing where every unit adds the same', () => {
    expect(scatterOf([0, 0, 0])).toEqual({ error: 0, acceleration: 0, degreesOfFreedom: 2 })
  })

  it('is nothing where only rounding scatters, if it is told how much that is', () => {
    const influences = influencesOf(Array<number>(49).fill(0.9))
    expect(scatterOf(influences).error).toBeGreaterThan(0)
    expect(scatterOf(influences, 49, 1e-12 / 49)).toEqual({ error: 0, acceleration: 0, degreesOfFreedom: 48 })
    expect(scatterOf([2e-14, -2e-14], 2, 1e-14).error).toBeGreaterThan(0)
  })
})

const skewed = fc.array(fc.integer({ min: -20, max: 100 }), { minLength: 12, maxLength: 60 })

describe('the interval ABC', () => {
  it('is nearly exact for a count of rare events, where the normal interval is not', () => {
    // Exact Poisson bounds for 5 and 20 events: 1.62 to 11.67, 12.22 to 30.89.
    for (const [events, low, high] of [
      [5, 1.62, 11.67],
      [20, 12.22, 30.89],
    ] as const) {
      const rows = 1e4
      const { error, acceleration } = scatterOf(influencesOf(Array.from({ length: rows }, (_, row) => +(row < events))))
      const interval = abcInterval(events / rows, { error, acceleration, degreesOfFreedom: Infinity }, 0.95)
      expect(Math.abs(interval.low * rows - low)).toBeLessThan(0.3)
      expect(Math.abs(interval.high * rows - high)).toBeLessThan(0.5)
    }
  })

  it('encloses the estimate, grows with confidence, and turns around with its sign', () => {
    fc.assert(
      fc.property(skewed, fc.double({ min: 0.5, max: 0.99, noNaN: true }), (values, confidence) => {
        const influences = influencesOf(values)
        const { low, high } = abcInterval(3, scatterOf(influences), confidence)
        expect(low).toBeLessThanOrEqual(3)
        expect(high).toBeGreaterThanOrEqual(3)
        const wider = abcInterval(3, scatterOf(influences), confidence + 0.009)
        expect(wider.low).toBeLessThanOrEqual(low)
        expect(wider.high).toBeGreaterThanOrEqual(high)
        const turned = abcInterval(-3, scatterOf(influences.map((x) => -x)), confidence)
        expect(turned.low).toBeCloseTo(-high, 9)
        expect(turned.high).toBeCloseTo(-low, 9)
      }),
    )
  })

  it('has one tail at its upper end, and certainty where nothing scatters', () => {
    fc.assert(
      fc.property(skewed, (values) => {
        const scatter = scatterOf(influencesOf(values))
        const { high } = abcInterval(3, scatter, 0.95)
        fc.pre(scatter.error > 0 && Number.isFinite(high))
        expect(abcTail(3, scatter, high)).toBeCloseTo(0.025, 9)
        expect(abcTail(3, scatter, -1e9)).toBeGreaterThan(0.99)
      }),
    )
    const nothing = scatterOf([0, 0, 0])
    expect([abcTail(1, nothing, 2), abcTail(1, nothing, 1)]).toEqual([0, 1])
    expect(abcInterval(1, nothing, 0.95)).toEqual({ low: 1, high: 1 })
  })

  it('has no end where the units are too few and too skewed for one', () => {
    const one = scatterOf(influencesOf([1, ...Array<number>(50).fill(0)]))
    expect(abcInterval(1 / 51, one, 0.99).high).toBe(Infinity)
    expect(abcInterval(1 / 51, one, 0.99).low).toBeGreaterThan(-1)
  })

  it('is what BCa comes to with many resamples', () => {
    const values = Array.from({ length: 60 }, (_, row) => (row * 37) ** 2 % 101)
    const mean = values.reduce((sum, value) => sum + value, 0) / 60
    const replicates = new Float64Array(40_000)
    resample({ rows: 60, replicates: 40_000, random: randomSource(3) }, (counts, replicate) => {
      replicates[replicate] = values.reduce((sum, value, row) => sum + value * counts[row]!, 0) / 60
    })
    const { acceleration, error } = scatterOf(influencesOf(values))
    const normal = { acceleration, degreesOfFreedom: Infinity }
    const drawn = bcaInterval(replicates, mean, normal, 0.95)
    const closed = abcInterval(mean, { ...normal, error: error * Math.sqrt(59 / 60) }, 0.95)
    expect(Math.abs(drawn.low - closed.low)).toBeLessThan(error / 25)
    expect(Math.abs(drawn.high - closed.high)).toBeLessThan(error / 25)
  })
})
