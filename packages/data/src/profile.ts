import { type ColumnBins, type Profile, UserError } from '@modelyard/spec'
import { findBins } from './bins.ts'
import { type ByWindow, countColumn, countRows, noCounts } from './count.ts'
import type { Dataset } from './dataset.ts'
import { keepNewest } from './merge-profiles.ts'
import { alignedWindows, isoTime, microseconds, ONE_WINDOW, timesOf } from './windows.ts'

export interface ProfileOptions {
  model: string
  /** Columns that are no inputs of the model: label, id, time, group. */
  leaveOut: readonly string[]
  /** The column by which rows are put into windows. */
  time?: string
  /** The span of a window, as `7d`. */
  span: string
  /** Count by these instead of finding bins and categories: for the shards of one dataset, whose profiles merge. */
  columns?: readonly ColumnBins[]
}

/**
 * What a model's training data look like, for `countLike` to count production by: integers and the bins that they
 * count, so that it is the same on any number of threads. Columns of times and of nested types are left out, and text
 * that is no category. Throws a `UserError` where the column of times is missing or none, or where no column is left.
 */
export async function profileDataset(dataset: Dataset, options: ProfileOptions): Promise<Profile> {
  const times = options.time === undefined ? undefined : await timesOf(dataset, options.time)
  const windows = times ? alignedWindows(times, options.span) : ONE_WINDOW
  const columns = options.columns ? [...options.columns] : await binsOf(dataset, options.leaveOut)
  const rows = await countRows(dataset, windows)
  const counted: Array<ByWindow<Profile['windows'][number]['columns'][number]>> = []
  for (const bins of columns) counted.push(await countColumn(dataset, bins, windows))
  return {
    schema: 'https://modelyard.dev/profile/v1',
    model: options.model,
    data: dataset.sha256,
    rows: dataset.rows,
    time: times ? { column: options.time!, first: isoTime(times.first), last: isoTime(times.last) } : null,
    span: times ? options.span : null,
    columns,
    windows: keepNewest(
      [...rows].map(([window, count]) => ({
        start: times && window !== null ? isoTime(window * microseconds(options.span)) : null,
        rows: count,
        columns: columns.map((bins, index) => counted[index]!.get(window) ?? noCounts(bins)),
      })),
    ),
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
