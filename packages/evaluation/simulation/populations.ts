import type { PredictionMetric } from '@modelyard/spec'
import { predictionMetricsFor, type Sample } from '../src/index.ts'
import type { Draws } from './random.ts'
import { RELATED_ROWS } from './related-rows.ts'

/** A population of which hold-outs are drawn to see how often an interval covers the truth. */
export interface Population {
  name: string
  /** Rows of a hold-out. */
  rows: number
  metrics: PredictionMetric[]
  draw: (rows: number, draws: Draws) => Sample
}

const BINARY = predictionMetricsFor('binary-classification')
/** Of three classes, every one is among the first three. */
const MULTICLASS = predictionMetricsFor('multiclass-classification').filter((name) => !/^top_[35]/.test(name))
const MULTILABEL = predictionMetricsFor('multilabel-classification')
const isOfRows = (name: string) => name.endsWith('_samples')
const REGRESSION = predictionMetricsFor('regression').filter((name) => name !== 'max_error')
/** They need values above 0. */
const OF_POSITIVE = ['mape', 'msle', 'rmsle', 'mean_poisson_deviance', 'mean_gamma_deviance'] as const
const OF_ANY = REGRESSION.filter((name) => !(OF_POSITIVE as readonly string[]).includes(name))

export const POPULATIONS: Population[] = [
  { name: '400 rows, 30 % positive', rows: 400, metrics: BINARY, draw: binary(0.3) },
  { name: '300 rows, 10 % positive', rows: 300, metrics: BINARY, draw: binary(0.1) },
  { name: '40 groups of 15 rows, 30 % positive', rows: 600, metrics: BINARY, draw: grouped(15) },
  { name: '20 groups of 25 rows, 30 % positive', rows: 500, metrics: BINARY, draw: grouped(25) },
  { name: '300 rows of 3 classes', rows: 300, metrics: MULTICLASS, draw: classes },
  {
    name: '300 rows of 3 labels',
    rows: 300,
    metrics: MULTILABEL.filter((name) => !isOfRows(name)),
    draw: labels(() => true),
  },
  {
    name: '300 rows of 1 to 3 labels',
    rows: 300,
    metrics: MULTILABEL.filter(isOfRows),
    draw: labels((row) => row.every((values) => values.some((value) => value > 0.5))),
  },
  { name: '100 rows, normal errors', rows: 100, metrics: OF_ANY, draw: values((d) => d.normal()) },
  {
    name: '100 rows, skewed errors',
    rows: 100,
    metrics: OF_ANY,
    draw: values((d) => -Math.log(d.uniform())),
  },
  { name: '200 rows, values above 0', rows: 200, metrics: [...OF_POSITIVE], draw: positiveValues },
  ...RELATED_ROWS,
]

/** Probabilities of a model that was trained on as many positives as negatives. */
const probability = (distance: number, score: number) => 1 / (1 + Math.exp(distance ** 2 / 2 - distance * score))
const DISTANCE = { candidate: 1.7, champion: 1.5 }

/** Normal scores, of which the models share a half. */
function binary(positives: number) {
  return (rows: number, draws: Draws): Sample => fill(rows, draws, null, () => ({ positives, shift: 0 }))
}

/** The same in groups, in which positives and scores are alike. */
function grouped(size: number) {
  return (rows: number, draws: Draws): Sample => {
    const groups = { of: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size)), count: rows / size }
    const inGroup = Array.from({ length: groups.count }, () => ({
      positives: draws.beta(3, 7),
      shift: 0.4 * draws.normal(),
    }))
    return fill(rows, draws, groups, (row) => inGroup[groups.of[row]!]!)
  }
}

function fill(
  rows: number,
  draws: Draws,
  groups: Sample['groups'],
  of: (row: number) => { positives: number; shift: number },
): Sample {
  const sample = emptySample(rows, 1)
  for (let row = 0; row < rows; row++) {
    const { positives, shift } = of(row)
    const label = +(draws.uniform() < positives)
    const common = shift + Math.SQRT1_2 * draws.normal()
    sample.labels[row] = label
    for (const arm of ['candidate', 'champion'] as const) {
      const distance = DISTANCE[arm]
      sample[arm][row] = probability(distance, label * distance + common + Math.SQRT1_2 * draws.normal())
    }
  }
  return { ...sample, task: 'binary-classification', classes: ['0', '1'], groups }
}

/** A class is one, two or three of ten; the probabilities are the softmax of scores that know something of it. */
function classes(rows: number, draws: Draws): Sample {
  const sample = emptySample(rows, 3)
  for (let row = 0; row < rows; row++) {
    const u = draws.uniform()
    const label = u < 0.5 ? 0 : u < 0.8 ? 1 : 2
    sample.labels[row] = label
    const common = [0, 1, 2].map(() => draws.normal())
    for (const arm of ['candidate', 'champion'] as const) {
      const scores = common.map((one, index) => Math.exp(+(index === label) * DISTANCE[arm] + one + draws.normal() / 2))
      const all = scores[0]! + scores[1]! + scores[2]!
      sample[arm].set(
        scores.map((score) => score / all),
        3 * row,
      )
    }
  }
  return { ...sample, task: 'multiclass-classification', classes: ['a', 'b', 'c'], groups: null }
}

/** A row has each label by itself; the probabilities are those of two classes. Of all such rows, those that are `taken`. */
function labels(taken: (row: [labels: number[], candidate: number[], champion: number[]]) => boolean) {
  return (rows: number, draws: Draws): Sample => {
    const sample = { ...emptySample(rows, 3), labels: new Float64Array(3 * rows) }
    for (let row = 0; row < rows; ) {
      const common = Math.SQRT1_2 * draws.normal()
      const own = [0.2, 0.4, 0.6].map((share) => +(draws.uniform() < share))
      const [candidate, champion] = [DISTANCE.candidate, DISTANCE.champion].map((distance) =>
        own.map((label) => probability(distance, label * distance + common + Math.SQRT1_2 * draws.normal())),
      ) as [number[], number[]]
      if (!taken([own, candidate, champion])) continue
      sample.labels.set(own, 3 * row)
      sample.candidate.set(candidate, 3 * row)
      sample.champion.set(champion, 3 * row)
      row++
    }
    return { ...sample, task: 'multilabel-classification', classes: ['a', 'b', 'c'], groups: null }
  }
}

/** Values whose logarithms are normal, and predictions that are so many times too large or too small. */
function positiveValues(rows: number, draws: Draws): Sample {
  const sample = emptySample(rows, 1)
  for (let row = 0; row < rows; row++) {
    const label = Math.exp(1 + draws.normal() / 2)
    const common = draws.normal() / 4
    sample.labels[row] = label
    sample.candidate[row] = label * Math.exp(common)
    sample.champion[row] = label * Math.exp(common + draws.normal() / 8)
  }
  return { ...sample, task: 'regression', classes: [], groups: null }
}

/** Normal values, and predictions with errors of which the models share a part. */
function values(error: (draws: Draws) => number) {
  return (rows: number, draws: Draws): Sample => {
    const sample = emptySample(rows, 1)
    for (let row = 0; row < rows; row++) {
      const label = 2 * draws.normal()
      const common = error(draws)
      sample.labels[row] = label
      sample.candidate[row] = label + common
      sample.champion[row] = label + common + error(draws) / 2
    }
    return { ...sample, task: 'regression', classes: [], groups: null }
  }
}

function emptySample(rows: number, width: number) {
  return {
    labels: new Float64Array(rows),
    candidate: new Float64Array(rows * width),
    champion: new Float64Array(rows * width),
  }
}
