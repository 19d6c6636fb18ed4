import type { Dataset, Row } from '@modelyard/data'
import { hashOf, hashTable } from './hashes.ts'

/** So many hashes are held at once: 60 MB. Of more, one range is looked at after the other. */
const AT_ONCE = 2_500_000

/**
 * Up to so many keys that seem to be shared are compared value by value. Of more, the count stands: of 10 million rows
 * against 10 million, one pair in a hundred runs has equal hashes by chance.
 */
const COMPARED = 1000

/**
 * How many rows of a dataset have a key that some row of another one has. `key` is SQL that means the same in both; rows
 * for which `where` does not hold are not looked at. Memory is bounded, whatever the number of rows.
 */
export async function countShared(
  data: Dataset,
  other: Dataset,
  key: readonly string[],
  { where = 'true', atOnce = AT_ONCE }: { where?: string; atOnce?: number } = {},
): Promise<number> {
  const ranges = Math.ceil(data.rows / atOnce)
  let shared = 0
  for (let range = 0; range < ranges; range++) {
    const inRange = `(${where}) AND hash(${key.join(', ')}) % ${ranges} = ${range}`
    shared += await countRange(data, other, key, inRange, data.rows / ranges)
  }
  return shared
}

async function countRange(data: Dataset, other: Dataset, key: readonly string[], where: string, rows: number) {
  // The rows of a range are as many as of another but for chance, for which a quarter and a thousand are plenty.
  const table = hashTable(rows * 1.25 + 1000)
  for await (const [hashes] of data.numbers([hashOf(key)], { where })) for (const hash of hashes!) table.add(hash)
  for await (const [hashes] of other.numbers([hashOf(key)], { where })) for (const hash of hashes!) table.mark(hash)
  const marked = table.marked()
  if (marked.length === 0) return 0
  return marked.length > COMPARED ? table.countMarked() : countEqual(data, other, key, `${where} AND ${isOne(marked)}`)

  function isOne(list: readonly number[]): string {
    return `${hashOf(key)} IN (${list.join(', ')})`
  }
}

/** Values are compared by MD5 of their text, since they may be long. */
async function countEqual(data: Dataset, other: Dataset, key: readonly string[], where: string): Promise<number> {
  const digests = key.map((expression, index) => `md5((${expression})::VARCHAR) AS k${index}`).join(', ')
  const grouped = `SELECT ${digests}, count(*) AS rows FROM data WHERE ${where} GROUP BY ALL`
  const nameOf = (row: Row) => key.map((_, index) => row[`k${index}`]).join(' ')
  const known = new Set((await other.query(grouped)).map(nameOf))
  const rows = await data.query(grouped)
  return rows.reduce((sum, row) => sum + (known.has(nameOf(row)) ? Number(row.rows) : 0), 0)
}
