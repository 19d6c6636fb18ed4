import { type ColumnBins, UserError } from '@modelyard/spec'
import { findBins } from './bins.ts'
import type { Dataset } from './dataset.ts'
import { timesOf } from './windows.ts'

export interface ProfileOptions {
  model: string
  /** Columns that are no inputs of the model: label, id, time, group. */
  leaveOut: readonly string[]
  /** The column by which rows are put into windows. */
  time?: string
  /** The span of a window, as `7d`. */
  span: string
  /** Columns of personal data: only counts are told of them, and they are not watched for drift. */
  masked?: readonly string[]
}

/** How a column's values are summarized. */
export interface ColumnPlan {
  name: string
  type: string
  masked: boolean
  /** Of numbers, by which power of two they and their squares are multiplied before they are summed. */
  scales: { x: number; squares: number } | null
}

/** What all shards of a dataset agree on before their rows are counted. */
export interface ProfilePlan {
  model: string
  /** The digest of the whole dataset. */
  data: string
  time: string | null
  span: string | null
  columns: ColumnBins[]
  summaries: ColumnPlan[]
}

/**
 * Decides how a dataset is profiled, from all of `data` whatever the shard: the same plan in every job of a matrix.
 * Throws a `UserError` where the column of times is missing or none, or where no column is left to watch for drift.
 */
export async function planProfile(dataset: Dataset, options: ProfileOptions): Promise<ProfilePlan> {
  if (options.time !== undefined) await timesOf(dataset, options.time)
  const masked = options.masked ?? []
  return {
    model: options.model,
    data: dataset.sha256,
    time: options.time ?? null,
    span: options.time === undefined ? null : options.span,
    columns: await binsOf(dataset, [...options.leaveOut, ...masked]),
    summaries: [],
  }
}

async function binsOf(dataset: Dataset, leaveOut: readonly string[]): Promise<ColumnBins[]> {
  const found: ColumnBins[] = []
  for (const column of dataset.columns) {
    const bins = leaveOut.includes(column.name) ? undefined : await findBins(dataset, column)
    if (bins) found.push(bins)
  }
  if (found.length > 0) return found
  const files = dataset.files.map(({ name }) => name).join(', ')
  throw new UserError(
    `${files} has no column to watch for drift: no number and no category is left beside ${leaveOut.join(', ')}.`,
  )
}
