import { spanMilliseconds, UserError } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import { quoteIdentifier } from '../engine/quote.ts'

const timed = /^(?:DATE|TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?)$/

/** Rows put into windows: an SQL expression that gives the number of a row's window, null where it is in none. */
export interface Windows {
  sql: string
  /** Bound in `sql`. */
  parameters: Record<string, number>
}

/** The times of a dataset, in microseconds since 1970. */
export interface Times {
  /** Of a row, as SQL; null where it has no time, or a placeholder such as the year 9999. */
  sql: string
  first: number
  last: number
  /** Rows that have none. */
  without: number
  /** Rows after `until`, and the newest of their times; null where there are none. */
  after: { rows: number; newest: number } | null
}

/** Microseconds from before the first time that is none of a placeholder's, 1900, until 1970. */
const BEFORE_ALL = 70 * 366 * 86_400_000_000

/** Where rows have no time, all are one window. */
export const ONE_WINDOW: Windows = { sql: '0', parameters: {} }

/**
 * The time of a row, as SQL, in microseconds since 1970; null where it has none, or a placeholder such as the year 9999.
 * The time of a DATE is the end of its day: `day` microseconds after its start. Throws a `UserError` where there is no
 * such column, or where it is no time.
 */
export function timeSql({ columns, files }: Dataset, name: string): { sql: string; day: number } {
  const column = columns.find((each) => each.name === name)
  const names = files.map((file) => file.name).join(', ')
  if (!column) {
    throw new UserError(
      `${names} has no column ${name}, which data.time names: without it rows cannot be put into windows. Write the column, or correct data.time.`,
    )
  }
  if (!timed.test(column.type)) {
    throw new UserError(
      `data.time names ${name}, which is ${column.type} in ${names}: windows need a timestamp or a date. Write it as one.`,
    )
  }
  const day = column.type === 'DATE' ? 86_400_000_000 - 1000 : 0
  const time = `${quoteIdentifier(name)}::TIMESTAMP`
  return {
    sql: `CASE WHEN ${time} BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2199-12-31' THEN epoch_us(${time}) + ${day} END`,
    day,
  }
}

/**
 * Looks at the column of times; rows after `until` are counted and else as if they were not there. A DATE is after
 * `until` only where all of the day is. Throws a `UserError` as `timeSql`, and where the column holds no time.
 */
export async function timesOf(dataset: Dataset, name: string, until = Number.MAX_SAFE_INTEGER): Promise<Times> {
  const { sql, day } = timeSql(dataset, name)
  const [found] = await dataset.query(
    `SELECT min(t) FILTER (t <= $until) AS first, max(t) FILTER (t <= $until) AS last, count(*) FILTER (t IS NULL) AS without,
      count(*) FILTER (t > $until) AS after, max(t) FILTER (t > $until) AS newest FROM (SELECT ${sql} AS t FROM data)`,
    { until: until + day },
  )
  if (found!.first === null) {
    const files = dataset.files.map((file) => file.name).join(', ')
    const when = until === Number.MAX_SAFE_INTEGER ? '' : ` up to ${isoTime(until)}`
    throw new UserError(`No row of ${files} has a time in ${name}${when}: there is no window to look at.`)
  }
  const { first, last, without, after, newest } = found!
  return {
    sql,
    first: Number(first) - day,
    last: Number(last),
    without: Number(without),
    after: newest === null ? null : { rows: Number(after), newest: Number(newest) },
  }
}

/** Windows that start at multiples of the span since 1970: the same ones whatever rows there are. */
export function alignedWindows(times: Pick<Times, 'sql'>, span: string): Windows {
  // `//` rounds towards zero, so times are counted from a multiple of the span that is before all of them.
  const before = Math.ceil(BEFORE_ALL / microseconds(span))
  return {
    sql: `(${times.sql} + $before::BIGINT * $span::BIGINT) // $span::BIGINT - $before::BIGINT`,
    parameters: { span: microseconds(span), before },
  }
}

/** The newest `most` windows that end with the last row, counted back from it: 0 is (last − span, last]. */
export function windowsBack(times: Times, span: string, most: number): Windows {
  const [last, back] = [times.last, microseconds(span)]
  return {
    sql: `CASE WHEN ${times.sql} BETWEEN $last::BIGINT - $most::BIGINT * $span::BIGINT + 1 AND $last::BIGINT THEN ($last::BIGINT - ${times.sql}) // $span::BIGINT END`,
    parameters: { last, most, span: back },
  }
}

export function microseconds(span: string): number {
  return spanMilliseconds(span) * 1000
}

export function isoTime(microseconds: number): string {
  return new Date(Math.floor(microseconds / 1000)).toISOString()
}
