import { choose } from '../sample/sample.ts'
import { averages } from './averages.ts'
import {
  type Apart,
  balancedAccuracy,
  cohenKappa,
  confusionOf,
  matthewsCorrelation,
  ofConfusion,
  tallyOf,
} from './confusion.ts'
import { type Builder, type Builders, meanLoss, resampled, shareOfRows, skillOf } from './kinds.ts'
import { brierLosses, constantAnswer, logLosses } from './probabilities.ts'
import { averageRate, undefinedClass } from './rates.ts'
import { bothClasses, noRate, ofClass } from './reasons.ts'

const accuracy: Builder = (truth, predictions) => {
  const chosen = choose(truth, predictions)
  return shareOfRows(truth.labels.map((label, row) => +(chosen[row] === label)))
}

/** Metrics of rows that have one class each, of two or more. */
export const CLASSES: Builders = {
  brier_score: (truth, predictions) => meanLoss(brierLosses(truth, predictions)),
  log_loss: (truth, predictions) => meanLoss(logLosses(truth, predictions)),
  d2_brier_score: (truth, predictions) =>
    bothClasses(truth) ?? skillOf(brierLosses(truth, predictions), brierLosses(truth, constantAnswer(truth)).of),
  d2_log_loss: (truth, predictions) =>
    bothClasses(truth) ?? skillOf(logLosses(truth, predictions), logLosses(truth, constantAnswer(truth)).of),
  accuracy,
  balanced_accuracy(truth, predictions) {
    const chosen = choose(truth, predictions)
    const shares = [...new Set(truth.labels)].map((class_) => ({
      hits: truth.labels.map((label, row) => +(label === class_ && chosen[row] === class_)),
      trials: truth.labels.map((label) => +(label === class_)),
      byLabel: true,
    }))
    const statistic = ofConfusion(truth, chosen, balancedAccuracy)
    return bothClasses(truth) ?? { ...resampled(truth.labels.length, statistic), shares }
  },
  matthews_corrcoef(truth, predictions, whose) {
    const chosen = choose(truth, predictions)
    if (chosen.every((one) => one === chosen[0])) {
      return { reason: `${whose} predicts one class only, so it has no Matthews correlation.` }
    }
    return bothClasses(truth) ?? resampled(truth.labels.length, ofConfusion(truth, chosen, matthewsCorrelation))
  },
  cohen_kappa: kappa((one, other) => +(one !== other)),
  ...averages((rate, how) => {
    // Every row has one class and is given one: what is missing to one class is too much for another.
    if ((how === 'micro' && rate !== 'jaccard') || (how === 'weighted' && rate === 'recall')) return accuracy
    return (truth, predictions, whose) => {
      const chosen = choose(truth, predictions)
      const nameless = undefinedClass(rate, how, 'classes', tallyOf(confusionOf(truth, chosen)))
      if (nameless >= 0) return noRate(rate, ofClass(truth.classes[nameless]!), whose)
      const average = ofConfusion(truth, chosen, (confusion) => averageRate(rate, how, 'classes', tallyOf(confusion)))
      return resampled(truth.labels.length, average)
    }
  }),
}

/** Cohen's kappa, whose weight of a wrong class is how far apart the two are. */
export function kappa(apart: Apart): Builder {
  return (truth, predictions, whose) => {
    const chosen = choose(truth, predictions)
    const [first] = truth.labels
    if (truth.labels.every((label) => label === first) && chosen.every((class_) => class_ === first)) {
      return {
        reason: `All labels are ${truth.classes[first!]} and ${whose.toLowerCase()} predicts nothing else, so there is no kappa.`,
      }
    }
    return resampled(
      truth.labels.length,
      ofConfusion(truth, chosen, (confusion) => cohenKappa(confusion, apart)),
    )
  }
}
