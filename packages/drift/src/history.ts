import { addCounts } from '@modelyard/data'
import { type ColumnCounts, type DriftMeasure, type Profile, spanMilliseconds } from '@modelyard/spec'
import { type Measured, measure } from './measures.ts'
import { BEYOND_USUAL, FALSE_DISCOVERIES, FLOORS, LEAST_WINDOWS, type Metric, SPARED_FROM } from './rule.ts'

/** A window must be covered by data to so much of its span to be compared with others. */
const COVERED = 5 / 6

export interface ReferenceColumn {
  /** All rows. */
  whole: ColumnCounts
  /** The windows that can be compared with each other. */
  windows: ColumnCounts[]
}

/** The reference by columns: the whole, and its windows that the data cover, of `rows` rows or more. */
export function byColumns(profile: Profile, rows: number): ReferenceColumn[] {
  const comparable = profile.windows.filter((window) => window.rows >= rows && isCovered(profile, window.start))
  return profile.columns.map((_, index) => ({
    whole: profile.windows.map((window) => window.columns[index]!).reduce(addCounts),
    windows: comparable.map((window) => window.columns[index]!),
  }))
}

function isCovered({ time, span }: Profile, start: string | null): boolean {
  if (start === null || time === null || span === null) return false
  const [from, length] = [Date.parse(start), spanMilliseconds(span)]
  const covered = Math.min(from + length, Date.parse(time.last)) - Math.max(from, Date.parse(time.first))
  return covered >= COVERED * length
}

/**
 * What each window differs by from all other rows of the reference, but for one that would be an alarm where there are
 * enough of them; null where too few windows can tell.
 */
export function usual(
  metric: Metric,
  bins: Profile['columns'][number],
  column: ReferenceColumn,
): DriftMeasure['usual'] {
  const found = column.windows.flatMap((window) => {
    const measured = measure(metric, { bins, before: without(column.whole, window), after: window })
    return measured ? [measured] : []
  })
  if (found.length < LEAST_WINDOWS) return null
  const sorted = found.sort((a, b) => a.value - b.value)
  const [second, most] = sorted.slice(-2) as [Measured, Measured]
  const odd =
    sorted.length >= SPARED_FROM &&
    most.p <= FALSE_DISCOVERIES &&
    most.value >= FLOORS[metric].alarm &&
    most.value > BEYOND_USUAL * second.value
  return { low: sorted[0]!.value, high: odd ? second.value : most.value, windows: sorted.length }
}

function without(whole: ColumnCounts, part: ColumnCounts): ColumnCounts {
  return {
    counts: whole.counts.map((count, index) => count - part.counts[index]!),
    nulls: whole.nulls - part.nulls,
    nan: whole.nan - part.nan,
    infinite: whole.infinite - part.infinite,
    other: whole.other - part.other,
  }
}
