import type { PredictionMetric } from '@modelyard/spec'
import { delong } from '@modelyard/stats'
import { choose, type Truth } from '../sample.ts'
import { defect } from './defects.ts'
import { averagePrecision, rankingOf } from './ranking.ts'
import { balancedAccuracy, matthewsCorrelation, r2, ratio, type Statistic } from './statistics.ts'

/** A metric of the rows themselves, and how it would come out on others. */
export type Measure = {
  value: number
  /** Where the metric is a share of rows: which rows it is taken over, and which of them count, as 1 and 0. */
  share?: Share
  /** Where it is the mean of several such shares, of different rows: these. */
  shares?: Share[]
} & (Linear | Resampled)

export interface Share {
  hits: Float64Array
  trials: Float64Array
}

/** A metric that is, to first order, a sum over rows. */
export interface Linear {
  /** What each row adds to the metric's distance from the truth; these add up to 0. */
  influences: Float64Array
}

/** Any other. */
export interface Resampled {
  /** The metric of a resample. */
  statistic: Statistic
}

/** How to measure, or why there is nothing to measure, as a sentence. */
export type Measured = Measure | { reason: string }

/**
 * A metric of predictions, with the values of scikit-learn's function of that name. Where that one makes a number up
 * (the precision without a predicted positive is 0 there, R² of constant labels 0 or 1) there is a reason instead.
 */
export function measure(name: PredictionMetric, truth: Truth, predictions: Float64Array, whose: string): Measured {
  const wrong = defect(name, truth, predictions, whose)
  return wrong ? { reason: wrong } : measures[name]!(truth, predictions, whose)
}

type Builder = (truth: Truth, predictions: Float64Array, whose: string) => Measured

const measures: Partial<Record<PredictionMetric, Builder>> = {
  roc_auc: (truth, predictions) => bothClasses(truth) ?? auc(truth.labels, predictions),
  average_precision: (truth, predictions) =>
    bothClasses(truth) ?? resampled(truth, averagePrecision(rankingOf(truth.labels, predictions))),
  brier_score: ({ labels }, predictions) => mean(labels, (label, row) => (predictions[row]! - label) ** 2),
  log_loss: logLoss,
  accuracy(truth, predictions) {
    const chosen = choose(truth, predictions)
    const hits = truth.labels.map((label, row) => +(chosen[row] === label))
    return { ...meanOf(hits), share: { hits, trials: new Float64Array(hits.length).fill(1) } }
  },
  balanced_accuracy(truth, predictions) {
    const chosen = choose(truth, predictions)
    const shares = [...new Set(truth.labels)].map((class_) => ({
      hits: truth.labels.map((label, row) => +(label === class_ && chosen[row] === class_)),
      trials: truth.labels.map((label) => +(label === class_)),
    }))
    return (
      bothClasses(truth) ?? {
        ...resampled(truth, balancedAccuracy(truth.labels, chosen, truth.classes.length)),
        shares,
      }
    )
  },
  precision({ labels, ...rest }, predictions, whose) {
    const chosen = Float64Array.from(choose({ labels, ...rest }, predictions))
    if (!chosen.includes(1)) return { reason: `${whose} predicts no row positive, so it has no precision.` }
    return share(
      labels.map((label, row) => label * chosen[row]!),
      chosen,
    )
  },
  recall({ labels, ...rest }, predictions) {
    const chosen = choose({ labels, ...rest }, predictions)
    if (!labels.includes(1)) return { reason: 'No label is positive, so there is no recall.' }
    return share(
      labels.map((label, row) => label * chosen[row]!),
      labels,
    )
  },
  f1({ labels, ...rest }, predictions, whose) {
    const chosen = choose({ labels, ...rest }, predictions)
    if (!labels.includes(1) && !chosen.includes(1)) {
      return { reason: `No label is positive and ${whose.toLowerCase()} predicts none, so there is no F1.` }
    }
    const hits = labels.map((label, row) => 2 * label * chosen[row]!)
    return resampled(
      { labels },
      ratio(
        hits,
        labels.map((label, row) => label + chosen[row]!),
      ),
    )
  },
  matthews_corrcoef(truth, predictions, whose) {
    const chosen = choose(truth, predictions)
    if (chosen.every((one) => one === chosen[0])) {
      return { reason: `${whose} predicts one class only, so it has no Matthews correlation.` }
    }
    return bothClasses(truth) ?? resampled(truth, matthewsCorrelation(truth.labels, chosen))
  },
  mae: ({ labels }, predictions) => mean(labels, (label, row) => Math.abs(label - predictions[row]!)),
  rmse({ labels }, predictions) {
    const square = ratio(
      labels.map((label, row) => (label - predictions[row]!) ** 2),
      null,
    )
    return resampled({ labels }, (counts) => Math.sqrt(square(counts)))
  },
  r2({ labels }, predictions) {
    if (labels.every((label) => label === labels[0])) {
      return { reason: 'All labels are the same, so there is no R².' }
    }
    return resampled({ labels }, r2(labels, predictions))
  },
}

/** As scikit-learn: probabilities are kept one rounding error away from 0 and 1, and are not scaled to add up to 1. */
function logLoss(truth: Truth, predictions: Float64Array): Measured {
  const classes = truth.classes.length
  return mean(truth.labels, (label, row) => {
    const given =
      truth.task === 'multiclass-classification'
        ? predictions[row * classes + label]!
        : label === 1
          ? predictions[row]!
          : 1 - predictions[row]!
    return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, given)))
  })
}

function mean(labels: Float64Array, loss: (label: number, row: number) => number): Measure {
  return meanOf(labels.map(loss))
}

/** The mean of a number for each row. */
export function meanOf(losses: Float64Array): Measure {
  const value = losses.reduce((sum, loss) => sum + loss, 0) / losses.length
  return { value, influences: losses.map((loss) => (loss - value) / losses.length) }
}

function share(hits: Float64Array, trials: Float64Array): Measure {
  return { ...resampled({ labels: hits }, ratio(hits, trials)), share: { hits, trials } }
}

function resampled({ labels }: Pick<Truth, 'labels'>, statistic: Statistic): Measure {
  return { value: statistic(new Int32Array(labels.length).fill(1)), statistic }
}

/** DeLong's influences, scaled so that the variance from all of them is DeLong's, whose means are of one class each. */
function auc(labels: Float64Array, scores: Float64Array): Measure {
  const { auc, influences, positives, negatives } = delong(labels, [scores])
  const unbiased = (rows: number) => rows / (rows - 1)
  const [ofPositive, ofNegative] = [positives, negatives].map((rows) =>
    Math.sqrt(unbiased(rows) / unbiased(labels.length)),
  ) as [number, number]
  return {
    value: auc[0]!,
    influences: influences[0]!.map((influence, row) => influence * (labels[row] === 1 ? ofPositive : ofNegative)),
  }
}

/** Why there is nothing to tell apart, if there is nothing. */
function bothClasses({ labels, classes }: Truth): { reason: string } | undefined {
  if (labels.some((label) => label !== labels[0])) return undefined
  return { reason: `All labels are ${classes[labels[0]!]}; a second class is needed to tell classes apart.` }
}
