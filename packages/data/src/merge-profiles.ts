import { type ColumnCounts, canonicalJson, type ProfileV2, UserError } from '@modelyard/spec'

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
  const differs = others.find((other) => alike(other) !== alike(first))
  if (differs) {
    throw new UserError(
      `The profiles of ${first.data} and ${differs.data} were not counted alike: they have another model, span, column of times, or other bins. Profile both with the same columns.`,
    )
  }
  const times = profiles.flatMap(({ time }) => (time ? [time] : []))
  return {
    ...first,
    rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
    time:
      first.time === null
        ? null
        : {
            column: first.time.column,
            first: times.map((time) => time.first).reduce((a, b) => (a < b ? a : b)),
            last: times.map((time) => time.last).reduce((a, b) => (a > b ? a : b)),
          },
    windows: keepNewest(profiles.flatMap(({ windows }) => windows)),
  }
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

function alike({ model, data, span, time, columns, method }: ProfileV2): string {
  return canonicalJson({ model, data, span, time: time?.column ?? null, columns, method })
}
