import type { ColumnBins, ColumnCounts } from '@modelyard/spec'
import { measure } from './measures.ts'
import type { Metric } from './rule.ts'

/**
 * The most that a measure can be against this reference: that of `rows` rows which all are one and the same, whichever
 * is farthest. Every measure is convex in the shares of production, so that no mixture is farther than the farthest of
 * what it mixes (of PSI but for its rule for empty bins).
 */
export function farthest(metric: Metric, bins: ColumnBins, before: ColumnCounts, rows: number): number {
  const none = { counts: before.counts.map(() => 0), nulls: 0, nan: 0, infinite: 0, other: 0 }
  const beyond = bins.kind === 'number' ? { ...none, counts: none.counts.with(-1, rows) } : none
  const extremes = [
    { ...none, nulls: rows },
    { ...beyond, other: rows },
    ...none.counts.map((_, cell) => ({ ...none, counts: none.counts.with(cell, rows) })),
  ]
  return Math.max(...extremes.map((after) => measure(metric, { bins, before, after })?.value ?? 0))
}
