import type { Dataset } from '@modelyard/data'
import type { Task } from '@modelyard/spec'
import type { OnnxModel } from './model.ts'

/** What a model says of each row, in the order of the rows. Which fields there are depends on the task. */
export interface Predictions {
  rows: number
  /** Binary classification: probability of the positive class. */
  probabilities?: Float64Array
  /** Multiclass classification: rows × classes, row by row. */
  classProbabilities?: Float64Array
  /** Classification: the classes as text (`"0"`, `"1"`, `"late"`), in the order of the probabilities. Binary: negative, positive. */
  classes?: string[]
  /** Classification: the class that the model chose, as text, as in `classes`. */
  labels?: string[]
  /** Regression. */
  values?: Float64Array
}

export interface PredictOptions {
  task: Task
  /** Columns that are no features: label, id, time, group. */
  exclude: readonly string[]
  /** Rows at a time. */
  batch?: number
  onProgress?: (done: number, rows: number) => void
}

/** Runs a model over a dataset, a batch at a time. */
export async function predict(_model: OnnxModel, _dataset: Dataset, _options: PredictOptions): Promise<Predictions> {
  throw new Error('under construction')
}
