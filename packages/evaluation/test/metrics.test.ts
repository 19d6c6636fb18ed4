import type { PredictionMetric } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measure } from '../src/metrics/measure.ts'
import { type Sample, subset } from '../src/sample.ts'
import { BINARY, binary, golden, regression } from './samples.ts'

const { y, score_a, score_b } = golden.data

function found(name: PredictionMetric, sample: Sample, counts?: Int32Array) {
  const measured = measure(name, sample, sample.candidate, 'The candidate')
  if ('reason' in measured) return measured.reason
  return counts && 'statistic' in measured ? measured.statistic(counts) : measured.value
}

describe('metrics have the values of scikit-learn', () => {
  const named: Partial<Record<PredictionMetric, string>> = { brier_score: 'brier', matthews_corrcoef: 'mcc' }
  for (const [scores, expected] of [
    [score_a, golden.binary_A],
    [score_b, golden.binary_B],
  ]) {
    it.each(BINARY)('%s of two classes', (name) => {
      expect(found(name, binary(y, scores))).toBeCloseTo(expected[named[name] ?? name], 12)
    })
  }

  const { y_true, proba } = golden.multiclass
  const many: Sample = {
    ...binary(y_true, proba.flat()),
    task: 'multiclass-classification',
    classes: ['a', 'b', 'c', 'd'],
  }

  it('log_loss of many classes', () => {
    expect(found('log_loss', many)).toBeCloseTo(golden.multiclass.log_loss, 12)
  })

  it('accuracy and balanced_accuracy of many classes', () => {
    const { y_pred } = golden.multiclass
    const chosen: Sample = {
      ...many,
      candidate: Float64Array.from(y_pred.flatMap((of: number) => [0, 1, 2, 3].map((c) => +(c === of)))),
    }
    expect(found('accuracy', chosen)).toBeCloseTo(golden.multiclass.accuracy, 12)
    expect(found('balanced_accuracy', chosen)).toBeCloseTo(golden.multiclass.balanced_accuracy, 12)
  })

  it.each(['mae', 'rmse', 'r2'] as const)('%s', (name) => {
    const { y, pred } = golden.regression
    expect(found(name, regression(y, pred))).toBeCloseTo(golden.regression[name], 12)
  })

  it('log_loss keeps a rounding error away from certainty, on both sides', () => {
    expect(found('log_loss', binary([0, 1], [1, 1]))).toBeCloseTo(golden.degenerate_sklearn.log_loss_eps, 12)
    expect(found('log_loss', binary([0, 1], [1.0000001, 1]))).toBeCloseTo(golden.degenerate_sklearn.log_loss_eps, 12)
  })
})

describe('a metric that is not defined has a reason and no number', () => {
  it.each([
    [
      'roc_auc',
      binary([1, 1, 1], [0.2, 0.6, 0.7]),
      'All labels are 1; a second class is needed to tell classes apart.',
    ],
    [
      'average_precision',
      binary([0, 0], [0.2, 0.6]),
      'All labels are 0; a second class is needed to tell classes apart.',
    ],
    [
      'balanced_accuracy',
      binary([0, 0], [0.2, 0.6]),
      'All labels are 0; a second class is needed to tell classes apart.',
    ],
    ['precision', binary([0, 1], [0.2, 0.3]), 'The candidate predicts no row positive, so it has no precision.'],
    ['recall', binary([0, 0], [0.2, 0.7]), 'No label is positive, so there is no recall.'],
    ['f1', binary([0, 0], [0.2, 0.3]), 'No label is positive and the candidate predicts none, so there is no F1.'],
    [
      'matthews_corrcoef',
      binary([0, 1], [0.2, 0.3]),
      'The candidate predicts one class only, so it has no Matthews correlation.',
    ],
    ['r2', regression([0.1, 0.1, 0.1], [0.1, 0.1, 0.1]), 'All labels are the same, so there is no R².'],
    ['accuracy', binary([], []), 'There are no rows to measure on.'],
    ['accuracy', binary([0, Number.NaN], [0.2, 0.3]), '1 of 2 rows is without a label.'],
    [
      'mae',
      regression([0, 1], [Infinity, 1]),
      'The candidate gives no number for 1 of 2 rows: is a cell empty that the model needs?',
    ],
    [
      'brier_score',
      binary([0, 1], [-3, 4]),
      'The candidate gives -3 as a probability, which is not between 0 and 1: end the model with a sigmoid or softmax.',
    ],
  ] as const)('%s', (name, sample, reason) => {
    expect(found(name, sample)).toBe(reason)
  })

  it('takes any score where only the order counts', () => {
    expect(found('roc_auc', binary([0, 1], [-3, 4]))).toBe(1)
  })
})

/** The others are sums over rows and are not resampled. */
const RESAMPLED = BINARY.filter((name) => !['roc_auc', 'brier_score', 'log_loss', 'accuracy'].includes(name))

describe('counts', () => {
  const rows = fc.array(fc.record({ label: fc.nat(1), score: fc.nat(6).map((n) => n / 6), count: fc.nat(3) }), {
    minLength: 2,
    maxLength: 40,
  })

  it('weigh rows as copies of them would, ties and all', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const counts = Int32Array.from(all, ({ count }) => count)
        const copies = Uint32Array.from(all.flatMap(({ count }, row) => Array<number>(count).fill(row)))
        for (const make of [binary, regression]) {
          const sample = make(
            all.map(({ label }) => label),
            all.map(({ score }) => score),
          )
          for (const name of make === binary ? RESAMPLED : (['rmse', 'r2'] as const)) {
            const weighted = found(name, sample, counts)
            const copied = found(name, subset(sample, copies))
            if (typeof weighted === 'string') continue
            if (typeof copied === 'string') expect(weighted).toBeNaN()
            else expect(weighted).toBeCloseTo(copied, 10)
          }
        }
      }),
    )
  })
})
