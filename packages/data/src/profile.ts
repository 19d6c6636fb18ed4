import type { ProfileV2 } from '@modelyard/spec'
import { type ByWindow, countColumn, countRows, noCounts } from './count.ts'
import type { Dataset } from './dataset.ts'
import { keepNewest } from './merge-profiles.ts'
import { type ProfileOptions, type ProfilePlan, planProfile } from './profile-plan.ts'
import { alignedWindows, isoTime, microseconds, ONE_WINDOW, timesOf } from './windows.ts'

/**
 * What a model's training data look like, for `countLike` to count production by: integers and the bins that they
 * count, so that it is the same on any number of threads, and in any number of shards. Columns of times and of nested
 * types are not put into bins, nor is text that is no category. Throws a `UserError` where the column of times is missing
 * or none, or where no column is left.
 */
export async function profileDataset(dataset: Dataset, options: ProfileOptions): Promise<ProfileV2> {
  return profilePart(dataset, await planProfile(dataset, options))
}

/** The profile of the rows in `part`, by the plan of the whole. Those of all shards make the whole's: `mergeProfiles`. */
export async function profilePart(dataset: Dataset, plan: ProfilePlan): Promise<ProfileV2> {
  const times = plan.time === null ? undefined : await timesOf(dataset, plan.time)
  const windows = times ? alignedWindows(times, plan.span!) : ONE_WINDOW
  const rows = await countRows(dataset, windows)
  const counted: Array<ByWindow<ProfileV2['windows'][number]['columns'][number]>> = []
  for (const bins of plan.columns) counted.push(await countColumn(dataset, bins, windows))
  return {
    schema: 'https://modelyard.dev/profile/v2',
    model: plan.model,
    data: plan.data,
    rows: dataset.shard?.rows ?? dataset.rows,
    time: times ? { column: plan.time!, first: isoTime(times.first), last: isoTime(times.last) } : null,
    span: plan.span,
    columns: plan.columns,
    windows: keepNewest(
      [...rows].map(([window, count]) => ({
        start: times && window !== null ? isoTime(window * microseconds(plan.span!)) : null,
        rows: count,
        columns: plan.columns.map((bins, index) => counted[index]!.get(window) ?? noCounts(bins)),
      })),
    ),
    method: { duckdb: dataset.engine.duckdb, hash: 'hash()', error: 0.01 },
    summaries: [],
  }
}
