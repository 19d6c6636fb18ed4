import { access } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Dataset } from '@modelyard/data'
import { comparePredictions, type Predictions } from '@modelyard/inference'
import type { Predicate } from '@modelyard/spec'
import { percent, rowsWord, short } from '../wording/numbers.ts'

export interface Parity {
  record: Predicate<'gate'>['parity']
  /** What is wrong, as a sentence; it warns. */
  warning: string | null
}

/** Probabilities of the same model in two runtimes differ by rounding, not by more; values likewise, of their range. */
const TOLERANCE = 1e-4
const DISAGREEMENTS = 0.001

/** Compares the candidate's predictions with the framework's own, in the file at `path`, if there is to be one. */
export async function checkParity(
  path: string | undefined,
  predictions: Predictions,
  dataset: Dataset,
  id: string | undefined,
): Promise<Parity> {
  if (path === undefined) return { record: null, warning: null }
  if (!(await exists(path))) {
    return {
      record: null,
      warning: `Parity could not be checked: ${basename(path)}, the framework's own predictions, is not there.`,
    }
  }
  const { rows, max_difference, disagreements } = await comparePredictions(path, predictions, { dataset, id })
  const record = { rows, max_difference, disagreements }
  return { record, warning: warn(record, predictions.values ? range(predictions.values) : 1) }
}

function warn({ rows, max_difference, disagreements }: NonNullable<Parity['record']>, unit: number): string | null {
  const subject = "The ONNX model's predictions and the framework's own"
  if (rows === 0 || (max_difference === null && disagreements === null))
    return `${subject} have nothing in common to compare.`
  if (disagreements !== null && disagreements > rows * DISAGREEMENTS) {
    return `${subject} disagree: ${rowsWord(disagreements, rows)} given another class; up to ${percent(DISAGREEMENTS)} is taken for rounding.`
  }
  if (max_difference !== null && !(max_difference <= TOLERANCE * unit)) {
    return `${subject} differ by up to ${short(Number(max_difference.toPrecision(3)))} on ${rows.toLocaleString('en-US')} rows; up to ${short(Number((TOLERANCE * unit).toPrecision(3)))} is taken for rounding.`
  }
  return null
}

function range(values: Float64Array): number {
  let low = Infinity
  let high = -Infinity
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return high - low
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
