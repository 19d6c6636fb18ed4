import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  calibrationError,
  calibrationErrorByChance,
  equalMassBins,
  equalWidthBins,
  type Forecasts,
  randomSource,
  spiegelhalter,
} from '../src/index.ts'
import { golden } from './golden.ts'

const { y, score_a } = golden.data
const forecasts = { probabilities: Float64Array.from(score_a), labels: Float64Array.from(y) }
const random = randomSource(11)
const uniform = () => (random.below(2 ** 32) + 0.5) / 2 ** 32

/** Rows whose labels come as their probabilities say. */
function calibrated(probabilities: Float64Array): Forecasts {
  return { probabilities, labels: probabilities.map((p) => +(uniform() < p)) }
}

describe('the calibration error', () => {
  it('agrees with the golden values, in bins of equal width and of equal mass', () => {
    const expected = golden.calibration
    const wide = equalWidthBins(forecasts, 10)
    expect(calibrationError(wide)).toBeCloseTo(expected.ece_equal_width_10_A, 14)
    const greatest = Math.max(...wide.map(({ predicted, observed }) => Math.abs(predicted - observed)))
    expect(greatest).toBeCloseTo(expected.mce_equal_width_10_A, 14)
    expect(calibrationError(equalMassBins(forecasts, 10))).toBeCloseTo(expected.ece_equal_mass_10_A, 14)
  })

  it('takes an edge into the bin below it, and 0 into the first', () => {
    const probabilities = Float64Array.from({ length: 11 }, (_, tenth) => tenth / 10)
    const bins = equalWidthBins({ probabilities, labels: new Float64Array(11) }, 10)
    expect(bins.map(({ rows }) => [...rows])).toEqual([[0, 1], [2], [3], [4], [5], [6], [7], [8], [9], [10]])
  })

  it('has every row in one bin, whatever the probabilities are', () => {
    const some = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 20 }), (values, bins) => {
        const rows = { probabilities: Float64Array.from(values), labels: new Float64Array(values.length) }
        for (const found of [equalWidthBins(rows, bins), equalMassBins(rows, bins)]) {
          expect(found.flatMap((bin) => [...bin.rows]).sort((one, other) => one - other)).toEqual(
            values.map((_, i) => i),
          )
        }
      }),
    )
  })
})

describe('bins of equal mass', () => {
  it('do not depend on the order of the rows, though many have the same probability', () => {
    const leaves = fc.array(fc.tuple(fc.constantFrom(0.1, 0.3, 0.5, 0.8), fc.constantFrom(0, 1)), {
      minLength: 1,
      maxLength: 60,
    })
    const bins = (rows: ReadonlyArray<readonly [number, number]>) =>
      equalMassBins(
        {
          probabilities: Float64Array.from(rows, ([p]) => p),
          labels: Float64Array.from(rows, ([, label]) => label),
        },
        10,
      ).map(({ rows: { length }, predicted, observed }) => ({ length, predicted, observed }))
    fc.assert(
      fc.property(leaves, (rows) => {
        expect(bins(rows.toSorted(([, one], [, other]) => one - other))).toEqual(bins(rows))
        expect(bins(rows.toReversed())).toEqual(bins(rows))
      }),
    )
  })

  it('have each leaf of a tree to themselves, and cut at the end that is nearer', () => {
    const probabilities = Float64Array.from({ length: 100 }, (_, row) => (row < 12 ? row / 100 : row < 68 ? 0.5 : 0.9))
    const bins = equalMassBins({ probabilities, labels: new Float64Array(100) }, 10)
    expect(bins.map(({ rows }) => rows.length)).toEqual([10, 2, 56, 32])
  })
})

describe('what the calibration error is by chance', () => {
  /** E|Σ (y − p)| over all outcomes of a few rows. */
  function enumerated(chances: number[]): number {
    let mean = 0
    for (let outcome = 0; outcome < 2 ** chances.length; outcome++) {
      let [chance, sum] = [1, 0]
      for (const [row, p] of chances.entries()) {
        const positive = (outcome >> row) & 1
        chance *= positive ? p : 1 - p
        sum += positive - p
      }
      mean += chance * Math.abs(sum)
    }
    return mean / chances.length
  }

  it('is the mean over all outcomes', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 9 }), (chances) => {
        const rows = { probabilities: Float64Array.from(chances), labels: new Float64Array(chances.length) }
        expect(calibrationErrorByChance(rows, equalMassBins(rows, 1))).toBeCloseTo(enumerated(chances), 12)
      }),
    )
  })

  it('is the mean distance of a binomial, which de Moivre knew, for many rows as well', () => {
    for (const [n, p] of [
      [40, 0.11],
      [40, 0.5],
      [300, 0.02],
      [1000, 0.3],
      [20_000, 0.001],
    ] as const) {
      const rows = { probabilities: new Float64Array(n).fill(p), labels: new Float64Array(n) }
      const above = Math.floor(n * p) + 1
      let logarithm = above * Math.log(p) + (n - above + 1) * Math.log(1 - p) + Math.log(2 * above)
      for (let i = 0; i < above; i++) logarithm += Math.log((n - i) / (i + 1))
      const found = calibrationErrorByChance(rows, equalMassBins(rows, 1))
      expect(Math.abs(found / (Math.exp(logarithm) / n) - 1)).toBeLessThan(1e-3)
    }
  })

  it('is never less than of rows by themselves because a bin holds a single cluster', () => {
    const probabilities = Float64Array.from({ length: 300 }, (_, row) => 0.1 + Math.floor(row / 30) * 0.08 + row / 1e5)
    const rows = calibrated(probabilities)
    const clusters = { of: Int32Array.from(probabilities, (_, row) => Math.floor(row / 30)), count: 10 }
    const bins = equalMassBins(rows, 10)
    expect(calibrationErrorByChance(rows, bins, clusters)).toBe(calibrationErrorByChance(rows, bins))
  })

  it('is what rows show whose probabilities are true', () => {
    const probabilities = Float64Array.from({ length: 500 }, () => uniform() ** 2)
    const bins = (rows: Forecasts) => equalWidthBins(rows, 15)
    const trials = Array.from({ length: 1000 }, () => calibrationError(bins(calibrated(probabilities))))
    const mean = trials.reduce((sum, error) => sum + error, 0) / trials.length
    const rows = calibrated(probabilities)
    expect(Math.abs(calibrationErrorByChance(rows, bins(rows)) / mean - 1)).toBeLessThan(0.03)
  })
})

describe("Spiegelhalter's test", () => {
  it('agrees with the golden values', () => {
    const found = spiegelhalter(forecasts)!
    expect(found.z).toBeCloseTo(golden.calibration.spiegelhalter_z_A, 13)
    expect(found.p).toBeCloseTo(golden.calibration.spiegelhalter_p_A, 13)
  })

  it('refuses true probabilities as often as it says', () => {
    const trials = Array.from({ length: 2000 }, () =>
      spiegelhalter(calibrated(Float64Array.from({ length: 200 }, uniform))),
    )
    const refused = trials.filter((found) => found!.p < 0.05).length / trials.length
    expect(Math.abs(refused - 0.05)).toBeLessThan(0.015)
  })

  it('refuses them no more often where rows come in clusters that share their luck', () => {
    const clusters = { of: Int32Array.from({ length: 400 }, (_, row) => row % 40), count: 40 }
    const trials = Array.from({ length: 1000 }, () => {
      const luck = Float64Array.from({ length: 40 }, uniform)
      const probabilities = Float64Array.from({ length: 400 }, () => 0.1 + 0.3 * uniform())
      const labels = probabilities.map((p, row) => +(luck[row % 40]! < p))
      return { probabilities, labels }
    })
    const refused = (of: typeof clusters | null) =>
      trials.filter((rows) => spiegelhalter(rows, of)!.p < 0.05).length / trials.length
    expect(refused(clusters)).toBeLessThan(0.07)
    expect(refused(null)).toBeGreaterThan(0.3)

    const bins = trials.map((rows) => equalMassBins(rows, 10))
    const mean = (errors: number[]) => errors.reduce((sum, error) => sum + error, 0) / errors.length
    const byChance = mean(trials.map((rows, trial) => calibrationErrorByChance(rows, bins[trial]!, clusters)))
    expect(Math.abs(byChance / mean(bins.map(calibrationError)) - 1)).toBeLessThan(0.1)
  })

  it('says nothing of clusters that are all alike but for rounding', () => {
    const clusters = { of: Int32Array.from({ length: 147 }, (_, row) => Math.floor(row / 3)), count: 49 }
    const alike = {
      probabilities: Float64Array.from({ length: 147 }, (_, row) => [0.1, 0.2, 0.7][row % 3]!),
      labels: Float64Array.from({ length: 147 }, (_, row) => +(row % 3 === 2)),
    }
    expect(spiegelhalter(alike, clusters)).toBeNull()
  })

  it('says nothing of probabilities that are all 0, ½ or 1', () => {
    expect(spiegelhalter({ probabilities: Float64Array.of(0, 0.5, 1), labels: Float64Array.of(1, 1, 1) })).toBeNull()
  })
})
