import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calibrate } from '../src/diagnostics/calibration.ts'
import { drawRoc } from '../src/diagnostics/roc.ts'
import { binary, golden, grouped, regression, simulated, uniform } from './samples.ts'

const { y, score_a, score_b } = golden.data

/** The area under a drawn curve. */
function area(curve: NonNullable<ReturnType<typeof drawRoc>>['candidate']): number {
  return curve.slice(1).reduce((sum, { false_positive_rate: x, true_positive_rate: height }, place) => {
    const before = curve[place]!
    return sum + ((x - before.false_positive_rate) * (height + before.true_positive_rate)) / 2
  }, 0)
}

describe('calibration', () => {
  it('has the golden values for both models', () => {
    const { candidate, champion } = calibrate(binary(y, score_b, score_a), 0.95)!
    expect(champion!.equal_width.error).toBeCloseTo(golden.calibration.ece_equal_width_10_A, 12)
    expect(champion!.equal_mass.error).toBeCloseTo(golden.calibration.ece_equal_mass_10_A, 12)
    expect(champion!.spiegelhalter!.z).toBeCloseTo(golden.calibration.spiegelhalter_z_A, 12)
    expect(champion!.spiegelhalter!.p_value).toBeCloseTo(golden.calibration.spiegelhalter_p_A, 12)
    expect(candidate.equal_width.error).not.toBeCloseTo(champion!.equal_width.error, 3)
  })

  it('draws the curve in bins of equal mass, each with an interval around what was observed, in groups as well', () => {
    const sample = simulated(1000, 3)
    for (const each of [sample, grouped(sample, 50)]) {
      const { curve } = calibrate(each, 0.95)!.candidate
      expect(curve.map(({ rows }) => rows)).toEqual(new Array(10).fill(100))
      const predicted = curve.map((bin) => bin.predicted)
      expect(predicted).toEqual(predicted.toSorted((one, other) => one - other))
      for (const { observed } of curve.slice(1, -1)) {
        expect(observed.low!).toBeLessThan(observed.value!)
        expect(observed.high!).toBeGreaterThan(observed.value!)
      }
    }
  })

  it('shows how far a model of true probabilities is off by chance alone', () => {
    const next = uniform(5)
    const probabilities = Float64Array.from({ length: 2000 }, next)
    const { candidate } = calibrate(
      binary(
        probabilities.map((p) => +(next() < p)),
        probabilities,
      ),
      0.95,
    )!
    for (const { error, expected } of [candidate.equal_width, candidate.equal_mass]) {
      expect(error / expected).toBeGreaterThan(0.4)
      expect(error / expected).toBeLessThan(2)
    }
    const off = calibrate(
      binary(
        probabilities.map((p) => +(next() < 0.2 + 0.6 * p)),
        probabilities,
      ),
      0.95,
    )!
    expect(off.candidate.equal_mass.error / off.candidate.equal_mass.expected).toBeGreaterThan(3)
    expect(off.candidate.spiegelhalter!.p_value).toBeLessThan(1e-6)
  })

  it('allows for rows that share their luck', () => {
    const next = uniform(6)
    const luck = Float64Array.from({ length: 50 }, next)
    const probabilities = Float64Array.from({ length: 2000 }, () => 0.2 + 0.2 * next())
    const alone = binary(
      probabilities.map((p, row) => +(luck[row % 50]! < p)),
      probabilities,
    )
    const [byRows, byGroups] = [alone, grouped(alone, 50)].map((sample) => calibrate(sample, 0.95)!.candidate)
    expect(byGroups!.equal_mass.error).toBe(byRows!.equal_mass.error)
    expect(byGroups!.equal_mass.expected).toBeGreaterThan(1.5 * byRows!.equal_mass.expected)
    expect(byGroups!.equal_width.expected).toBeGreaterThan(1.5 * byRows!.equal_width.expected)
    expect(Math.abs(byGroups!.spiegelhalter!.z)).toBeLessThan(Math.abs(byRows!.spiegelhalter!.z) / 1.5)
  })

  it('says nothing without a probability for every row, and of no other task', () => {
    expect(calibrate(binary([0, 1, 1], [0.2, Number.NaN, 0.7]), 0.95)).toBeUndefined()
    expect(calibrate(binary([0, 1, 1], [0.2, 3, 0.7]), 0.95)).toBeUndefined()
    expect(calibrate(binary([0, 1, Number.NaN], [0.2, 0.3, 0.7]), 0.95)).toBeUndefined()
    expect(calibrate(regression([0, 1], [0.2, 0.3]), 0.95)).toBeUndefined()
    expect(calibrate(binary([0, 1, 1], [0.2, 0.3, 0.7], [0.1, Number.NaN, 1]), 0.95)!.champion).toBeNull()
  })

  it('takes probabilities that rounding carried past 0 and 1 for 0 and 1', () => {
    const { candidate } = calibrate(binary([0, 1], [-1e-9, 1 + 1e-9]), 0.95)!
    expect(candidate.equal_width).toEqual({ bins: 10, error: 0, expected: 0 })
    expect(candidate.spiegelhalter).toBeNull()
  })
})

describe('the ROC curve', () => {
  it('is drawn exactly where its points are few', () => {
    const { candidate, champion } = drawRoc(binary(y, score_a, score_b))!
    expect(area(candidate)).toBeCloseTo(golden.binary_A.roc_auc, 12)
    expect(area(champion!)).toBeCloseTo(golden.binary_B.roc_auc, 12)
  })

  it('goes from 0, 0 to 1, 1, upwards, with at most 41 points', () => {
    const rows = fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 2 })
    fc.assert(
      fc.property(rows, (pairs) => {
        const labels = pairs.map(([label]) => +label)
        const curve = drawRoc(
          binary(
            labels,
            pairs.map(([, score]) => score),
          ),
        )?.candidate
        expect(curve === undefined).toBe(new Set(labels).size === 1)
        if (!curve) return
        expect(curve.length).toBeLessThanOrEqual(41)
        expect([curve[0], curve.at(-1)]).toEqual([
          { false_positive_rate: 0, true_positive_rate: 0 },
          { false_positive_rate: 1, true_positive_rate: 1 },
        ])
        for (const [place, { false_positive_rate: x, true_positive_rate: height }] of curve.slice(1).entries()) {
          expect(x).toBeGreaterThanOrEqual(curve[place]!.false_positive_rate)
          expect(height).toBeGreaterThanOrEqual(curve[place]!.true_positive_rate)
        }
      }),
    )
  })

  it('errs little where it leaves points out', () => {
    const sample = simulated(20_000, 4)
    const next = uniform(9)
    const sharp = binary(
      sample.labels,
      sample.labels.map((label) => (next() < 0.9 ? label + next() : next())),
    )
    for (const each of [sample, sharp]) {
      const { candidate } = drawRoc(each)!
      expect(candidate).toHaveLength(41)
      const exact = area(rocOf(each.labels, each.candidate))
      expect(Math.abs(area(candidate) - exact)).toBeLessThan(0.001)
    }
  })

  it('says nothing of one class, of rows without a score, and of no other task', () => {
    expect(drawRoc(binary([1, 1], [0.2, 0.3]))).toBeUndefined()
    expect(drawRoc(binary([0, 1], [0.2, Number.NaN]))).toBeUndefined()
    expect(drawRoc(regression([0, 1], [0.2, 0.3]))).toBeUndefined()
    expect(drawRoc(binary([0, 1], [0.2, 0.3], [Number.NaN, 1]))!.champion).toBeNull()
  })
})

/** All points of the curve, by definition. */
function rocOf(labels: Float64Array, scores: Float64Array) {
  const rows = Array.from(scores, (score, row) => ({ score, label: labels[row]! })).sort((a, b) => b.score - a.score)
  const positives = rows.filter(({ label }) => label === 1).length
  let above = 0
  const points = rows.map(({ label }, place) => {
    above += label
    return {
      false_positive_rate: (place + 1 - above) / (rows.length - positives),
      true_positive_rate: above / positives,
    }
  })
  return [{ false_positive_rate: 0, true_positive_rate: 0 }, ...points]
}
