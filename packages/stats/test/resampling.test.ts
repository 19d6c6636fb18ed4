import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bcaInterval,
  bootstrapError,
  holm,
  percentileInterval,
  quantile,
  quantileInterval,
  type RandomSource,
  randomSource,
  resample,
  scatterOf,
} from '../src/index.ts'
import { golden } from './golden.ts'

describe('the random source', () => {
  // From the reference code of xoshiro128** 1.1 and SplitMix64 in another language.
  it.each([
    [0, [3737715805, 2584255861, 2876756834, 3286328325, 1553311962]],
    [42, [1776835114, 4165204688, 17111135, 2317295270, 2792088233]],
    [-1, [477689756, 2493998634, 555695776, 607808419, 61340979]],
  ])('gives the same numbers for ever: seed %i', (seed, expected) => {
    const random = randomSource(seed)
    expect(expected.map(() => random.below(2 ** 32))).toEqual(expected)
  })

  it('stays below n and reaches all of it', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), (seed, n) => {
        const random = randomSource(seed)
        const seen = new Set(Array.from({ length: 400 }, () => random.below(n)))
        expect([...seen].sort((a, b) => a - b)).toEqual([...Array(n).keys()])
      }),
    )
  })
})

/** The generator of the golden numbers. */
function lcg(seed: number): RandomSource {
  let state = BigInt(seed)
  return {
    below(n) {
      state = (1664525n * state + 1013904223n) % 2n ** 32n
      return Math.floor((Number(state) / 2 ** 32) * n)
    },
  }
}

const right = (scores: number[]) => scores.map((score, row) => Number(score >= 0.5 === (golden.data.y[row] === 1)))
const weightedMean = (values: number[], counts: Int32Array) =>
  values.reduce((sum, value, row) => sum + value * counts[row]!, 0) / values.length

describe('the bootstrap', () => {
  const a = right(golden.data.score_a)
  const b = right(golden.data.score_b)

  it('agrees with the golden percentile intervals, given the same draws', () => {
    const single = new Float64Array(200)
    const difference = new Float64Array(200)
    resample({ rows: 60, replicates: 200, random: lcg(2024) }, (counts, replicate) => {
      single[replicate] = weightedMean(a, counts)
      difference[replicate] = weightedMean(b, counts) - weightedMean(a, counts)
    })
    const { accuracy_A, paired_diff_B_minus_A } = golden.bootstrap
    expect(single.reduce((sum, value) => sum + value) / 200).toBeCloseTo(accuracy_A.mean, 12)
    expect(bootstrapError(single)).toBeCloseTo(accuracy_A.se_ddof1, 12)
    expect(bootstrapError(difference)).toBeCloseTo(paired_diff_B_minus_A.se, 12)
    const one = percentileInterval(single, 0.95)
    expect(one.low).toBeCloseTo(accuracy_A.percentile[0], 12)
    expect(one.high).toBeCloseTo(accuracy_A.percentile[1], 12)
    const two = percentileInterval(difference, 0.95)
    expect(two.low).toBeCloseTo(paired_diff_B_minus_A.percentile[0], 12)
    expect(two.high).toBeCloseTo(paired_diff_B_minus_A.percentile[1], 12)
  })

  it('agrees with the golden BCa interval, given the same draws', () => {
    const replicates = new Float64Array(200)
    resample({ rows: 60, replicates: 200, random: lcg(2024) }, (counts, replicate) => {
      replicates[replicate] = weightedMean(a, counts)
    })
    const { theta, bca, bca_a } = golden.bootstrap.accuracy_A
    const { acceleration } = scatterOf(a.map((value) => (value - theta) / 60))
    expect(acceleration).toBeCloseTo(bca_a, 12)
    const found = bcaInterval(replicates, theta, { acceleration, degreesOfFreedom: Infinity }, 0.95)
    expect(found.low).toBeCloseTo(bca[0], 12)
    expect(found.high).toBeCloseTo(bca[1], 12)
    const fewer = bcaInterval(replicates, theta, { acceleration, degreesOfFreedom: 9 }, 0.95)
    expect(fewer.low).toBeLessThan(found.low)
    expect(fewer.high).toBeGreaterThan(found.high)
  })

  it('has no end beyond all replicates', () => {
    const ahead = bcaInterval(Float64Array.of(1, 2, 3, 4), 9, { acceleration: 0, degreesOfFreedom: Infinity }, 0.95)
    expect(ahead).toEqual({ low: -Infinity, high: Infinity })
    const few = Float64Array.from({ length: 20 }, (_, replicate) => replicate)
    expect(bcaInterval(few, 9.5, { acceleration: 0, degreesOfFreedom: Infinity }, 0.99).low).toBe(-Infinity)
  })

  it('draws as many rows as there are, and the same for the same seed', () => {
    const draws = (seed: number) => {
      const all: number[][] = []
      resample({ rows: 30, replicates: 5, random: randomSource(seed) }, (counts) => all.push([...counts]))
      return all
    }
    for (const counts of draws(7)) expect(counts.reduce((sum, count) => sum + count)).toBe(30)
    expect(draws(7)).toEqual(draws(7))
    expect(draws(7)).not.toEqual(draws(8))
  })

  it('draws the rows of a cluster together', () => {
    const clusters = { of: Int32Array.from({ length: 30 }, (_, row) => row % 6), count: 6 }
    resample({ rows: 30, replicates: 20, random: randomSource(1), clusters }, (counts) => {
      for (let row = 6; row < 30; row++) expect(counts[row]).toBe(counts[row - 6])
      expect(counts.slice(0, 6).reduce((sum, count) => sum + count)).toBe(6)
    })
  })
})

describe('quantiles', () => {
  it("are numpy's linear ones", () => {
    expect(quantile([3, 1, 2], 0.5)).toBe(2)
    expect(quantile([1, 2, 3, 4], 0.95)).toBeCloseTo(3.85, 14)
    expect(quantile([5], 0.99)).toBe(5)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('have the golden order statistics around them, or none where the sample is too small for one', () => {
    const { n, q, lower_order_stat_1based, upper_order_stat_1based } = golden.latency_quantile_ci
    expect(quantileInterval(n, q, 0.95)).toEqual({ low: lower_order_stat_1based, high: upper_order_stat_1based })
    expect(quantileInterval(200, 0.99, 0.95).high).toBeNull()
    expect(quantileInterval(3, 0.5, 0.95)).toEqual({ low: null, high: null })
    expect(quantileInterval(400, 0.99, 0.95).high).not.toBeNull()
  })
})

describe('Holm', () => {
  it('agrees with statsmodels, in any order', () => {
    const { p, holm: expected } = golden.multiple_testing
    for (const [index, value] of holm(p).entries()) expect(value).toBeCloseTo(expected[index], 14)
    for (const [index, value] of holm(p.toReversed()).entries()) {
      expect(value).toBeCloseTo(expected.toReversed()[index], 14)
    }
  })

  it('never makes a p-value smaller, and leaves a single one alone', () => {
    expect(holm([0.03])).toEqual([0.03])
    expect(holm([])).toEqual([])
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (p) => {
        for (const [index, adjusted] of holm(p).entries()) {
          expect(adjusted).toBeGreaterThanOrEqual(p[index]!)
          expect(adjusted).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
