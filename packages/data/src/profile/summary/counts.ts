import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset, Row, Value } from '../../dataset.ts'
import { quoteIdentifier } from '../../engine/quote.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { isFloat, type Kind, summarized, summaryKind } from './kinds.ts'

/** So many columns are aggregated in one scan: of more, a row group takes too much memory. */
const AT_ONCE = 16

/** The least and the greatest finite number as a double, 0 for −0. */
export interface Range {
  min: number
  max: number
}

export interface Counts {
  summary: Omit<ColumnSummary, 'sketch' | 'distinct' | 'values'>
  /** Null for other types than numbers and where there is none. */
  range: Range | null
}

/** Counts, ends, sums and lengths of columns in `modelyard_part`. */
export async function countSummaries(dataset: Dataset, columns: readonly ColumnPlan[]): Promise<Counts[]> {
  const rows = dataset.shard?.rows ?? dataset.rows
  const found: Counts[] = []
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const some = columns.slice(from, from + AT_ONCE)
    const row = await aggregate(dataset, some.map(aggregatesOf))
    const unusual = some.map((column, index) =>
      row[`given_${index}`] === row[`finite_${index}`] ? {} : special(column),
    )
    const more = await aggregate(dataset, unusual)
    found.push(...some.map((column, index) => countsOf(column, rows, { ...row, ...more }, index)))
  }
  return found
}

/** The aggregates of each of some columns, by their names and the number of the column. */
async function aggregate(dataset: Dataset, columns: ReadonlyArray<Record<string, string>>): Promise<Row> {
  const list = columns.flatMap((each, index) => Object.entries(each).map(([name, sql]) => `${sql} AS ${name}_${index}`))
  if (list.length === 0) return {}
  const [row] = await dataset.query(`SELECT ${list.join(', ')} FROM modelyard_part`)
  return row!
}

/** What is asked of a column: only counts where it is masked. */
function aggregatesOf(column: ColumnPlan): Record<string, string> {
  const kind = summaryKind(column.type)
  const value = quoteIdentifier(column.name)
  return {
    given: `count(${value})`,
    ...(kind === 'boolean' && { true: countOf(value) }),
    ...(column.type === 'VARCHAR' && { empty: countOf(`${value} = ''`) }),
    ...(kind === 'number' && { zeros: countOf(`${value} = 0`) }),
    ...(isFloat(column.type) && { finite: `count(${summarized(column)})` }),
    ...(!column.masked && kind !== 'other' && values(column, kind)),
  }
}

/** What is asked only where some values are not finite. */
function special({ name, type }: ColumnPlan): Record<string, string> {
  if (!isFloat(type)) return {}
  const value = quoteIdentifier(name)
  return {
    nan: countOf(`isnan(${value})`),
    positive: countOf(`${value} = 'infinity'::${type}`),
    negative: countOf(`${value} = '-infinity'::${type}`),
  }
}

/** Rows that meet a condition. (`FILTER` takes a time that grows with the square of the number of aggregates.) */
function countOf(condition: string): string {
  return `count(CASE WHEN ${condition} THEN 1 END)`
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
    least: `min(${value})::DOUBLE`,
    greatest: `max(${value})::DOUBLE`,
    finite: `count(${value})`,
    ...Object.fromEntries(sums),
  }
}

/** Multiplied by a power of two, which changes no digit, and rounded; null where it is too large. */
function times(x: string, scale: number): string {
  return `TRY_CAST(${x} * '${2 ** scale}'::DOUBLE AS BIGINT)`
}

function countsOf({ name, type, masked, scales }: ColumnPlan, rows: number, row: Row, index: number): Counts {
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
      nulls: rows - count('given'),
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
