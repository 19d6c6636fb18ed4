import { ROUNDING } from './influence.ts'
import type { Interval } from './interval.ts'
import { indexOf, rank } from './order.ts'
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
  const isPositive = new Uint8Array(labels)
  let positives = 0
  for (let row = 0; row < isPositive.length; row++) positives += isPositive[row]!
  const negatives = isPositive.length - positives
  const placed = scores.map((score) => place(isPositive, score, positives, negatives))
  const covariance = placed.map(() => new Array<number>(placed.length))
  for (let i = 0; i < placed.length; i++) {
    for (let j = 0; j <= i; j++) {
      const { ofAll, ofPositives } = products(placed[i]!.influences, placed[j]!.influences, isPositive)
      const both = (ofPositives * positives) / (positives - 1) + ((ofAll - ofPositives) * negatives) / (negatives - 1)
      covariance[i]![j] = both
      covariance[j]![i] = both
    }
  }
  return {
    auc: placed.map(({ auc }) => auc),
    covariance,
    influences: placed.map(({ influences }) => influences),
    positives,
    negatives,
  }
}

function products(one: Float64Array, other: Float64Array, isPositive: Uint8Array) {
  let ofAll = 0
  let ofPositives = 0
  for (let row = 0; row < one.length; row++) {
    const product = one[row]! * other[row]!
    ofAll += product
    ofPositives += product * isPositive[row]!
  }
  return { ofAll, ofPositives }
}

/**
 * A row's placement is the share of the other class that it is on the right side of. Their mean over the rows of either
 * class is the AUC; a row adds its distance from that mean, over the number of rows of its class.
 */
function place(isPositive: Uint8Array, score: Float64Array, positives: number, negatives: number) {
  const { order, tied } = rank(score, isPositive)
  // Twice the number of rows of the other class that a row is above, ties counting one half.
  const above = new Uint32Array(order.length)
  let sum = 0
  let positivesBelow = 0
  let negativesBelow = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    let tiedPositives = order[from]! >>> 31
    for (to = from + 1; to < order.length && tied[to] === 1; to++) tiedPositives += order[to]! >>> 31
    const tiedNegatives = to - from - tiedPositives
    const ofPositive = 2 * negativesBelow + tiedNegatives
    const ofNegative = 2 * positivesBelow + tiedPositives
    for (let i = from; i < to; i++) {
      // Without a branch, which would be guessed wrong for one class.
      above[indexOf(order[i]!)] = ofNegative + (order[i]! >>> 31) * (ofPositive - ofNegative)
    }
    sum += tiedPositives * ofPositive
    positivesBelow += tiedPositives
    negativesBelow += tiedNegatives
  }
  const auc = sum / 2 / negatives / positives
  const influences = new Float64Array(order.length)
  const [perNegative, perPositive] = [1 / (2 * negatives), 1 / (2 * positives)]
  for (let row = 0; row < influences.length; row++) {
    influences[row] = isPositive[row]
      ? (above[row]! * perNegative - auc) / positives
      : (1 - above[row]! * perPositive - auc) / negatives
  }
  return { auc, influences }
}

/** Whether an area is 0 or 1, for all pairs are in order: also one that was averaged from such, which may round it. */
export function isPerfect(auc: number): boolean {
  return Math.abs(auc - Math.round(auc)) <= ROUNDING
}

/**
 * Interval of one AUC on the logit scale, where it cannot leave 0 to 1. At an AUC of 0 or 1 DeLong's variance
 * is 0 and says nothing; then Clopper–Pearson with the smaller class as trials: that many pairs of different rows are
 * independent, and all of them are in order. With `degreesOfFreedom` by Student's quantile.
 */
export function aucInterval(
  { auc, variance, positives, negatives }: { auc: number; variance: number; positives: number; negatives: number },
  confidence: number,
  degreesOfFreedom = Infinity,
): Interval {
  if (isPerfect(auc)) {
    const pairs = Math.min(positives, negatives)
    return clopperPearsonInterval(Math.round(auc) * pairs, pairs, confidence)
  }
  const half = (studentQuantile((1 + confidence) / 2, degreesOfFreedom) * Math.sqrt(variance)) / (auc * (1 - auc))
  const logit = Math.log(auc / (1 - auc))
  return { low: logistic(logit - half), high: logistic(logit + half) }
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
