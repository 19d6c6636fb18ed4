import type { ColumnBins } from '@modelyard/spec'
import type { Column, Dataset } from '../dataset.ts'
import { quoteIdentifier } from '../engine/quote.ts'
import { SAMPLE } from '../files/views.ts'
import { samplePercentiles } from './percentiles.ts'

const MOST_CATEGORIES = 1000
/** So many columns of the sample are sorted at once: each takes a megabyte or two. */
const AT_ONCE = 8

const numbers = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/
const categories = /^(?:VARCHAR|BOOLEAN|ENUM\(.*\))$/s

/** How a column of a DuckDB type is counted; undefined for times, nested and other types, which are not. */
export function kindOf(type: string): ColumnBins['kind'] | undefined {
  return numbers.test(type) ? 'number' : categories.test(type) ? 'category' : undefined
}

/** A column's value as it is counted: as DOUBLE, or as text of at most 200 characters. */
export function valueSql(kind: ColumnBins['kind'], name: string): string {
  return kind === 'number' ? `${quoteIdentifier(name)}::DOUBLE` : `left(${quoteIdentifier(name)}::VARCHAR, 200)`
}

/**
 * At most a hundred bins of a column by its own percentiles, or its most frequent categories, from a sample where there
 * are more than 100,000 rows. Undefined for what has no distribution to speak of: other types, and text of which the
 * 1,000 most frequent values are less than half, such as names or remarks.
 */
export async function findBins(dataset: Dataset, column: Column): Promise<ColumnBins | undefined> {
  const [bins] = await findAllBins(dataset, [column])
  return bins
}

/** The same of several columns, with fewer scans. */
export async function findAllBins(
  dataset: Dataset,
  columns: readonly Column[],
): Promise<Array<ColumnBins | undefined>> {
  const found = new Map<string, ColumnBins | undefined>()
  const numbers = columns.filter(({ type }) => kindOf(type) === 'number')
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    for (const bins of await numberBins(dataset, numbers.slice(from, from + AT_ONCE))) found.set(bins.name, bins)
  }
  for (const { name, type } of columns) {
    if (kindOf(type) === 'category') found.set(name, await categoryBins(dataset, name))
  }
  return columns.map(({ name }) => found.get(name))
}

async function numberBins(dataset: Dataset, columns: readonly Column[]): Promise<ColumnBins[]> {
  const found = await samplePercentiles(
    dataset,
    columns.map(({ name }) => valueSql('number', name)),
  )
  return columns.map(({ name }, index) => {
    const percentiles = found[index]
    if (!percentiles) return { kind: 'number', name, edges: [], min: null, max: null, quartiles: null }
    const { min, max, values: edges, at } = percentiles
    return { kind: 'number', name, edges, min, max, quartiles: [at(25), at(50), at(75)] }
  })
}

/** A sample has not all of the rare categories: where they are few, all rows are asked. */
async function categoryBins(dataset: Dataset, name: string): Promise<ColumnBins | undefined> {
  const found = await mostFrequent(dataset, name, 'modelyard_sample')
  if (found.names.length > 0 && found.listed < found.total / 2) return undefined
  const few = dataset.rows > SAMPLE && found.listed === found.total
  const all = few ? await mostFrequent(dataset, name, 'data') : found
  return { kind: 'category', name, categories: all.names }
}

async function mostFrequent(dataset: Dataset, name: string, table: 'modelyard_sample' | 'data') {
  const rows = await dataset.query(
    `SELECT x, n, (sum(n) OVER ())::BIGINT AS total
    FROM (SELECT ${valueSql('category', 'v')} AS x, sum(n) AS n
      FROM (SELECT v, count(*) AS n FROM (SELECT ${quoteIdentifier(name)} AS v FROM ${table}) WHERE v IS NOT NULL GROUP BY v) GROUP BY x) ORDER BY n DESC, x LIMIT ${MOST_CATEGORIES}`,
  )
  return {
    names: rows.map(({ x }) => String(x)),
    listed: rows.reduce((sum, { n }) => sum + Number(n), 0),
    total: Number(rows[0]?.total ?? 0),
  }
}
