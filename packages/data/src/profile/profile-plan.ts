import { type ColumnBins, UserError } from '@modelyard/spec'
import type { Column, Dataset } from '../dataset.ts'
import { quoteIdentifier } from '../engine/quote.ts'
import { findAllBins } from './bins.ts'
import type { Range } from './summary/counts.ts'
import { MOST_FEW } from './summary/few.ts'
import { isFloat, summaryKind } from './summary/kinds.ts'
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
  /** Whether the sample has so few different values that they may be looked at one by one. */
  few: boolean
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
    const { name, type } = column
    const told = !masked.includes(name)
    const own = bins.find((each) => each.name === name)
    const ends = told && summaryKind(type) === 'number' ? await endsOf(dataset, column, own) : null
    plans.push({
      name,
      type,
      masked: !told,
      few: told && isFew(type, own, ends),
      scales: ends && scalesFor(type, Math.max(Math.abs(ends.min), Math.abs(ends.max))),
    })
  }
  return plans
}

/** Whether the sample has few different values: of text where it is a category, of integers where they are close together. */
function isFew(type: string, bins: ColumnBins | undefined, ends: Range | null): boolean {
  if (type === 'BOOLEAN' || bins?.kind === 'category') return true
  return ends !== null && /^U?(?:TINY|SMALL|BIG)?INT(?:EGER)?$/.test(type) && ends.max - ends.min < MOST_FEW
}

/** About the least and the greatest finite number; 0 where there is none. */
async function endsOf(dataset: Dataset, { name, type }: Column, bins: ColumnBins | undefined): Promise<Range> {
  if (bins?.kind === 'number') return { min: bins.min ?? 0, max: bins.max ?? 0 }
  // Files know the ends of whole numbers.
  const values = isFloat(type) ? `modelyard_sample WHERE isfinite(${quoteIdentifier(name)})` : 'data'
  const [row] = await dataset.query(
    `SELECT min(x)::DOUBLE AS least, max(x)::DOUBLE AS greatest FROM (SELECT ${quoteIdentifier(name)} AS x FROM ${values})`,
  )
  return { min: Number(row!.least ?? 0), max: Number(row!.greatest ?? 0) }
}

/** Rows without a time are in no window; where none has one, there is no window at all. */
async function requireTime(dataset: Dataset, name: string): Promise<void> {
  const found = await dataset.query(
    `SELECT 1 FROM (SELECT ${timeSql(dataset, name).sql} AS t FROM data) WHERE t IS NOT NULL LIMIT 1`,
  )
  if (found.length === 0) await timesOf(dataset, name)
}

async function binsOf(dataset: Dataset, leaveOut: readonly string[]): Promise<ColumnBins[]> {
  const columns = dataset.columns.filter(({ name }) => !leaveOut.includes(name))
  const found = (await findAllBins(dataset, columns)).filter((bins) => bins !== undefined)
  if (found.length > 0) return found
  const files = dataset.files.map(({ name }) => name).join(', ')
  throw new UserError(
    `${files} has no column to watch for drift: no number and no category is left beside ${leaveOut.join(', ')}.`,
  )
}
