import { isPrediction, metricsFor, type PredictionMetric } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../src/comparison/compare.ts'
import type { Sample } from '../src/sample/sample.ts'
import { binary, grouped, options, regression, uniform } from './samples.ts'

const one = (sample: Sample, name: PredictionMetric) => compareMetrics(sample, [name], options)[0]!
const UNTOLD = 'It is the same in every resample, so the hold-out cannot tell how sure it is.'
const untold = { low: null, high: null, reason: UNTOLD }
const range = (length: number, of: (row: number) => number) => Float64Array.from({ length }, (_, row) => of(row))

/** Classes of 10 rows each, every row given most of its own, more by the candidate. */
function perfect(classes: number): Sample {
  const labels = range(10 * classes, (row) => row % classes)
  const sure = (p: number) =>
    range(10 * classes ** 2, (at) => (at % classes === labels[Math.floor(at / classes)] ? p : (1 - p) / (classes - 1)))
  return {
    ...binary(labels, sure(0.9), sure(0.8)),
    task: 'multiclass-classification',
    classes: Array.from({ length: classes }, (_, class_) => `c${class_}`),
  }
}

/** Of two labels, one is told perfectly and one not at all. */
const half: Sample = {
  ...binary(
    range(80, (at) => (at >> 1) % 2),
    range(80, (at) => (at % 2 === 0 ? 0.1 + 0.8 * ((at >> 1) % 2) : 0.5)),
    range(80, (at) => (at % 2 === 0 ? 0.2 + 0.6 * ((at >> 1) % 2) : 0.4)),
  ),
  task: 'multilabel-classification',
  classes: ['told', 'untold'],
}

describe('perfect order on few rows is not certainty where areas are averaged', () => {
  it.each(['roc_auc_ovo', 'roc_auc_ovo_weighted', 'roc_auc_ovr', 'roc_auc_ovr_weighted'] as const)('%s', (name) => {
    for (const classes of [3, 5, 6, 7]) {
      const { candidate, difference } = one(perfect(classes), name)
      expect(candidate).toMatchObject({ value: 1, high: 1 })
      // Of 10 pairs that are all in order, (α/2)^(1/10).
      expect(candidate.low).toBeCloseTo(0.025 ** 0.1, 9)
      expect(difference!.value).toBe(0)
      expect(difference!.low).toBeLessThan(-0.2)
    }
  })

  it.each(['roc_auc_macro', 'roc_auc_weighted'] as const)('%s of a perfect area and one of equal scores', (name) => {
    const { candidate, difference, worseBeyond } = one(half, name)
    expect(candidate).toEqual({ value: 0.75, ...untold })
    expect(difference).toMatchObject({ value: 0, ...untold })
    expect(worseBeyond).toBeNull()
    expect(one(grouped(half, 20), name).candidate).toEqual({ value: 0.75, ...untold })
  })

  it('but models that say the same of every row differ by nothing', () => {
    const sample = perfect(3)
    const { difference } = one({ ...sample, champion: sample.candidate }, 'roc_auc_ovo')
    expect(difference).toMatchObject({ value: 0, low: 0, high: 0 })
  })

  it('nor are scores that are all equal', () => {
    const labels = range(60, (row) => row % 2)
    expect(
      one(
        binary(
          labels,
          range(60, () => 0.4),
        ),
        'roc_auc',
      ).candidate,
    ).toEqual({ value: 0.5, ...untold })
  })
})

describe('rows that all say the same leave it open how sure that is, whatever rounding makes of them', () => {
  const labels = range(60, (row) => 1e6 + row / 7)
  const ratio = regression(
    labels,
    labels.map((label) => 1.1 * label),
  )
  const shifted = regression(
    labels,
    labels.map((label) => label + 0.1),
  )
  const ones = range(30, () => 1)
  const sure = binary(
    ones,
    range(30, () => 0.9),
  )
  it.each([
    ['brier_score', sure],
    ['log_loss', sure],
    [
      'brier_score',
      binary(
        range(49, (row) => row % 2),
        range(49, (row) => (row % 2 ? 0.9 : 0.1)),
      ),
    ],
    [
      'mae',
      regression(
        range(30, (row) => row),
        range(30, (row) => row + 0.1),
      ),
    ],
    ['mae', shifted],
    ['mse', shifted],
    ['rmse', shifted],
    ['median_absolute_error', shifted],
    ['pinball_0.9', shifted],
    ['explained_variance', shifted],
    ['mape', ratio],
    ['smape', { ...ratio, task: 'forecasting' }],
    ['wape', { ...ratio, task: 'forecasting' }],
    [
      'rmsle',
      regression(
        range(30, (row) => row),
        range(30, (row) => 1.1 * row + 0.1),
      ),
    ],
  ] satisfies Array<[PredictionMetric, Sample]>)('%s', (name, sample) => {
    for (const each of [sample, grouped(sample, 15)]) {
      expect(one(each, name).candidate).toMatchObject(untold)
    }
  })

  it('and so do two models that differ by the same on every row', () => {
    const next = uniform(4)
    const off = labels.map((label) => label + 1 + next())
    const sample = regression(
      labels,
      off.map((value) => value + 0.1),
      off,
    )
    for (const each of [sample, grouped(sample, 15)]) {
      const { difference, worseBeyond } = one(each, 'mae')
      expect(difference).toMatchObject(untold)
      expect(worseBeyond).toBeNull()
    }
    expect(
      one(
        {
          ...sample,
          task: 'forecasting',
          labels: labels.map(() => 1e6),
          candidate: labels.map((_, row) => 1e6 + 0.3 + row),
          champion: labels.map((_, row) => 1e6 + 0.1 + row),
        },
        'wape',
      ).difference,
    ).toMatchObject(untold)
  })
})

describe('models that differ by rounding alone differ by nothing', () => {
  const next = uniform(2)
  const probabilities = range(200, next)
  const labels = probabilities.map((p) => +(next() < p))
  const sample = binary(
    labels,
    probabilities.map((p) => (p * 3) / 3 + 2e-17),
    probabilities,
  )
  it.each(['brier_score', 'log_loss', 'd2_brier_score', 'f1'] as const)('%s', (name) => {
    for (const each of [sample, grouped(sample, 20)]) {
      expect(one(each, name).difference).toMatchObject({ value: 0, low: 0, high: 0 })
      expect(one(each, name).worseBeyond!(0.01)).toBe(1)
    }
  })
})

it('small differences of great numbers are none of rounding', () => {
  const next = uniform(5)
  const labels = range(2000, (row) => 1.6e9 + row)
  const guess = () => labels.map((label) => label + next() - 0.5)
  for (const name of ['mae', 'mse', 'r2', 'median_absolute_error', 'mape'] as const) {
    const { candidate, difference } = one(regression(labels, guess(), guess()), name)
    expect(candidate.low).not.toBeNull()
    expect(difference!.low).toBeLessThan(difference!.high!)
  }
})

it('no number that a record cannot hold comes out of values that are far too great', () => {
  for (const huge of [1e100, 1e160, 1e200, 1e308, Number.MAX_VALUE]) {
    const labels = range(50, (row) => 1 + row)
    const champion = labels.map((label, row) => label + 0.1 * (row % 5))
    const candidate = champion.with(7, huge)
    const sample: Sample = { ...regression(labels, candidate, champion), task: 'forecasting' }
    const metrics = metricsFor('forecasting').filter((name) => isPrediction(name) && name !== 'mase')
    for (const each of [
      sample,
      { ...sample, candidate: champion, champion: candidate },
      { ...sample, labels: candidate },
    ]) {
      for (const { worseBeyond, ...found } of compareMetrics(each, metrics, options)) {
        expect(worseBeyond?.(0.1)).not.toBeNaN()
        // What is no finite number JSON writes as null.
        expect(JSON.parse(JSON.stringify(found))).toEqual(found)
        for (const estimate of [found.candidate, found.champion!]) {
          if (estimate.value === null)
            expect(estimate.reason).toMatch(/of values as great as .* is beyond the numbers that/)
        }
      }
    }
  }
})

it('nor out of scores of the repository’s own', () => {
  const scores = { candidate: range(50, (row) => (row === 7 ? 1e200 : row)), champion: range(50, (row) => row) }
  const found = compareMetrics(
    { ...regression(scores.champion, scores.champion, scores.champion), scores: new Map([['cost_loss', scores]]) },
    ['cost_loss'],
    options,
  )[0]!
  expect(found.candidate).toMatchObject({ value: null, reason: expect.stringMatching(/of values as great as 1e\+200/) })
  expect(found.difference!.value).toBeNull()
})
