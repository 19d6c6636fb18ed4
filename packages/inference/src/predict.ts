import type { Dataset } from '@modelyard/data'
import type { Task } from '@modelyard/spec'
import type { FeatureOptions } from './features.ts'
import type { OnnxModel } from './model.ts'
import { joinPredictions, type Predictions } from './predictions.ts'

export interface PredictOptions extends FeatureOptions {
  task: Task
  /** Rows at a time. */
  batch?: number
  /** Whether to keep the class that the model itself chooses; by default it is kept. */
  labels?: boolean
  onProgress?: (done: number, rows: number) => void
}

const BATCH = 10_000

/** Runs a model over a dataset, a batch at a time. Memory grows with the predictions alone. */
export async function predict(model: OnnxModel, dataset: Dataset, options: PredictOptions): Promise<Predictions> {
  const { task, batch = BATCH, labels = true, onProgress } = options
  const features = model.features(dataset.columns, options)
  const parts: Predictions[] = []
  let done = 0
  for await (const columns of dataset.batches(features.names, batch, { text: features.text })) {
    const part = await model.predict(columns, features, task, { labels })
    parts.push(part)
    done += part.rows
    onProgress?.(done, dataset.rows)
  }
  return named(joinPredictions(parts), options)
}

/** A model seldom names its labels; then it gives them in the order of the columns with the truth. */
function named(predictions: Predictions, { task, label = [] }: PredictOptions): Predictions {
  const { rows, classes, classProbabilities } = predictions
  const labels = [label].flat()
  if (task !== 'multilabel-classification' || classes || classProbabilities?.length !== rows * labels.length) {
    return predictions
  }
  return { ...predictions, classes: labels }
}
