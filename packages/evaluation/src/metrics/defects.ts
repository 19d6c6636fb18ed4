import { type Truth, width } from '../sample.ts'
import { rowsWord } from '../wording/numbers.ts'
import type { PredictionMetric } from './measure.ts'

/** Room for a probability that 32-bit arithmetic carried past 0 or 1. */
const ROUNDING = 1e-6

/** What makes every number from these rows meaningless, as a sentence; undefined where they are sound. */
export function defect(
  name: PredictionMetric,
  truth: Truth,
  predictions: Float64Array,
  whose: string,
): string | undefined {
  const rows = truth.labels.length
  if (rows === 0) return 'There are no rows to measure on.'
  if (predictions.length !== rows * width(truth)) {
    throw new RangeError(`${predictions.length} predictions for ${rows} rows of ${width(truth)}`)
  }
  const unlabelled = count(truth.labels, (label) => !Number.isFinite(label))
  if (unlabelled > 0) return `${rowsWord(unlabelled, rows)} without a label.`
  const undefinedRows = count(predictions, (value) => !Number.isFinite(value))
  if (undefinedRows > 0) {
    const what = undefinedRows === 1 ? 'prediction that is no number' : 'predictions that are no numbers'
    return `${whose} gives ${undefinedRows.toLocaleString('en-US')} ${what}.`
  }
  if (truth.task !== 'regression' && !ranks.has(name)) {
    const outside = predictions.find((value) => value < -ROUNDING || value > 1 + ROUNDING)
    if (outside !== undefined) return `${whose} gives ${outside} as a probability, which is not between 0 and 1.`
  }
  return undefined
}

/** These need an order only, and take any score. */
const ranks: ReadonlySet<PredictionMetric> = new Set(['roc_auc', 'average_precision'])

function count(values: Float64Array, matches: (value: number) => boolean): number {
  let matching = 0
  for (const value of values) if (matches(value)) matching++
  return matching
}
