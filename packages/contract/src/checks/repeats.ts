import { type Column, type Dataset, quoteIdentifier } from '@modelyard/data'
import { isNull } from '../conditions.ts'
import { differentIntegers } from './integers.ts'
import { type Asked, noneOf, type Whole } from './plan.ts'

/** So many hashes are held at once, of about 70 bytes each with what DuckDB keeps of them. */
const KEYS_AT_ONCE = 1_500_000
/** Each pass reads the columns of the key again. With more rows there are more keys at once, until DuckDB spills them. */
const MOST_PASSES = 16

/**
 * How many rows repeat the values of an earlier one: three equal rows are two. Rows without a value are not compared,
 * nor are those for which `where`, a condition of SQL, does not hold. Exact: integers that lie close are marked one by
 * one; other keys are parted by their hash, and each part of them is grouped by its values. (`count(DISTINCT …)` would
 * hold all keys in memory.)
 */
export async function repeatsIn(dataset: Dataset, columns: readonly Column[], where = 'true'): Promise<number> {
  const known = [`(${where}\n)`, ...columns.map((column) => `NOT ${isNull(column)}`)].join(' AND ')
  const [column, ...more] = columns
  const integers = column && more.length === 0 ? await differentIntegers(dataset, column, known) : undefined
  return integers ? integers.rows - integers.different : repeatsByHash(dataset, columns, known)
}

/** Only rows are grouped by their values whose hash another has: mostly none, and hashes take less memory than values. */
async function repeatsByHash(dataset: Dataset, columns: readonly Column[], known: string): Promise<number> {
  const key = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  // Where no row should repeat another, there are about as many keys as rows.
  const passes = Math.min(Math.ceil(dataset.rows / KEYS_AT_ONCE), MOST_PASSES)
  let repeats = 0
  for (let pass = 0; pass < passes; pass++) {
    const some = passes === 1 ? known : `${known} AND hash(${key}) % ${passes} = ${pass}`
    const [row] = await dataset.query(`
      SELECT coalesce(sum(rows) - count(*), 0)::BIGINT AS repeats FROM (
        SELECT count(*) FROM data WHERE ${some} AND hash(${key}) IN (
          SELECT hashed FROM (SELECT hash(${key}) AS hashed FROM data WHERE ${some}) GROUP BY hashed HAVING count(*) > 1
        ) GROUP BY ${key}) AS keys(rows)`)
    repeats += Number(row!.repeats)
  }
  return repeats
}

/** A check that no row repeats the values of another. */
export function noRepeats(asked: Asked, columns: readonly Column[], breaks: string): Asked & Whole {
  return {
    ...asked,
    kind: 'whole',
    repeats: columns,
    find: async (dataset) => noneOf(await repeatsIn(dataset, columns), dataset.rows, breaks),
  }
}
