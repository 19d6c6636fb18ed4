import type { Dataset } from '@modelyard/data'
import type { Predictions } from './predict.ts'

export interface ParityOptions {
  /** The dataset that was predicted, for its ids. */
  dataset: Dataset
  /** The column that names a row; without it rows are compared in order. */
  id?: string | undefined
}

/** How far our predictions are from the framework's own. */
export interface Parity {
  rows: number
  /** Greatest absolute difference of a probability or value; null where the file has labels alone. */
  max_difference: number | null
  /** Rows with another label; null for regression. */
  disagreements: number | null
}

/** Compares predictions with a Parquet file of the framework's own: columns `prediction` or `probability`, `id` if rows are not in order. */
export async function comparePredictions(
  _path: string,
  _predictions: Predictions,
  _options: ParityOptions,
): Promise<Parity> {
  throw new Error('under construction')
}
