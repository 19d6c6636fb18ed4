import type { ColumnBins, ColumnCounts } from '@modelyard/spec'
import { valueSql } from './bins.ts'
import type { Dataset, Row, Value } from './dataset.ts'
import { ONE_WINDOW, type Windows } from './windows.ts'

/** Counts by the number of the window; those of rows in no window are under null. */
export type ByWindow<T> = Map<number | null, T>

/** All rows, or those of the shard. */
type Table = 'data' | 'part'

/** Rows in each window. */
export async function countRows(dataset: Dataset, { sql, parameters }: Windows): Promise<ByWindow<number>> {
  const rows = await dataset.query(`SELECT w, count(*) AS n FROM (SELECT ${sql} AS w FROM part) GROUP BY w`, parameters)
  return new Map(rows.map(({ w, n }) => [windowOf(w!), Number(n)]))
}

/** A column in each window, by given bins. A window without rows is not in the answer. */
export async function countColumn(
  dataset: Dataset,
  bins: ColumnBins,
  windows: Windows,
  from: Table = 'part',
): Promise<ByWindow<ColumnCounts>> {
  return bins.kind === 'number'
    ? countNumbers(dataset, bins, windows, from)
    : countCategories(dataset, bins, windows, from)
}

/** A column in all rows of `data`, whatever the shard, by given bins. */
export async function countValues(dataset: Dataset, bins: ColumnBins): Promise<ColumnCounts> {
  const counted = await countColumn(dataset, bins, ONE_WINDOW, 'data')
  return counted.get(0) ?? noCounts(bins)
}

/** What a column without any rows counts. */
export function noCounts(bins: ColumnBins): ColumnCounts {
  const length = bins.kind === 'number' ? bins.edges.length + 1 : bins.categories.length
  return { counts: new Array<number>(length).fill(0), nulls: 0, nan: 0, infinite: 0, other: 0 }
}

async function countNumbers(
  dataset: Dataset,
  bins: ColumnBins & { kind: 'number' },
  { sql, parameters }: Windows,
  from: Table,
): Promise<ByWindow<ColumnCounts>> {
  // The edges are bound as text: as numbers in SQL they would be DECIMAL, and some off by a digit.
  const rows = await dataset.query(
    `SELECT w, count(*) FILTER (x IS NULL) AS nulls, count(*) FILTER (isnan(x)) AS nan, count(*) FILTER (isinf(x)) AS infinite,
      count(*) FILTER (isfinite(x) AND NOT coalesce(x BETWEEN $min::DOUBLE AND $max::DOUBLE, false)) AS other,
      array_to_string(map_values(histogram(x, $edges::DOUBLE[]) FILTER (isfinite(x))), ',') AS counts
    FROM (SELECT ${sql} AS w, ${valueSql('number', bins.name)} AS x FROM ${from}) GROUP BY w`,
    { ...parameters, min: text(bins.min), max: text(bins.max), edges: `[${[...bins.edges, 'infinity'].join(', ')}]` },
  )
  return new Map(
    rows.map((row) => {
      const counts = row.counts === null ? noCounts(bins).counts : String(row.counts).split(',').map(Number)
      return [windowOf(row.w!), { counts, ...asNumbers(row, ['nulls', 'nan', 'infinite', 'other']) }]
    }),
  )
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
      SELECT w, c, count(*) AS n FROM (SELECT ${sql} AS w, ${valueSql('category', bins.name)} AS c FROM ${from}) GROUP BY w, c
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

function asNumbers<K extends string>(row: Row, names: readonly K[]): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, Number(row[name])])) as Record<K, number>
}

function windowOf(w: Value): number | null {
  return w === null ? null : Number(w)
}

function text(value: number | null): string | null {
  return value === null ? null : String(value)
}
