import type { Interval } from './interval.ts'
import { normalQuantile } from './normal.ts'
import { ascendingOrder } from './order.ts'
import { clopperPearsonInterval } from './proportion.ts'

/** Areas under the ROC curve of several scores on the same rows, and the covariance matrix of their estimates. */
export interface AucSample {
  auc: number[]
  covariance: number[][]
  positives: number
  negatives: number
}

/**
 * AUCs and their covariance by DeLong, DeLong and Clarke-Pearson (1988), in O(n log n) as in Sun and Xu (2014).
 * `labels` are 1 and 0, with at least two of each (with fewer, the covariance is NaN); `scores` are finite, one array
 * for each model, a higher one speaking for 1. Tied pairs count one half.
 */
export function delong(labels: ArrayLike<number>, scores: readonly Float64Array[]): AucSample {
  const positives = countOnes(labels)
  const negatives = labels.length - positives
  const placements = scores.map((score) => place(labels, score, positives, negatives))
  const auc = placements.map(({ ofPositives }) => mean(ofPositives))
  const covariance = placements.map((one) =>
    placements.map(
      (other) =>
        sampleCovariance(one.ofPositives, other.ofPositives) / positives +
        sampleCovariance(one.ofNegatives, other.ofNegatives) / negatives,
    ),
  )
  return { auc, covariance, positives, negatives }
}

/** The share of the other class that each row is on the right side of, in the order of the rows of its class. */
interface Placements {
  ofPositives: Float64Array
  ofNegatives: Float64Array
}

function place(labels: ArrayLike<number>, score: Float64Array, positives: number, negatives: number): Placements {
  const order = ascendingOrder(score)
  const share = new Float64Array(order.length)
  let positivesBelow = 0
  let negativesBelow = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    let tiedPositives = 0
    for (to = from; to < order.length && score[order[to]!] === score[order[from]!]; to++) {
      tiedPositives += labels[order[to]!]!
    }
    const tiedNegatives = to - from - tiedPositives
    const ofPositive = (negativesBelow + tiedNegatives / 2) / negatives
    const ofNegative = (positives - positivesBelow - tiedPositives / 2) / positives
    for (let i = from; i < to; i++) share[order[i]!] = labels[order[i]!] === 1 ? ofPositive : ofNegative
    positivesBelow += tiedPositives
    negativesBelow += tiedNegatives
  }
  return {
    ofPositives: share.filter((_, row) => labels[row] === 1),
    ofNegatives: share.filter((_, row) => labels[row] !== 1),
  }
}

/**
 * Interval of one AUC on the logit scale, where it cannot leave 0 to 1. At an AUC of exactly 0 or 1 DeLong's variance
 * is 0 and says nothing; then Clopper–Pearson with the smaller class as trials: that many pairs of different rows are
 * independent, and all of them are in order.
 */
export function aucInterval(
  { auc, variance, positives, negatives }: { auc: number; variance: number; positives: number; negatives: number },
  confidence: number,
): Interval {
  if (auc === 0 || auc === 1) {
    const pairs = Math.min(positives, negatives)
    return clopperPearsonInterval(auc * pairs, pairs, confidence)
  }
  const half = (normalQuantile((1 + confidence) / 2) * Math.sqrt(variance)) / (auc * (1 - auc))
  const logit = Math.log(auc / (1 - auc))
  return { low: logistic(logit - half), high: logistic(logit + half) }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function countOnes(labels: ArrayLike<number>): number {
  let ones = 0
  for (let i = 0; i < labels.length; i++) ones += labels[i]!
  return ones
}

// simple-statistics has both, but for plain arrays only; these are as long as the hold-out.
function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function sampleCovariance(x: Float64Array, y: Float64Array): number {
  const meanX = mean(x)
  const meanY = mean(y)
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i]! - meanX) * (y[i]! - meanY)
  return sum / (x.length - 1)
}
