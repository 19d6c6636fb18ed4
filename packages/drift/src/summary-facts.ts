import { differentValues, momentsOf } from '@modelyard/data'
import type { ColumnFacts, ProfileV2 } from '@modelyard/spec'

export type Summary = ProfileV2['summaries'][number]

/** What is told of a column. Of texts no value is: the least and the greatest are one row's each. */
export function factsOf(summary: Summary, rows: number): ColumnFacts {
  const { type, nulls, lengths, masked } = summary
  const hidden = { type, nulls, distinct: null, min: null, max: null, mean: null, lengths: null }
  if (masked) return hidden
  const isText = lengths !== null || type === 'VARCHAR'
  return {
    ...hidden,
    distinct: differentValues(summary),
    ...(!isText && { min: summary.min, max: summary.max }),
    mean: momentsOf(summary, rows)?.mean ?? null,
    ...(lengths && { lengths: { min: lengths.min, max: lengths.max, mean: lengths.sum / (rows - nulls) } }),
  }
}

/** The counts of the same values in two columns, by value; undefined where one has too many different ones to know all. */
export function cellsOf(before: Summary, after: Summary, rows: { before: number; after: number }) {
  const [first, second] = [valuesOf(before, rows.before), valuesOf(after, rows.after)]
  if (!first || !second) return undefined
  return [...new Set([...first.keys(), ...second.keys()])].map((value) => ({
    value,
    before: first.get(value) ?? 0,
    after: second.get(value) ?? 0,
  }))
}

function valuesOf({ type, values, nulls, true: yes }: Summary, rows: number): Map<string, number> | undefined {
  if (type === 'BOOLEAN')
    return new Map([
      ['true', yes],
      ['false', rows - nulls - yes],
    ])
  return values ? new Map(values.map(({ value, count }) => [value, count])) : undefined
}
