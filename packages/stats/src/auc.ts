import type { Interval } from './interval.ts'
import { ascendingOrder } from './order.ts'
import { clopperPearsonInterval } from './proportion.ts'
import { studentQuantile } from './student.ts'

/** Areas under the ROC curve of several scores on the same rows, and the covariance matrix of their estimates. */
export interface AucSample {
  auc: number[]
  covariance: number[][]
  /** What each row adds to each estimate; these add up to 0. */
  influences: Float64Array[]
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
  const placed = scores.map((score) => place(labels, score, positives, negatives))
  const influences = placed.map((placement) => placement.influences)
  const covariance = influences.map((one) =>
    influences.map((other) => {
      let ofPositives = 0
      let ofNegatives = 0
      for (let row = 0; row < one.length; row++) {
        const product = one[row]! * other[row]!
        if (labels[row] === 1) ofPositives += product
        else ofNegatives += product
      }
      return (ofPositives * positives) / (positives - 1) + (ofNegatives * negatives) / (negatives - 1)
    }),
  )
  return { auc: placed.map(({ auc }) => auc), covariance, influences, positives, negatives }
}

/**
 * A row's placement is the share of the other class that it is on the right side of. Their mean over the rows of either
 * class is the AUC; a row adds its distance from that mean, over the number of rows of its class.
 */
function place(labels: ArrayLike<number>, score: Float64Array, positives: number, negatives: number) {
  const order = ascendingOrder(score)
  const influences = new Float64Array(order.length)
  let sum = 0
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
    for (let i = from; i < to; i++) influences[order[i]!] = labels[order[i]!] === 1 ? ofPositive : ofNegative
    sum += tiedPositives * ofPositive
    positivesBelow += tiedPositives
    negativesBelow += tiedNegatives
  }
  const auc = sum / positives
  for (let row = 0; row < influences.length; row++) {
    influences[row] = (influences[row]! - auc) / (labels[row] === 1 ? positives : negatives)
  }
  return { auc, influences }
}

/**
 * Interval of one AUC on the logit scale, where it cannot leave 0 to 1. At an AUC of exactly 0 or 1 DeLong's variance
 * is 0 and says nothing; then Clopper–Pearson with the smaller class as trials: that many pairs of different rows are
 * independent, and all of them are in order. With `degreesOfFreedom` by Student's quantile.
 */
export function aucInterval(
  { auc, variance, positives, negatives }: { auc: number; variance: number; positives: number; negatives: number },
  confidence: number,
  degreesOfFreedom = Infinity,
): Interval {
  if (auc === 0 || auc === 1) {
    const pairs = Math.min(positives, negatives)
    return clopperPearsonInterval(auc * pairs, pairs, confidence)
  }
  const half = (studentQuantile((1 + confidence) / 2, degreesOfFreedom) * Math.sqrt(variance)) / (auc * (1 - auc))
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
