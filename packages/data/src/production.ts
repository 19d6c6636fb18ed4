import { type ColumnBins, type ColumnCounts, type Profile, UserError } from '@modelyard/spec'
import type { Dataset } from './dataset.ts'
import { kindOf, valueSql } from './profile/bins.ts'
import { type ByWindow, countColumns, countRows, listOf, noCounts } from './profile/count.ts'
import { percentilesOf } from './profile/percentiles.ts'
import { isoTime, microseconds, ONE_WINDOW, timesOf, type Windows, windowsBack } from './profile/windows.ts'

const MOST_WINDOWS = 12
const MOST_FREQUENT = 50

export interface ProductionOptions {
  /** The column by which rows are put into windows; without one, all rows are one window. */
  time?: string
  /** The span of a window, as `7d`. */
  span: string
  /** An ISO time: rows after it are not looked at. */
  until?: string
}

/** Production, counted by the reference's bins and categories. */
export interface Production {
  span: string
  /** At most the twelve newest, oldest first; the last one is judged. Empty ones are among them. */
  windows: ProductionWindow[]
  /** In the order of the reference's columns. */
  columns: ProductionColumn[]
  /** Rows in all, in windows or not. */
  rows: number
  /** Rows that have no time and so are in no window. */
  untimed: number
  /** Rows after `until`, which are in no window, and the newest of their times; null where there are none. */
  future: { rows: number; newest: string } | null
}

/** The rows of (start, end]; the ends are null where rows have no time. */
export interface ProductionWindow {
  start: string | null
  end: string | null
  rows: number
  /** In the order of the reference's columns; null where production has no such column. */
  columns: Array<ColumnCounts | null>
}

/** What else is known of a column in the newest window. */
export interface ProductionColumn {
  /** Its type in the data; null where there is none of that name. */
  type: string | null
  /** Whether it can be counted like the reference: numbers as numbers, categories as categories. */
  comparable: boolean
  /** Of finite numbers. */
  quartiles: [number, number, number] | null
  /** The most frequent numbers, or categories that the reference has not, with their counts in each window. */
  frequent: Array<{ value: number | string; counts: number[] }>
}

/**
 * Counts production by the reference's bins and categories, in windows that end with the newest row. A column that is
 * missing, or is of another kind, is not counted, and `columns` says so. Throws a `UserError` where the column of times
 * is missing or none, or where no row has a time.
 */
export async function countLike(reference: Profile, dataset: Dataset, options: ProductionOptions): Promise<Production> {
  const times = options.time === undefined ? undefined : await timesOf(dataset, options.time, untilOf(options.until))
  const windows = times ? windowsBack(times, options.span, MOST_WINDOWS) : ONE_WINDOW
  const span = microseconds(options.span)
  const length = times ? Math.min(MOST_WINDOWS, Math.floor((times.last - times.first) / span) + 1) : 1
  const numbers = Array.from({ length }, (_, index) => length - 1 - index)
  const rows = await countRows(dataset, windows)
  const counted: Array<ByWindow<ColumnCounts> | null> = []
  const columns: ProductionColumn[] = []
  for (const bins of reference.columns) {
    const column = dataset.columns.find(({ name }) => name === bins.name)
    const type = column?.type ?? null
    const comparable = column !== undefined && (column.empty === true || kindOf(column.type) === bins.kind)
    counted.push(comparable ? (await countColumns(dataset, [bins], windows))[0]! : null)
    columns.push({
      type,
      comparable,
      quartiles: comparable && bins.kind === 'number' ? await quartilesOf(dataset, bins, windows) : null,
      frequent: comparable ? await frequentIn(dataset, bins, windows, numbers) : [],
    })
  }
  return {
    span: options.span,
    windows: numbers.map((number) => ({
      start: times ? isoTime(times.last - (number + 1) * span) : null,
      end: times ? isoTime(times.last - number * span) : null,
      rows: rows.get(number) ?? 0,
      columns: reference.columns.map((bins, index) => {
        const column = counted[index]!
        return column && (column.get(number) ?? noCounts(bins))
      }),
    })),
    columns,
    rows: dataset.rows,
    untimed: times?.without ?? 0,
    future: times?.after ? { rows: times.after.rows, newest: isoTime(times.after.newest) } : null,
  }
}

function untilOf(until: string | undefined): number | undefined {
  if (until === undefined) return undefined
  const time = Date.parse(until)
  if (Number.isNaN(time))
    throw new UserError(`until is ${JSON.stringify(until)}: it must be a time like 2001-04-30T12:00:00Z.`)
  return time * 1000
}

async function quartilesOf(
  dataset: Dataset,
  { name }: ColumnBins,
  { sql, parameters }: Windows,
): Promise<[number, number, number] | null> {
  const values = `SELECT x FROM (SELECT ${sql} AS w, ${valueSql('number', name)} AS x FROM data) WHERE w = 0`
  const found = await percentilesOf(dataset, values, parameters)
  return found ? [found.at(25), found.at(50), found.at(75)] : null
}

/** The most frequent values of the newest window, and how often they are in each. Equal counts in the values' order. */
async function frequentIn(dataset: Dataset, bins: ColumnBins, windows: Windows, numbers: readonly number[]) {
  const listed = listOf(bins.kind === 'category' ? bins.categories : [])
  const wanted = bins.kind === 'number' ? 'isfinite(c)' : 'c IS NOT NULL'
  const known = bins.kind === 'number' ? '' : `AND c NOT IN (SELECT c FROM ${listed.sql})`
  const rows = await dataset.query(
    `WITH v AS (SELECT ${windows.sql} AS w, ${valueSql(bins.kind, bins.name)} AS c FROM data),
      top AS (SELECT c, count(*) AS n FROM v WHERE w = 0 AND ${wanted} ${known} GROUP BY c ORDER BY n DESC, c LIMIT ${MOST_FREQUENT})
    SELECT c, top.n AS newest, w, count(*) AS n FROM v JOIN top USING (c) WHERE w IS NOT NULL GROUP BY ALL ORDER BY newest DESC, c`,
    { ...windows.parameters, ...listed.parameters },
  )
  const found = new Map<number | string, number[]>()
  for (const row of rows) {
    const value = bins.kind === 'number' ? Number(row.c) : String(row.c)
    const counts = found.get(value) ?? numbers.map(() => 0)
    found.set(value, counts)
    counts[numbers.indexOf(Number(row.w))] = Number(row.n)
  }
  return [...found].map(([value, counts]) => ({ value, counts }))
}
