import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset, Row, Value } from '../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { quoteIdentifier } from '../quote.ts'
import { type Kind, summarized, summaryKind } from './kinds.ts'

/** So many columns are aggregated in one scan: of more, a row group takes too much memory. */
const AT_ONCE = 16

export interface Counts {
  summary: Omit<ColumnSummary, 'sketch' | 'distinct' | 'values'>
  /** The least and the greatest finite number as a double, 0 for −0; null for other types and where there is none. */
  range: { min: number; max: number } | null
}

/** Counts, ends, sums and lengths of columns in `part`. */
export async function countSummaries(dataset: Dataset, columns: readonly ColumnPlan[]): Promise<Counts[]> {
  const found: Counts[] = []
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const some = columns.slice(from, from + AT_ONCE)
    const aggregates = some.map((column, index) =>
      Object.entries(aggregatesOf(column)).map(([name, sql]) => `${sql} AS ${name}_${index}`),
    )
    const [row] = await dataset.query(`SELECT ${aggregates.flat().join(', ')} FROM part`)
    found.push(...some.map((column, index) => countsOf(column, row!, index)))
  }
  return found
}

/** What is asked of a column: only counts where it is masked. */
function aggregatesOf(column: ColumnPlan): Record<string, string> {
  const kind = summaryKind(column.type)
  const value = quoteIdentifier(column.name)
  return {
    nulls: `count(*) FILTER (${value} IS NULL)`,
    ...special(column, kind, value),
    ...(!column.masked && kind !== 'other' && values(column, kind)),
  }
}

function special({ type }: ColumnPlan, kind: Kind, value: string): Record<string, string> {
  if (kind === 'boolean') return { true: `count(*) FILTER (${value})` }
  if (kind === 'text') return type === 'VARCHAR' ? { empty: `count(*) FILTER (${value} = '')` } : {}
  if (kind !== 'number') return {}
  const zeros = { zeros: `count(*) FILTER (${value} = 0)` }
  if (type !== 'FLOAT' && type !== 'DOUBLE') return zeros
  return {
    ...zeros,
    nan: `count(*) FILTER (isnan(${value}))`,
    positive: `count(*) FILTER (${value} = 'infinity'::${type})`,
    negative: `count(*) FILTER (${value} = '-infinity'::${type})`,
  }
}

function values(column: ColumnPlan, kind: Kind): Record<string, string> {
  const value = summarized(column)
  const ends = { min: `min(${value})::VARCHAR`, max: `max(${value})::VARCHAR` }
  if (kind === 'text') {
    const length = `length(${quoteIdentifier(column.name)}::VARCHAR)`
    return { ...ends, shortest: `min(${length})`, longest: `max(${length})`, length: `sum(${length})` }
  }
  if (!column.scales) return ends
  const x = `(${value})::DOUBLE`
  const scaled = { x: times(x, column.scales.x), squares: times(`${x} * ${x}`, column.scales.squares) }
  const sums = Object.entries(scaled).flatMap(([name, sql]) => [
    [`${name}_sum`, `sum(${sql})`],
    [`${name}_summed`, `count(${sql})`],
  ])
  return {
    ...ends,
    least: `min(${x})`,
    greatest: `max(${x})`,
    finite: `count(${value})`,
    ...Object.fromEntries(sums),
  }
}

/** Multiplied by a power of two, which changes no digit, and rounded; null where it is too large. */
function times(x: string, scale: number): string {
  return `TRY_CAST(${x} * '${2 ** scale}'::DOUBLE AS BIGINT)`
}

function countsOf({ name, type, masked, scales }: ColumnPlan, row: Row, index: number): Counts {
  const get = (key: string): Value => row[`${key}_${index}`] ?? null
  const count = (key: string) => Number(get(key) ?? 0)
  const text = (key: string) => (get(key) === null ? null : String(get(key)))
  const sum = (key: 'x' | 'squares') => ({
    scale: scales![key],
    sum: count(`${key}_summed`) === count('finite') ? (text(`${key}_sum`) ?? '0') : null,
  })
  const range = (key: string) => Number(get(key)) + 0
  return {
    summary: {
      name,
      type,
      masked,
      nulls: count('nulls'),
      nan: count('nan'),
      infinite: { positive: count('positive'), negative: count('negative') },
      zeros: count('zeros'),
      empty: count('empty'),
      true: count('true'),
      min: text('min'),
      max: text('max'),
      sums: scales && { x: sum('x'), squares: sum('squares') },
      lengths: get('length') === null ? null : { min: count('shortest'), max: count('longest'), sum: count('length') },
    },
    range: get('least') === null ? null : { min: range('least'), max: range('greatest') },
  }
}
