import { basename, dirname } from 'node:path'
import { type ColumnValues, type Dataset, openDataset, sayColumns } from '@modelyard/data'
import { isClassification, type Task, UserError } from '@modelyard/spec'
import { placesOf } from './match-rows.ts'
import { type Predictions, positiveOf } from './predictions.ts'

export interface PredictionsFileOptions {
  task: Task
  /** The dataset that was predicted. */
  dataset: Dataset
  /** The column that names a row, in both. */
  id: string
}

const PREFIX = 'probability_'

/**
 * Reads what a program predicted, from a CSV, Parquet or JSON Lines file with the dataset's id column, in any order.
 * Regression, ranking, forecasting: `prediction`. Binary classification: `probability`, of the class 1. Any classification: `probability_x`
 * for every class x; multilabel: for every label x. Throws a `UserError` where columns or rows are not those that are needed.
 */
export async function readPredictions(path: string, options: PredictionsFileOptions): Promise<Predictions> {
  const { task, dataset, id } = options
  const file = await openDataset({ root: dirname(path), files: basename(path) })
  try {
    if (!file.columns.some(({ name }) => name === id)) throw lacks(path, file, `${id} (data.id), which names the row`)
    const columns = columnsFor(task, path, file)
    const at = await placesOf(id, file, path, dataset)
    const read = await file.readColumns(columns)
    const values = columns.map((name) => {
      const numbers = numbersIn(read[name]!, name, path)
      return Float64Array.from(at, (place) => numbers[place]!)
    })
    return predictionsOf(task, columns, values)
  } finally {
    file.close()
  }
}

const needed: Record<Task, string> = {
  regression: 'prediction, the value',
  ranking: 'prediction, the score',
  forecasting: 'prediction, the value',
  'binary-classification':
    'probability, of the class 1, nor one for each of two classes (probability_no, probability_yes)',
  'multiclass-classification': 'for each class (probability_early, probability_late, …)',
  'multilabel-classification': 'for each label (probability_<label>)',
}

function columnsFor(task: Task, path: string, file: Dataset): string[] {
  const names = file.columns.map(({ name }) => name)
  const classes = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX)
  if (!isClassification(task) && names.includes('prediction')) return ['prediction']
  if (task !== 'binary-classification' && isClassification(task) && classes.length > 1) return classes
  if (task === 'binary-classification' && classes.length === 2) return classes
  if (task === 'binary-classification' && names.includes('probability')) return ['probability']
  throw lacks(path, file, needed[task])
}

function predictionsOf(task: Task, columns: readonly string[], values: readonly Float64Array[]): Predictions {
  const [first] = values as [Float64Array]
  const rows = first.length
  if (!isClassification(task)) return { rows, values: first }
  const classes = columns.map((name) => name.slice(PREFIX.length))
  if (task === 'binary-classification') {
    if (columns.length === 1) return { rows, classes: ['0', '1'], probabilities: first }
    const positive = positiveOf(classes)
    return { rows, classes: [classes[1 - positive]!, classes[positive]!], probabilities: values[positive]! }
  }
  const width = classes.length
  const classProbabilities = Float64Array.from({ length: rows * width }, (_, place) => {
    return values[place % width]![Math.floor(place / width)]!
  })
  return { rows, classes, classProbabilities }
}

function lacks(path: string, file: Dataset, what: string): UserError {
  return new UserError(`${path} has no column ${what}. ${sayColumns(file)}`)
}

function numbersIn(values: ColumnValues, name: string, path: string): Float64Array {
  if (values instanceof Float64Array) return values
  throw new UserError(`${path} holds text in the column ${name}, which must hold numbers.`)
}
