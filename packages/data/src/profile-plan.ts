import { type ColumnBins, UserError } from '@modelyard/spec'
import { findBins, valueSql } from './bins.ts'
import type { Dataset } from './dataset.ts'
import { summaryKind } from './summary/kinds.ts'
import { type Scales, scalesFor } from './summary/scales.ts'
import { timeSql, timesOf } from './windows.ts'

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
  /** Null where nothing is summed. */
  scales: Scales | null
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
  if (options.time !== undefined) await requireTime(dataset, options.time)
  const masked = options.masked ?? []
  const columns = await binsOf(dataset, [...options.leaveOut, ...masked])
  return {
    model: options.model,
    data: dataset.sha256,
    time: options.time ?? null,
    span: options.time === undefined ? null : options.span,
    columns,
    summaries: await planSummaries(dataset, columns, masked),
  }
}

async function planSummaries(
  dataset: Dataset,
  bins: readonly ColumnBins[],
  masked: readonly string[],
): Promise<ColumnPlan[]> {
  const plans: ColumnPlan[] = []
  for (const column of dataset.columns) {
    const scaled = summaryKind(column.type) === 'number' && !masked.includes(column.name)
    plans.push({
      ...column,
      masked: masked.includes(column.name),
      scales: scaled ? scalesFor(column.type, await magnitudeOf(dataset, column.name, bins)) : null,
    })
  }
  return plans
}

/** The greatest magnitude in the sample that bins were chosen by. */
async function magnitudeOf(dataset: Dataset, name: string, columns: readonly ColumnBins[]): Promise<number> {
  const bins = columns.find((each) => each.name === name)
  if (bins?.kind === 'number') return Math.max(Math.abs(bins.min ?? 0), Math.abs(bins.max ?? 0))
  const [row] = await dataset.query(
    `SELECT max(abs(x)) AS most FROM (SELECT ${valueSql('number', name)} AS x FROM sample) WHERE isfinite(x)`,
  )
  return Number(row!.most ?? 0)
}

/** Rows without a time are in no window; where none has one, there is no window at all. */
async function requireTime(dataset: Dataset, name: string): Promise<void> {
  const found = await dataset.query(
    `SELECT 1 FROM (SELECT ${timeSql(dataset, name).sql} AS t FROM data) WHERE t IS NOT NULL LIMIT 1`,
  )
  if (found.length === 0) await timesOf(dataset, name)
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
