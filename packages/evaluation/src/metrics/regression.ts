import { METRICS } from '@modelyard/spec'
import { ROUNDING, sum } from '@modelyard/stats'
import { rowsWord } from '../wording/numbers.ts'
import { type Builder, type Builders, meanLoss, resampled, skillOf } from './kinds.ts'
import { absolute, type Loss, lossesOf } from './losses.ts'
import { medianOf } from './median.ts'

const squared: Loss = (label, prediction) => (label - prediction) ** 2
const squaredLog: Loss = (label, prediction) => (Math.log1p(label) - Math.log1p(prediction)) ** 2
const share: Loss = (label, prediction) => Math.abs((label - prediction) / label)
const poisson: Loss = (label, prediction) =>
  2 * ((label === 0 ? 0 : label * Math.log(label / prediction)) - label + prediction)
const gamma: Loss = (label, prediction) => 2 * (Math.log(prediction / label) + label / prediction - 1)
/** Koenker and Bassett (1978): least in the mean for the quantile at `share`. */
const pinball =
  (share: number): Loss =>
  (label, prediction) =>
    label >= prediction ? share * (label - prediction) : (1 - share) * (prediction - label)

/** What a loss can be taken of. */
interface Range {
  holds: (value: number) => boolean
  /** As in "must be …". */
  says: string
}

const notZero: Range = { holds: (value) => value !== 0, says: 'other than 0' }
const aboveMinusOne: Range = { holds: (value) => value > -1, says: 'greater than −1' }
const aboveZero: Range = { holds: (value) => value > 0, says: 'greater than 0' }
const fromZero: Range = { holds: (value) => value >= 0, says: '0 or greater' }
const any: Range = { holds: () => true, says: 'numbers' }

/** One value a row. */
export const REGRESSION: Builders = {
  mae: mean(absolute),
  mse: mean(squared),
  rmse: root(squared),
  median_absolute_error({ labels }, predictions) {
    const all = new Int32Array(labels.length).fill(1)
    const size = medianOf(labels.map((label, row) => Math.abs(label) + Math.abs(predictions[row]!)))(all)
    return resampled(labels.length, medianOf(lossesOf(absolute, labels, predictions).of), ROUNDING * size)
  },
  max_error: ({ labels }, predictions) => ({
    value: lossesOf(absolute, labels, predictions).of.reduce((most, error) => Math.max(most, error), 0),
    unbounded: METRICS.max_error.unbounded,
  }),
  mape: within(notZero, any, mean(share)),
  msle: within(aboveMinusOne, aboveMinusOne, mean(squaredLog)),
  rmsle: within(aboveMinusOne, aboveMinusOne, root(squaredLog)),
  mean_poisson_deviance: within(fromZero, aboveZero, mean(poisson)),
  mean_gamma_deviance: within(aboveZero, aboveZero, mean(gamma)),
  ...Object.fromEntries(
    [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95].map((share) => [`pinball_${share}`, mean(pinball(share))]),
  ),
  r2: varying('R²', ({ labels }, predictions) =>
    skillOf(lossesOf(squared, labels, predictions), squaresFromMean(labels)),
  ),
  explained_variance: varying('explained variance', ({ labels }, predictions) => {
    const shift = sum(labels.map((label, row) => label - predictions[row]!)) / labels.length
    const unshifted: Loss = (label, prediction) => (label - prediction - shift) ** 2
    return skillOf(lossesOf(unshifted, labels, predictions), squaresFromMean(labels))
  }),
  d2_absolute_error: varying('share of the absolute error to explain', ({ labels }, predictions) => {
    const median = medianOf(labels)(new Int32Array(labels.length).fill(1))
    return skillOf(
      lossesOf(absolute, labels, predictions),
      labels.map((label) => Math.abs(label - median)),
    )
  }),
}

function squaresFromMean(values: Float64Array): Float64Array {
  const mean = sum(values) / values.length
  return values.map((value) => (value - mean) ** 2)
}

function mean(loss: Loss): Builder {
  return ({ labels }, predictions) => meanLoss(lossesOf(loss, labels, predictions))
}

/** The root of a mean: to first order, a row moves it by what it adds to the mean over twice the root. */
function root(loss: Loss): Builder {
  return ({ labels }, predictions) => {
    const mean = meanLoss(lossesOf(loss, labels, predictions))
    const value = Math.sqrt(mean.value)
    const slope = value === 0 ? 0 : 1 / (2 * value)
    const influences = mean.influences.map((influence) => slope * influence)
    return { value, influences, rounding: slope * mean.rounding, grows: { mean, as: Math.sqrt } }
  }
}

/** Where scikit-learn raises an error, or divides by a rounding error. */
function within(labels: Range, predictions: Range, build: Builder): Builder {
  return (truth, predicted, whose) => {
    const offLabels = truth.labels.filter((label) => !labels.holds(label)).length
    if (offLabels > 0) return { reason: must('The labels', labels, offLabels, predicted.length) }
    const off = predicted.filter((value) => !predictions.holds(value)).length
    if (off > 0) return { reason: must(`The values of ${whose.toLowerCase()}`, predictions, off, predicted.length) }
    return build(truth, predicted, whose)
  }
}

function must(what: string, { says }: Range, off: number, rows: number): string {
  return `${what} must be ${says}, and ${rowsWord(off, rows).replace(' rows', '')} not.`
}

function varying(what: string, build: Builder): Builder {
  return (truth, predictions, whose) => {
    if (truth.labels.every((label) => label === truth.labels[0])) {
      return { reason: `All labels are the same, so there is no ${what}.` }
    }
    return build(truth, predictions, whose)
  }
}
