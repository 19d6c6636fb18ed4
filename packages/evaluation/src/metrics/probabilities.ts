import { ROUNDING } from '@modelyard/stats'
import type { Truth } from '../sample/sample.ts'
import type { Losses } from './losses.ts'

/** What says how probabilities lie in their array. */
type Known = Pick<Truth, 'task' | 'classes'>

/** −log of the probability of each row's own class, one rounding error away from 0 and 1 as scikit-learn has it. */
export function logLosses({ labels, ...known }: Truth, predictions: Float64Array): Losses {
  const of = labels.map((label, row) => {
    const given = probabilityOf(known, predictions, row, label)
    return -Math.log(Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, given)))
  })
  return { of, rounding: ROUNDING }
}

/** Squared distances of probabilities from the truth: of the positive class, or summed over all of several. */
export function brierLosses({ labels, ...known }: Truth, predictions: Float64Array): Losses {
  if (known.task === 'binary-classification') {
    return { of: labels.map((label, row) => (predictions[row]! - label) ** 2), rounding: ROUNDING }
  }
  const of = labels.map((label, row) => {
    let loss = 0
    for (let class_ = 0; class_ < known.classes.length; class_++) {
      loss += (probabilityOf(known, predictions, row, class_) - +(class_ === label)) ** 2
    }
    return loss
  })
  return { of, rounding: ROUNDING }
}

function probabilityOf({ task, classes }: Known, predictions: Float64Array, row: number, class_: number): number {
  if (task === 'multiclass-classification') return predictions[row * classes.length + class_]!
  return class_ === 1 ? predictions[row]! : 1 - predictions[row]!
}

/** The best answer that is the same for every row: the shares of the classes. */
export function constantAnswer({ task, labels, classes }: Truth): Float64Array {
  const shares = new Float64Array(classes.length)
  for (const label of labels) shares[label]! += 1 / labels.length
  if (task === 'binary-classification') return new Float64Array(labels.length).fill(shares[1]!)
  return new Float64Array(labels.length * classes.length).map((_, at) => shares[at % classes.length]!)
}
