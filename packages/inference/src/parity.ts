import { basename, dirname } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { type Predicate, UserError } from '@modelyard/spec'
import { placesOf } from './match-rows.ts'
import type { Predictions } from './predictions.ts'

/** How far our predictions are from the framework's own. `disagreements` counts rows with another label. */
export type Parity = NonNullable<Predicate<'gate'>['parity']>

export interface ParityOptions {
  /** The dataset that was predicted. */
  dataset: Dataset
  /** The column that names a row; without it in the file, rows are compared in order. */
  id?: string | undefined
}

/**
 * Compares predictions with a file of the framework's own, with the columns `probability` (of the positive class; of
 * several, `probability_<class>`), `prediction` (a label, or a regression's value) or both; with the dataset's id column if its rows are in another order.
 * Throws a `UserError` where the rows are not the same.
 */
export async function comparePredictions(
  path: string,
  predictions: Predictions,
  { dataset, id }: ParityOptions,
): Promise<Parity> {
  const theirs = await openDataset({ root: dirname(path), files: basename(path) })
  try {
    if (theirs.rows !== predictions.rows) {
      throw new UserError(
        `${path} has ${theirs.rows} rows and the hold-out has ${predictions.rows}. Predict every row.`,
      )
    }
    const has = (name: string) => theirs.columns.some((column) => column.name === name)
    const numbers = numbersOf(predictions).filter(({ column }) => has(column))
    if (numbers.length === 0 && !has('prediction')) {
      const several = predictions.classProbabilities ? ' of a class (probability_<class>)' : ''
      throw new UserError(`${path} has no column prediction and no column probability${several}. Write one of them.`)
    }
    const order = id !== undefined && has(id) ? await placesOf(id, theirs, path, dataset) : undefined
    const at = (row: number) => order?.[row] ?? row
    const labels = predictions.values ? undefined : predictions.labels
    const read = await theirs.readColumns(numbers.map(({ column }) => column))
    const differences = numbers.map(({ column, ours }) => greatest(ours, read[column] as Float64Array, at, path))
    return {
      rows: predictions.rows,
      max_difference: differences.length > 0 ? Math.max(...differences) : null,
      disagreements: labels && has('prediction') ? differing(labels, await textOf(theirs), at) : null,
    }
  } finally {
    theirs.close()
  }
}

/** Our numbers, and the column in which the framework's own are. */
function numbersOf({ rows, values, probabilities, classes = [], classProbabilities }: Predictions) {
  if (values) return [{ column: 'prediction', ours: values }]
  if (probabilities) return [{ column: 'probability', ours: probabilities }]
  if (!classProbabilities) return []
  return classes.map((name, index) => ({
    column: `probability_${name}`,
    ours: new Float64Array(rows).map((_, row) => classProbabilities[row * classes.length + index]!),
  }))
}

/** The greatest difference; a `UserError` where only one side has a number. */
function greatest(ours: Float64Array, theirs: Float64Array, at: (row: number) => number, path: string): number {
  let most = 0
  for (let row = 0; row < ours.length; row++) {
    const [a, b] = [ours[row]!, theirs[at(row)]!]
    if (Number.isNaN(a) !== Number.isNaN(b)) {
      throw new UserError(`${Number.isNaN(a) ? 'The model' : path} has no number for row ${row + 1} of the hold-out.`)
    }
    const difference = Math.abs(a - b)
    if (difference > most) most = difference
  }
  return most
}

async function textOf(theirs: Dataset): Promise<string[]> {
  const { prediction } = await theirs.readColumns(['prediction'])
  return Array.from(prediction!, String)
}

function differing(ours: readonly string[], theirs: readonly string[], at: (row: number) => number): number {
  return ours.reduce((count, label, row) => count + (label === theirs[at(row)] ? 0 : 1), 0)
}
