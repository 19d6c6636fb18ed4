import type { Dataset } from '@modelyard/data'
import type { Task } from '@modelyard/spec'
import type { FeatureOptions } from './features.ts'
import type { OnnxModel } from './model.ts'

/** What a model says of each row, in the order of the rows. Which fields there are depends on the task. */
export interface Predictions {
  rows: number
  /** Binary classification: probability of the positive class. */
  probabilities?: Float64Array
  /** Multiclass classification: rows × classes, row by row. */
  classProbabilities?: Float64Array
  /**
   * Classification: the classes as text (`"0"`, `"1"`, `"late"`), in the order of the probabilities. Binary: negative,
   * positive; the positive one is called 1 or true, or else is the second.
   */
  classes?: string[]
  /** Classification: the class that the model chose, as text, as in `classes`. */
  labels?: string[]
  /** Regression. */
  values?: Float64Array
}

export interface PredictOptions extends FeatureOptions {
  task: Task
  /** Rows at a time. */
  batch?: number
  onProgress?: (done: number, rows: number) => void
}

const BATCH = 10_000

/** Runs a model over a dataset, a batch at a time. Memory grows with the predictions alone. */
export async function predict(model: OnnxModel, dataset: Dataset, options: PredictOptions): Promise<Predictions> {
  const { task, batch = BATCH, onProgress } = options
  const features = model.features(dataset.columns, options)
  const parts: Predictions[] = []
  let done = 0
  for await (const columns of dataset.batches(features.names, batch, { text: features.text })) {
    const part = await model.predict(columns, features, task)
    parts.push(part)
    done += part.rows
    onProgress?.(done, dataset.rows)
  }
  return join(parts)
}

function join(parts: readonly Predictions[]): Predictions {
  const first = parts[0]!
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    ...(first.classes && { classes: first.classes }),
    ...(first.probabilities && { probabilities: joined(parts.map((part) => part.probabilities!)) }),
    ...(first.classProbabilities && { classProbabilities: joined(parts.map((part) => part.classProbabilities!)) }),
    ...(first.values && { values: joined(parts.map((part) => part.values!)) }),
    ...(first.labels && { labels: parts.flatMap((part) => part.labels!) }),
  }
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
