import { ascendingOrder } from '@modelyard/stats'
import type { Statistic } from './statistics.ts'

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Labels are centred first, so that their variance does not drown in their mean. */
export function r2(labels: Float64Array, predictions: Float64Array): Statistic {
  const squared = labels.map((label, row) => (label - predictions[row]!) ** 2)
  const spread = squaresOf(labels)
  return (counts) => {
    let errors = 0
    for (let row = 0; row < counts.length; row++) errors += counts[row]! * squared[row]!
    return 1 - errors / spread(counts)
  }
}

/** The same, with the mean error taken away: 1 − Var(y − ŷ) / Var(y). */
export function explainedVariance(labels: Float64Array, predictions: Float64Array): Statistic {
  const ofErrors = squaresOf(
    labels.map((label, row) => label - predictions[row]!),
    0,
  )
  const spread = squaresOf(labels)
  return (counts) => 1 - ofErrors(counts) / spread(counts)
}

/** 1 − Σ|y − ŷ| / Σ|y − m|, where m is the median of the labels. */
export function absoluteSkill(labels: Float64Array, predictions: Float64Array): Statistic {
  const errors = labels.map((label, row) => Math.abs(label - predictions[row]!))
  const median = medianOf(labels)
  return (counts) => {
    const middle = median(counts)
    let [above, below] = [0, 0]
    for (let row = 0; row < counts.length; row++) {
      above += counts[row]! * errors[row]!
      below += counts[row]! * Math.abs(labels[row]! - middle)
    }
    return below === 0 ? Number.NaN : 1 - above / below
  }
}

/** The median: of an even number, the mean of the two in the middle. */
export function medianOf(values: Float64Array): Statistic {
  const order = ascendingOrder(values)
  return (counts) => {
    let all = 0
    for (let row = 0; row < counts.length; row++) all += counts[row]!
    let before = 0
    let lower = Number.NaN
    for (let place = 0; place < order.length; place++) {
      const row = order[place]!
      before += counts[row]!
      if (Number.isNaN(lower) && 2 * before >= all) lower = values[row]!
      if (2 * before > all) return (lower + values[row]!) / 2
    }
    return Number.NaN
  }
}

/** Σ(x − x̄)²; `least` where no more is left than rounding. */
function squaresOf(values: Float64Array, least = Number.NaN): Statistic {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length
  const centred = values.map((value) => value - centre)
  return (counts) => {
    let total = 0
    let sum = 0
    let squares = 0
    for (let row = 0; row < counts.length; row++) {
      const weighted = counts[row]! * centred[row]!
      total += counts[row]!
      sum += weighted
      squares += weighted * centred[row]!
    }
    const spread = squares - (sum * sum) / total
    return spread > squares * 1e-12 ? spread : least
  }
}
