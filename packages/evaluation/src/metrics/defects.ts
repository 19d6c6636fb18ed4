import { isClassification, isOwnMetric, type PredictionMetric, type RowMetric } from '@modelyard/spec'
import { rowsOf, type Truth, width } from '../sample/sample.ts'
import { rowsWord, short } from '../wording/numbers.ts'

/** Room for a probability that 32-bit arithmetic carried past 0 or 1. */
const ROUNDING = 1e-6

/** What makes every number from these rows meaningless, as a sentence; undefined where they are sound. */
export function defect(
  name: PredictionMetric,
  truth: Truth,
  predictions: Float64Array,
  whose: string,
): string | undefined {
  const rows = rowsOf(truth)
  if (rows === 0) return 'There are no rows to measure on.'
  if (predictions.length !== rows * width(truth)) {
    throw new RangeError(`${predictions.length} predictions for ${rows} rows of ${width(truth)}`)
  }
  const unlabelled = countRows(truth.labels, truth.labels.length / rows, (label) => !Number.isFinite(label))
  if (unlabelled > 0) return `${rowsWord(unlabelled, rows)} without a label.`
  const undefinedRows = countRows(predictions, width(truth), (value) => !Number.isFinite(value))
  if (undefinedRows > 0) {
    const first = truth.gaps?.[whose === 'The champion' ? 'champion' : 'candidate']
    return `${whose} gives no number for ${undefinedRows.toLocaleString('en-US')} of ${rows.toLocaleString('en-US')} rows.${first ? ` ${first}` : ''}`
  }
  if (isClassification(truth.task) && !needsOrderOnly(name)) {
    const outside = predictions.find((value) => value < -ROUNDING || value > 1 + ROUNDING)
    if (outside !== undefined)
      return `${whose} gives ${short(outside)} as a probability, which is not between 0 and 1: end the model with a sigmoid or softmax.`
  }
  return undefined
}

/** Whether a metric needs an order only, and takes any score. */
export function needsOrderOnly(name: RowMetric): boolean {
  return /^(?:roc_auc|average_precision)/.test(name) && !isOwnMetric(name)
}

/** Rows of `columns` values of which at least one matches. */
function countRows(values: Float64Array, columns: number, matches: (value: number) => boolean): number {
  let matching = 0
  let last = -1
  for (let at = 0; at < values.length; at++) {
    if (!matches(values[at]!)) continue
    const row = Math.floor(at / columns)
    if (row !== last) matching++
    last = row
  }
  return matching
}
