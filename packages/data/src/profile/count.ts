import type { ColumnBins, ColumnCounts } from '@modelyard/spec'
import type { Dataset, Row, Value } from '../dataset.ts'
import { quoteIdentifier } from '../engine/quote.ts'
import { valueSql } from './bins.ts'
import { ONE_WINDOW, type Windows } from './windows.ts'

/** Counts by the number of the window; those of rows in no window are under null. */
export type ByWindow<T> = Map<number | null, T>

/** All rows, or those of the shard. */
type Table = 'data' | 'modelyard_part'

/** Rows in each window. */
export async function countRows(dataset: Dataset, { sql, parameters }: Windows): Promise<ByWindow<number>> {
  const rows = await dataset.query(
    `SELECT w, count(*) AS n FROM (SELECT ${sql} AS w FROM modelyard_part) GROUP BY w`,
    parameters,
  )
  return new Map(rows.map(({ w, n }) => [windowOf(w!), Number(n)]))
}

/** So many columns are counted in one scan: of more, a row group takes too much memory. */
const AT_ONCE = 16

/** Columns in each window, by given bins. A window without rows is not in the answer. */
export async function countColumns(
  dataset: Dataset,
  columns: readonly ColumnBins[],
  windows: Windows,
  from: Table = 'modelyard_part',
): Promise<Array<ByWindow<ColumnCounts>>> {
  const found = new Map<ColumnBins, ByWindow<ColumnCounts>>()
  const numbers = columns.filter((bins) => bins.kind === 'number')
  for (let at = 0; at < numbers.length; at += AT_ONCE) {
    const some = numbers.slice(at, at + AT_ONCE)
    const counted = await countNumbers(dataset, some, windows, from)
    for (const [index, bins] of some.entries()) found.set(bins, counted[index]!)
  }
  for (const bins of columns) {
    if (bins.kind === 'category') found.set(bins, await countCategories(dataset, bins, windows, from))
  }
  return columns.map((bins) => found.get(bins)!)
}

/** A column in all rows of `data`, whatever the shard, by given bins. */
export async function countValues(dataset: Dataset, bins: ColumnBins): Promise<ColumnCounts> {
  const [counted] = await countColumns(dataset, [bins], ONE_WINDOW, 'data')
  return counted!.get(0) ?? noCounts(bins)
}

/** What a column without any rows counts. */
export function noCounts(bins: ColumnBins): ColumnCounts {
  const length = bins.kind === 'number' ? bins.edges.length + 1 : bins.categories.length
  return { counts: new Array<number>(length).fill(0), nulls: 0, nan: 0, infinite: 0, other: 0 }
}

async function countNumbers(
  dataset: Dataset,
  columns: ReadonlyArray<ColumnBins & { kind: 'number' }>,
  { sql, parameters }: Windows,
  from: Table,
): Promise<Array<ByWindow<ColumnCounts>>> {
  const values = columns.map(({ name }, index) => `${valueSql('number', name)} AS x${index}`)
  const finite = columns.map((_, index) => `CASE WHEN isfinite(x${index}) THEN x${index} END AS f${index}`)
  // `FILTER` would take a time that grows with the square of the number of aggregates.
  const aggregates = columns.map(
    ({ min }, i) => `count(x${i}) AS given${i}, count(CASE WHEN isnan(x${i}) THEN 1 END) AS nan${i},
      ${min === null ? '' : `count(CASE WHEN f${i} NOT BETWEEN $min${i}::DOUBLE AND $max${i}::DOUBLE THEN 1 END) AS other${i},`}
      array_to_string(map_values(histogram(f${i}, $edges${i}::DOUBLE[])), ',') AS counts${i}`,
  )
  const rows = await dataset.query(
    `SELECT w, count(*) AS n, ${aggregates.join(', ')}
    FROM (SELECT *, ${finite.join(', ')} FROM (SELECT ${sql} AS w, ${values.join(', ')} FROM ${from})) GROUP BY w`,
    { ...parameters, ...Object.assign({}, ...columns.map(boundsOf)) },
  )
  return columns.map((bins, i) => new Map(rows.map((row) => [windowOf(row.w!), countsOf(bins, row, i)])))
}

/** Bound as text: as numbers in SQL they would be DECIMAL, and some off by a digit. */
function boundsOf({ min, max, edges }: ColumnBins & { kind: 'number' }, index: number): Record<string, string> {
  return {
    [`edges${index}`]: `[${[...edges, 'infinity'].join(', ')}]`,
    ...(min !== null && { [`min${index}`]: String(min), [`max${index}`]: String(max) }),
  }
}

function countsOf(bins: ColumnBins, row: Row, index: number): ColumnCounts {
  const get = (name: string) => Number(row[`${name}${index}`])
  const text = row[`counts${index}`] as string | null
  const counts = text === null ? noCounts(bins).counts : text.split(',').map(Number)
  const finite = counts.reduce((sum, count) => sum + count, 0)
  return {
    counts,
    nulls: Number(row.n) - get('given'),
    nan: get('nan'),
    infinite: get('given') - get('nan') - finite,
    other: bins.kind === 'number' && bins.min === null ? finite : get('other'),
  }
}

async function countCategories(
  dataset: Dataset,
  bins: ColumnBins & { kind: 'category' },
  { sql, parameters }: Windows,
  from: Table,
): Promise<ByWindow<ColumnCounts>> {
  const listed = listOf(bins.categories)
  const rows = await dataset.query(
    `SELECT w, i, c IS NULL AS missing, sum(n)::BIGINT AS n FROM (
      SELECT w, ${valueSql('category', 'v')} AS c, n
      FROM (SELECT w, v, count(*) AS n FROM (SELECT ${sql} AS w, ${quoteIdentifier(bins.name)} AS v FROM ${from}) GROUP BY w, v)
    ) LEFT JOIN ${listed.sql} USING (c) GROUP BY ALL`,
    { ...parameters, ...listed.parameters },
  )
  const found: ByWindow<ColumnCounts> = new Map()
  for (const row of rows) {
    const w = windowOf(row.w!)
    const counts = found.get(w) ?? noCounts(bins)
    found.set(w, counts)
    if (row.i !== null) counts.counts[Number(row.i)]! += Number(row.n)
    else if (row.missing === true) counts.nulls += Number(row.n)
    else counts.other += Number(row.n)
  }
  return found
}

/** Texts as a table of `c` and its index `i`. */
export function listOf(texts: readonly string[]): { sql: string; parameters: Record<string, string> } {
  if (texts.length === 0)
    return { sql: '(SELECT NULL::VARCHAR AS c, NULL::INTEGER AS i WHERE false) AS listed', parameters: {} }
  return {
    sql: `(VALUES ${texts.map((_, index) => `($c${index}::VARCHAR, ${index})`).join(', ')}) AS listed(c, i)`,
    parameters: Object.fromEntries(texts.map((each, index) => [`c${index}`, each])),
  }
}

function windowOf(w: Value): number | null {
  return w === null ? null : Number(w)
}
