import type { ColumnFacts, ProfileV2 } from '@modelyard/spec'

export type Summary = ProfileV2['summaries'][number]

/** What is told of a column. Of texts no value is: the least and the greatest are one row's each. */
export function factsOf(summary: Summary, rows: number, distinct: number | null): ColumnFacts {
  const { type, nulls, lengths, masked } = summary
  const hidden = { type, nulls, distinct: null, min: null, max: null, mean: null, lengths: null }
  if (masked) return hidden
  const isText = lengths !== null || type === 'VARCHAR'
  return {
    ...hidden,
    distinct,
    ...(!isText && { min: summary.min, max: summary.max }),
    mean: momentsOf(summary, rows)?.mean ?? null,
    ...(lengths && { lengths: { min: lengths.min, max: lengths.max, mean: lengths.sum / (rows - nulls) } }),
  }
}

export interface Moments {
  n: number
  mean: number
  /** Of the mean of the column's values, not of the rows: divided by n, not by n − 1. */
  variance: number
}

/** Of finite numbers; undefined where there is none, or a sum is not known. */
export function momentsOf({ sums, nulls, nan, infinite }: Summary, rows: number): Moments | undefined {
  const n = rows - nulls - nan - infinite.positive - infinite.negative
  if (!sums || sums.x.sum === null || sums.squares.sum === null || n <= 0) return undefined
  const mean = unscale(sums.x.sum, sums.x.scale) / n
  return { n, mean, variance: Math.max(0, unscale(sums.squares.sum, sums.squares.scale) / n - mean ** 2) }
}

/** A sum of x · 2^scale as a number. */
function unscale(sum: string, scale: number): number {
  return Number(BigInt(sum)) * 2 ** -scale
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
