import { isPrediction, metricsFor, type PredictionMetric, type Task } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../src/comparison/compare.ts'
import { measure } from '../src/metrics/measure.ts'
import { type Sample, subset } from '../src/sample/sample.ts'
import { BINARY, binary, golden, regression, uniform } from './samples.ts'

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

  it('r2 of labels that are far from 0', () => {
    const next = uniform(8)
    const shift = 2 ** 30
    // Multiples of 2^-20, of which the great ones lose nothing.
    const labels = Float64Array.from({ length: 100_000 }, () => Math.round(next() * 2 ** 20) / 2 ** 20)
    const predictions = labels.map((label) => label + Math.round((next() - 0.5) * 2 ** 18) / 2 ** 20)
    const near = found('r2', regression(labels, predictions)) as number
    const far = regression(
      labels.map((label) => label + shift),
      predictions.map((value) => value + shift),
    )
    expect(found('r2', far)).toBeCloseTo(near, 13)
    expect(found('explained_variance', far)).toBeCloseTo(
      found('explained_variance', regression(labels, predictions)) as number,
      13,
    )
  })

  it('the AUCs of many classes, each against each other, in a moment', () => {
    const [rows, classes] = [15_000, 150]
    const next = uniform(9)
    const labels = Array.from({ length: rows }, (_, row) => row % classes)
    const sample: Sample = {
      ...binary(labels, []),
      candidate: Float64Array.from({ length: rows * classes }, next),
      task: 'multiclass-classification',
      classes: Array.from({ length: classes }, (_, class_) => `c${class_}`),
    }
    // Chance alone.
    expect(found('roc_auc_ovo_weighted', sample)).toBeCloseTo(0.5, 2)
  })

  it('log_loss keeps a rounding error away from certainty, on both sides', () => {
    expect(found('log_loss', binary([0, 1], [1, 1]))).toBeCloseTo(golden.degenerate_sklearn.log_loss_eps, 12)
    expect(found('log_loss', binary([0, 1], [1.0000001, 1]))).toBeCloseTo(golden.degenerate_sklearn.log_loss_eps, 12)
  })
})

/** Rows that are surely given a class. */
function multiclass(labels: number[], chosen: number[]): Sample {
  const probabilities = chosen.flatMap((class_) => [0, 1, 2].map((one) => +(one === class_)))
  return { ...binary(labels, probabilities), task: 'multiclass-classification', classes: ['a', 'b', 'c'] }
}

function multilabel(labels: number[][], probabilities: number[][]): Sample {
  return {
    ...binary(labels.flat(), probabilities.flat()),
    task: 'multilabel-classification',
    classes: ['a', 'b'],
  }
}

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
    ['mae', regression([0, 1], [Infinity, 1]), 'The candidate gives no number for 1 of 2 rows.'],
    [
      'brier_score',
      binary([0, 1], [-3, 4]),
      'The candidate gives -3 as a probability, which is not between 0 and 1: end the model with a sigmoid or softmax.',
    ],
    [
      'jaccard',
      binary([0, 0], [0.2, 0.3]),
      'No label is positive and the candidate predicts none, so there is no Jaccard index.',
    ],
    ['f2', binary([0, 0], [0.2, 0.3]), 'No label is positive and the candidate predicts none, so there is no F2.'],
    [
      'cohen_kappa',
      binary([0, 0], [0.2, 0.3]),
      'All labels are 0 and the candidate predicts nothing else, so there is no kappa.',
    ],
    ['d2_log_loss', binary([1, 1], [0.2, 0.3]), 'All labels are 1; a second class is needed to tell classes apart.'],
    ['d2_brier_score', binary([1, 1], [0.2, 0.3]), 'All labels are 1; a second class is needed to tell classes apart.'],
    ['precision_macro', multiclass([0, 1, 2], [0, 1, 1]), 'The candidate predicts no row c, so it has no precision.'],
    [
      'precision_weighted',
      multiclass([0, 1, 2], [0, 1, 1]),
      'The candidate predicts no row c, so it has no precision.',
    ],
    ['recall_macro', multiclass([0, 1, 1], [0, 1, 2]), 'No label is c, so there is no recall.'],
    ['roc_auc_ovr', multiclass([0, 1, 1], [0, 1, 2]), 'No label is c, so there is no AUC of that class.'],
    [
      'roc_auc_ovo',
      multiclass([1, 1, 1], [0, 1, 2]),
      'All labels are b; a second class is needed to tell classes apart.',
    ],
    ['top_3_accuracy', multiclass([0, 1, 2], [0, 1, 2]), 'There are 3 classes, so every class is among the first 3.'],
    [
      'precision_macro',
      multilabel(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [1, 0],
        ],
      ),
      'The candidate gives no row the label b, so it has no precision.',
    ],
    [
      'recall_macro',
      multilabel(
        [
          [1, 0],
          [1, 0],
        ],
        [
          [1, 0],
          [1, 1],
        ],
      ),
      'No row has the label b, so there is no recall.',
    ],
    [
      'f1_macro',
      multilabel(
        [
          [1, 0],
          [1, 0],
        ],
        [
          [1, 0],
          [1, 0],
        ],
      ),
      'No row has the label b and the candidate predicts none, so there is no F1.',
    ],
    [
      'precision_micro',
      multilabel(
        [
          [1, 0],
          [0, 1],
        ],
        [
          [0, 0],
          [0, 0],
        ],
      ),
      'The candidate gives no row a label, so it has no precision.',
    ],
    [
      'recall_weighted',
      multilabel(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'No row has a label, so there is no weighted recall.',
    ],
    [
      'precision_weighted',
      multilabel(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'No row has a label, so there is no weighted precision.',
    ],
    [
      'f1_weighted',
      multilabel(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'No row has a label, so there is no weighted F1.',
    ],
    [
      'jaccard_weighted',
      multilabel(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'No row has a label, so there is no weighted Jaccard index.',
    ],
    [
      'recall_samples',
      multilabel(
        [
          [1, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      '1 of 2 rows have no label, so there is no mean of rows. The micro average needs none.',
    ],
    [
      'roc_auc_macro',
      multilabel(
        [
          [1, 1],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'Every row has the label b; rows with and without are needed.',
    ],
    [
      'average_precision_macro',
      multilabel(
        [
          [1, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'No row has the label b; rows with and without are needed.',
    ],
    [
      'average_precision_micro',
      multilabel(
        [
          [0, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      'Every row has no label; some of each are needed.',
    ],
    [
      'hamming_loss',
      multilabel(
        [
          [Number.NaN, 0],
          [0, 0],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ),
      '1 of 2 rows is without a label.',
    ],
    ['mape', regression([0, 1, 2], [1, 1, 1]), 'The labels must be other than 0, and 1 of 3 is not.'],
    ['msle', regression([-1, 1, 2], [1, 1, 1]), 'The labels must be greater than −1, and 1 of 3 is not.'],
    [
      'rmsle',
      regression([0, 1, 2], [-2, -1, 1]),
      'The values of the candidate must be greater than −1, and 2 of 3 are not.',
    ],
    [
      'mean_poisson_deviance',
      regression([0, 1, 2], [0, 1, 1]),
      'The values of the candidate must be greater than 0, and 1 of 3 is not.',
    ],
    ['mean_gamma_deviance', regression([0, 1, 2], [1, 1, 1]), 'The labels must be greater than 0, and 1 of 3 is not.'],
    ['explained_variance', regression([1, 1], [1, 2]), 'All labels are the same, so there is no explained variance.'],
    [
      'd2_absolute_error',
      regression([1, 1], [1, 2]),
      'All labels are the same, so there is no share of the absolute error to explain.',
    ],
  ] as const)('%s', (name, sample, reason) => {
    expect(found(name, sample)).toBe(reason)
  })

  it('of the largest error is its interval: rows that were seen do not bound it', () => {
    const rows = Array.from({ length: 100 }, (_, row) => row)
    const sample = regression(
      rows,
      rows.map((row) => row + 1),
      rows.map((row) => row + 2),
    )
    const reason = 'Rows that were seen do not bound the error on those that were not.'
    expect(compareMetrics(sample, ['max_error'], { confidence: 0.95, seed: 1 })[0]).toMatchObject({
      candidate: { value: 1, low: null, high: null, reason },
      difference: { value: -1, low: null, high: null, reason },
      worseBeyond: null,
    })
  })

  it('takes any score where only the order counts', () => {
    expect(found('roc_auc', binary([0, 1], [-3, 4]))).toBe(1)
  })
})

/** Rows of which each counts some times, 0 among them: with ties, and with classes that are rare or absent. */
function rows(task: Task) {
  const share = fc.nat(6).map((n) => n / 6)
  const width = task === 'multiclass-classification' || task === 'multilabel-classification' ? 3 : 1
  const labels = task === 'multilabel-classification' ? width : 1
  const row = fc.record({
    labels: fc.array(fc.nat(task === 'multiclass-classification' ? 2 : 1), { minLength: labels, maxLength: labels }),
    scores: fc.array(share, { minLength: width, maxLength: width }),
    count: fc.nat(3),
  })
  return fc.array(row, { minLength: 2, maxLength: 40 }).map((all): { sample: Sample; counts: number[] } => ({
    sample: {
      ...binary(
        all.flatMap((one) => one.labels),
        all.flatMap((one) => one.scores),
      ),
      task,
      classes: width === 3 ? ['a', 'b', 'c'] : ['0', '1'],
    },
    counts: all.map(({ count }) => count),
  }))
}

const TASKS = ['binary-classification', 'multiclass-classification', 'multilabel-classification', 'regression'] as const

describe.each(TASKS)('%s', (task) => {
  const names = metricsFor(task).filter(isPrediction)

  it('weighs rows as copies of them would, ties and all', () => {
    fc.assert(
      fc.property(rows(task), ({ sample, counts }) => {
        const copies = Uint32Array.from(counts.flatMap((count, row) => Array<number>(count).fill(row)))
        for (const name of names) {
          const weighted = found(name, sample, Int32Array.from(counts))
          const measured = measure(name, sample, sample.candidate, 'The candidate')
          if (typeof weighted === 'string' || !('statistic' in measured)) continue
          const copied = found(name, subset(sample, copies))
          if (typeof copied === 'string') expect(weighted).toBeNaN()
          else expect(weighted).toBeCloseTo(copied, 10)
        }
      }),
    )
  })

  it('gives each row the influence that its absence shows', () => {
    const next = uniform(3)
    const size = 400
    const width = task.startsWith('multi') ? 3 : 1
    const labels = Array.from({ length: task === 'multilabel-classification' ? 3 * size : size }, () =>
      Math.floor(next() * (task === 'multiclass-classification' ? 3 : 2)),
    )
    const sample: Sample = {
      ...binary(
        labels.map((label) => (task === 'regression' ? label + 1 + next() : label)),
        Array.from({ length: width * size }, next),
      ),
      task,
      classes: width === 3 ? ['a', 'b', 'c'] : ['0', '1'],
    }
    const without = Uint32Array.from({ length: size - 1 }, (_, row) => row + 1)
    for (const name of names) {
      const measured = measure(name, sample, sample.candidate, 'The candidate')
      if (!('influences' in measured)) continue
      expect(measured.influences.reduce((sum, influence) => sum + influence, 0)).toBeCloseTo(0, 9)
      const other = found(name, subset(sample, without)) as number
      expect(measured.value - other).toBeCloseTo(measured.influences[0]! * (size / (size - 1)), 4)
    }
  })
})
