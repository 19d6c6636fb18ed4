import { type ColumnBins, type ColumnCounts, canonicalJson, type ProfileV2, UserError } from '@modelyard/spec'
import { mergeSummaries } from './summary/merge.ts'

/** Windows of a profile: two years of weeks. */
const MOST_WINDOWS = 104

type Window = ProfileV2['windows'][number]

/**
 * The profile of a whole from those of its shards: exactly what `profileDataset` says of it, whatever the shards, their
 * order and grouping. Throws a `UserError` where they were not counted by one plan.
 */
export function mergeProfiles(profiles: readonly ProfileV2[]): ProfileV2 {
  const [first, ...others] = profiles
  if (!first) throw new RangeError('no profile to merge')
  const plan = planOf(first)
  const other = others.find((each) => planOf(each) !== plan)
  if (other) {
    const between = other.data === first.data ? 'two shards' : `${first.data} and ${other.data}`
    throw new UserError(
      `The profiles of ${between} were not counted alike: they are of other data, another model, span, bins or release of DuckDB. Profile all shards of one dataset again, with the same release of Modelyard.`,
    )
  }
  const times = profiles.flatMap(({ time }) => time ?? [])
  return {
    ...first,
    rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
    time: times.length === 0 ? null : times.reduce(joinTimes),
    columns: first.columns.map((_, index) => profiles.map(({ columns }) => columns[index]!).reduce(joinRanges)),
    windows: keepNewest(profiles.flatMap(({ windows }) => windows)),
    summaries: first.summaries.map((_, index) =>
      profiles.map(({ summaries }) => summaries[index]!).reduce(mergeSummaries),
    ),
  }
}

type Time = NonNullable<ProfileV2['time']>

function joinTimes(a: Time, b: Time): Time {
  return { column: a.column, first: a.first < b.first ? a.first : b.first, last: a.last > b.last ? a.last : b.last }
}

function joinRanges(a: ColumnBins, b: ColumnBins): ColumnBins {
  if (a.kind === 'category' || b.kind === 'category') return a
  const ends = [a.min, a.max, b.min, b.max].filter((end) => end !== null)
  return ends.length === 0 ? a : { ...a, min: Math.min(...ends), max: Math.max(...ends) }
}

/** Windows in order, those of one time added up; what is older than the newest 104 is added to what has no time. */
export function keepNewest(windows: readonly Window[]): Window[] {
  const starts = new Set(windows.flatMap(({ start }) => (start === null ? [] : [start])))
  const kept = new Set([...starts].sort().slice(-MOST_WINDOWS))
  const merged = new Map<string | null, Window>()
  for (const window of windows) {
    const start = window.start !== null && kept.has(window.start) ? window.start : null
    const before = merged.get(start)
    merged.set(start, before ? add(before, window, start) : { ...window, start })
  }
  return [...merged.values()].sort((a, b) => ((a.start ?? '') < (b.start ?? '') ? -1 : 1))
}

function add(a: Window, b: Window, start: string | null): Window {
  return {
    start,
    rows: a.rows + b.rows,
    columns: a.columns.map((column, index) => addCounts(column, b.columns[index]!)),
  }
}

/** Counts of the same bins, added up. */
export function addCounts(a: ColumnCounts, b: ColumnCounts): ColumnCounts {
  return {
    counts: a.counts.map((count, index) => count + b.counts[index]!),
    nulls: a.nulls + b.nulls,
    nan: a.nan + b.nan,
    infinite: a.infinite + b.infinite,
    other: a.other + b.other,
  }
}

/** All that is the same in the shards of one dataset, as text. */
function planOf({ model, data, span, columns, method, summaries }: ProfileV2): string {
  return canonicalJson({
    model,
    data,
    span,
    columns: columns.map((bins) => (bins.kind === 'number' ? { ...bins, min: null, max: null } : bins)),
    method,
    summaries: summaries.map(({ name, type, masked, sums }) => ({
      name,
      type,
      masked,
      scales: sums && [sums.x.scale, sums.squares.scale],
    })),
  })
}
