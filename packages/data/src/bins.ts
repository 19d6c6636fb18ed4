import type { ColumnBins } from '@modelyard/spec'
import type { Column, Dataset } from './dataset.ts'
import { percentilesOf } from './percentiles.ts'
import { quoteIdentifier } from './quote.ts'

const MOST_CATEGORIES = 1000

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
 * At most a hundred bins of a column by its own percentiles, or its most frequent categories. Undefined for what has no distribution to
 * speak of: other types, and text of which the 1,000 most frequent values are less than half, such as names or remarks.
 */
export async function findBins(dataset: Dataset, { name, type }: Column): Promise<ColumnBins | undefined> {
  const kind = kindOf(type)
  if (kind === 'number') return numberBins(dataset, name)
  if (kind === 'category') return categoryBins(dataset, name)
  return undefined
}

async function numberBins(dataset: Dataset, name: string): Promise<ColumnBins> {
  const found = await percentilesOf(dataset, `SELECT ${valueSql('number', name)} AS x FROM data`)
  if (!found) return { kind: 'number', name, edges: [], min: null, max: null, quartiles: null }
  const { min, max, values: edges, at } = found
  return { kind: 'number', name, edges, min, max, quartiles: [at(25), at(50), at(75)] }
}

async function categoryBins(dataset: Dataset, name: string): Promise<ColumnBins | undefined> {
  const rows = await dataset.query(
    `SELECT c, n, (sum(n) OVER ())::BIGINT AS total
    FROM (SELECT c, count(*) AS n FROM (SELECT ${valueSql('category', name)} AS c FROM data) WHERE c IS NOT NULL GROUP BY c)
    ORDER BY n DESC, c LIMIT ${MOST_CATEGORIES}`,
  )
  const listed = rows.reduce((sum, { n }) => sum + Number(n), 0)
  if (rows.length > 0 && listed < Number(rows[0]!.total) / 2) return undefined
  return { kind: 'category', name, categories: rows.map(({ c }) => String(c)) }
}
