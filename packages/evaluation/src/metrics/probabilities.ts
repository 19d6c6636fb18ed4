import type { Truth } from '../sample.ts'
import type { Statistic } from './statistics.ts'

/** Classes that a row can have: two where the probability is of the positive one. */
type Known = Pick<Truth, 'task' | 'classes'>

/** −log of the probability of each row's own class, one rounding error away from 0 and 1 as scikit-learn has it. */
export function logLosses({ labels, ...known }: Truth, predictions: Float64Array): Float64Array {
  return labels.map((label, row) => {
    const given = probabilityOf(known, predictions, row, label)
    return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, given)))
  })
}

/** Squared distances of probabilities from the truth: of the positive class, or summed over all of several. */
export function brierLosses({ labels, ...known }: Truth, predictions: Float64Array): Float64Array {
  if (known.task === 'binary-classification') return labels.map((label, row) => (predictions[row]! - label) ** 2)
  return labels.map((label, row) => {
    let loss = 0
    for (let class_ = 0; class_ < known.classes.length; class_++) {
      loss += (probabilityOf(known, predictions, row, class_) - +(class_ === label)) ** 2
    }
    return loss
  })
}

function probabilityOf({ task, classes }: Known, predictions: Float64Array, row: number, class_: number): number {
  if (task === 'multiclass-classification') return predictions[row * classes.length + class_]!
  return class_ === 1 ? predictions[row]! : 1 - predictions[row]!
}

/**
 * 1 − the mean loss over that of the best constant answer, which is the shares of the classes: `least` gives its loss
 * from them. NaN where there is one class only.
 */
export function skill(
  losses: Float64Array,
  { labels, classes }: Truth,
  least: (shares: Float64Array) => number,
): Statistic {
  const shares = new Float64Array(classes.length)
  return (counts) => {
    shares.fill(0)
    let [loss, rows] = [0, 0]
    for (let row = 0; row < counts.length; row++) {
      loss += counts[row]! * losses[row]!
      rows += counts[row]!
      shares[labels[row]!]! += counts[row]!
    }
    for (let class_ = 0; class_ < shares.length; class_++) shares[class_]! /= rows
    const constant = least(shares)
    return constant > 0 ? 1 - loss / rows / constant : Number.NaN
  }
}

/** Of the best constant answer: the entropy. */
export function leastLogLoss(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum - (share > 0 ? share * Math.log(share) : 0), 0)
}

/** Of the best constant answer; of two classes, half of what both together would have. */
export function leastBrier(shares: Float64Array): number {
  const all = shares.reduce((rest, share) => rest - share * share, 1)
  return shares.length === 2 ? all / 2 : all
}
