import { metricFacts, type PredictionMetric } from '@modelyard/spec'
import { choose } from '../sample/sample.ts'
import { area } from './area.ts'
import { averagePrecision, rankingOf } from './average-precision.ts'
import { CLASSES } from './classes.ts'
import { type Builder, type Builders, type Measure, resampled } from './kinds.ts'
import { bothClasses, noRate, ofClass } from './reasons.ts'
import { ratio } from './statistics.ts'

/** Two classes, of which one is positive. */
export const BINARY: Builders = {
  ...CLASSES,
  roc_auc: (truth, predictions) => bothClasses(truth) ?? area(truth.labels, predictions),
  average_precision: (truth, predictions) =>
    bothClasses(truth) ?? resampled(predictions.length, averagePrecision(rankingOf(truth.labels, predictions))),
  precision(truth, predictions, whose) {
    const chosen = Float64Array.from(choose(truth, predictions))
    if (!chosen.includes(1)) return noRate('precision', ofClass('positive'), whose)
    return share(both(truth.labels, chosen), chosen, false)
  },
  recall(truth, predictions, whose) {
    if (!truth.labels.includes(1)) return noRate('recall', ofClass('positive'), whose)
    return share(both(truth.labels, choose(truth, predictions)), truth.labels, true)
  },
  jaccard(truth, predictions, whose) {
    const chosen = choose(truth, predictions)
    const either = truth.labels.map((label, row) => Math.max(label, chosen[row]!))
    if (!either.includes(1)) return noRate('jaccard', ofClass('positive'), whose)
    return share(both(truth.labels, chosen), either, false)
  },
  f1: fScore('f1', 1),
  'f0.5': fScore('f0.5', 0.5),
  f2: fScore('f2', 2),
}

/** The weighted harmonic mean of precision and recall, in which recall counts β times as much. */
function fScore(name: PredictionMetric, beta: number): Builder {
  return ({ labels, ...rest }, predictions, whose) => {
    const chosen = choose({ labels, ...rest }, predictions)
    if (!labels.includes(1) && !chosen.includes(1)) {
      const { label } = metricFacts(name)
      return { reason: `No label is positive and ${whose.toLowerCase()} predicts none, so there is no ${label}.` }
    }
    const above = labels.map((label, row) => (1 + beta ** 2) * label * chosen[row]!)
    const below = labels.map((label, row) => beta ** 2 * label + chosen[row]!)
    return resampled(labels.length, ratio(above, below))
  }
}

function both(labels: Float64Array, chosen: ArrayLike<number>): Float64Array {
  return labels.map((label, row) => label * chosen[row]!)
}

function share(hits: Float64Array, trials: Float64Array, byLabel: boolean): Measure {
  return { ...resampled(hits.length, ratio(hits, trials)), share: { hits, trials, byLabel } }
}
