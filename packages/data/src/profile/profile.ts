import type { ColumnBins, ColumnCounts, ProfileV2 } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import { countColumns, noCounts } from './count.ts'
import { keepNewest } from './merge-profiles.ts'
import { type ProfileOptions, type ProfilePlan, planProfile } from './profile-plan.ts'
import { ERROR } from './summary/sketch.ts'
import { type Summarized, summarizeColumns } from './summary/summarize.ts'
import { alignedWindows, isoTime, microseconds, ONE_WINDOW, timeSql } from './windows.ts'

/**
 * What a model's training data look like, for `countLike` to count production by: integers and the bins that they
 * count, and summaries of all columns, so that it is the same on any number of threads and in any number of shards.
 * Columns of times and of nested types are not put into bins, nor is text that is no category. Throws a `UserError` as
 * `planProfile`.
 */
export async function profileDataset(dataset: Dataset, options: ProfileOptions): Promise<ProfileV2> {
  return profilePart(dataset, await planProfile(dataset, options))
}

/** The profile of the rows in `modelyard_part`, by the plan of the whole. Those of all shards make the whole's: `mergeProfiles`. */
export async function profilePart(dataset: Dataset, plan: ProfilePlan): Promise<ProfileV2> {
  const time = plan.time === null ? undefined : timeSql(dataset, plan.time)
  const windows = time ? alignedWindows(time, plan.span!) : ONE_WINDOW
  // The plan has the ends of a sample: which numbers are outside is not asked.
  const counted = await countColumns(dataset, plan.columns.map(withoutRange), windows)
  const summed = await summarizeColumns(dataset, plan.summaries)
  return {
    schema: 'https://modelyard.dev/profile/v2',
    model: plan.model,
    data: plan.data,
    rows: dataset.shard?.rows ?? dataset.rows,
    time: time ? await endsOf(dataset, plan.time!, time) : null,
    span: plan.span,
    columns: plan.columns.map((bins) => withRange(bins, summed)),
    windows: keepNewest(
      [...counted[0]!.keys()].map((window) => {
        const columns = plan.columns.map((bins, index) => ownCounts(bins, counted[index]!.get(window)))
        return {
          start: time && window !== null ? isoTime(window * microseconds(plan.span!)) : null,
          rows: rowsIn(columns[0]!),
          columns,
        }
      }),
    ),
    method: { duckdb: dataset.engine.duckdb, hash: 'duckdb hash()', error: ERROR },
    summaries: summed.map(({ summary }) => summary),
  }
}

function withoutRange(bins: ColumnBins): ColumnBins {
  return bins.kind === 'number' ? { ...bins, min: null, max: null } : bins
}

/** Bins with the ends of the part's own numbers. */
function withRange(bins: ColumnBins, counted: readonly Summarized[]): ColumnBins {
  if (bins.kind === 'category') return bins
  const range = counted.find(({ summary }) => summary.name === bins.name)!.range
  return { ...bins, min: range?.min ?? null, max: range?.max ?? null }
}

/** None of a reference's own numbers is outside its range. */
function ownCounts(bins: ColumnBins, counts: ColumnCounts = noCounts(bins)): ColumnCounts {
  return bins.kind === 'number' ? { ...counts, other: 0 } : counts
}

/** Every row of a window is counted once, whatever the column. */
function rowsIn({ counts, nulls, nan, infinite, other }: ColumnCounts): number {
  return counts.reduce((sum, count) => sum + count, nulls + nan + infinite + other)
}

/** The first and the last time in `modelyard_part`; null where no row has one. */
async function endsOf(
  dataset: Dataset,
  column: string,
  { sql, day }: { sql: string; day: number },
): Promise<ProfileV2['time']> {
  const [row] = await dataset.query(
    `SELECT min(t) AS first, max(t) AS last FROM (SELECT ${sql} AS t FROM modelyard_part)`,
  )
  const { first, last } = row!
  return first === null ? null : { column, first: isoTime(Number(first) - day), last: isoTime(Number(last)) }
}
