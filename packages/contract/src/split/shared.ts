import type { Dataset, Row } from '@modelyard/data'
import { type HashTable, hashOf, hashTable } from './hashes.ts'

/** So many hashes are held at once: 60 MB. Of more, one range is looked at after the other. */
const AT_ONCE = 2_500_000

/**
 * Up to so many keys that seem to be shared are compared value by value. Of more, the count stands: of 10 million rows
 * against 10 million, one pair in a hundred runs has equal hashes by chance.
 */
const COMPARED = 1000

/**
 * How many rows of a dataset have a key that some row of another one has. `key` is SQL that means the same in both, or
 * what `there` says instead in the other; rows for which `where` does not hold are not looked at. Memory is bounded,
 * whatever the number of rows.
 */
export async function countShared(
  data: Dataset,
  other: Dataset,
  key: readonly string[],
  {
    where = 'true',
    there = { key, where },
    atOnce = AT_ONCE,
  }: { where?: string; there?: Omit<Keyed, 'dataset'>; atOnce?: number } = {},
): Promise<number> {
  let shared = 0
  for (const { ours, theirs, rows } of rangesOf({ dataset: data, key, where }, { dataset: other, ...there }, atOnce))
    shared += await countRange(ours, theirs, rows)
  return shared
}

/** Which keys are looked for: those that the other dataset has, too, or those that it has not. */
export type Wanted = 'shared' | 'missing'

/** The numbers, from 0, of the first rows with such a key: at most `most`. Keys are told apart by 53 bits of their hash. */
export async function firstRowsBy(
  wanted: Wanted,
  data: Dataset,
  other: Dataset,
  key: readonly string[],
  {
    where = 'true',
    there = { key, where },
    most,
    atOnce = AT_ONCE,
  }: { where?: string; there?: Omit<Keyed, 'dataset'>; most: number; atOnce?: number },
): Promise<number[]> {
  const found: number[] = []
  for (const range of rangesOf({ dataset: data, key, where }, { dataset: other, ...there }, atOnce)) {
    const table = await tableOf(range.ours, range.theirs, range.rows)
    found.push(...(await firstRows(range.ours, (hash) => table.isMarked(hash) === (wanted === 'shared'), most)))
  }
  return found.toSorted((a, b) => a - b).slice(0, most)
}

async function firstRows({ dataset, key, where }: Keyed, isWanted: (hash: number) => boolean, most: number) {
  const found: number[] = []
  let row = 0
  for await (const [hashes] of dataset.numbers([`CASE WHEN ${where} THEN ${hashOf(key)} END`])) {
    for (const hash of hashes!) {
      if (!Number.isNaN(hash) && isWanted(hash)) found.push(row)
      row++
      if (found.length === most) return found
    }
  }
  return found
}

/** Both datasets range by range of their hashes, so that each is held at once. */
function rangesOf(ours: Keyed, theirs: Keyed, atOnce: number) {
  const count = Math.ceil(ours.dataset.rows / atOnce)
  return Array.from({ length: count }, (_, range) => {
    const inRange = (keyed: Keyed): Keyed => ({
      ...keyed,
      where: `(${keyed.where}) AND hash(${keyed.key.join(', ')}) % ${count} = ${range}`,
    })
    return { ours: inRange(ours), theirs: inRange(theirs), rows: ours.dataset.rows / count }
  })
}

/** Rows of a dataset, by a key. */
interface Keyed {
  dataset: Dataset
  key: readonly string[]
  where: string
}

async function tableOf(ours: Keyed, theirs: Keyed, rows: number): Promise<HashTable> {
  // The rows of a range are as many as of another but for chance, for which a quarter and a thousand are plenty.
  const table = hashTable(rows * 1.25 + 1000)
  for await (const [hashes] of hashesOf(ours)) for (const hash of hashes!) table.add(hash)
  for await (const [hashes] of hashesOf(theirs)) for (const hash of hashes!) table.mark(hash)
  return table
}

async function countRange(ours: Keyed, theirs: Keyed, rows: number): Promise<number> {
  const table = await tableOf(ours, theirs, rows)
  const marked = table.marked()
  if (marked.length === 0) return 0
  return marked.length > COMPARED ? table.countMarked() : countEqual(isOne(ours), isOne(theirs))

  function isOne(keyed: Keyed): Keyed {
    return { ...keyed, where: `${keyed.where} AND ${hashOf(keyed.key)} IN (${marked.join(', ')})` }
  }
}

function hashesOf({ dataset, key, where }: Keyed) {
  return dataset.numbers([hashOf(key)], { where })
}

/** Values are compared by MD5 of their text, since they may be long. */
async function countEqual(ours: Keyed, theirs: Keyed): Promise<number> {
  const grouped = ({ dataset, key, where }: Keyed) => {
    const digests = key.map((expression, index) => `md5((${expression})::VARCHAR) AS k${index}`).join(', ')
    return dataset.query(`SELECT ${digests}, count(*) AS rows FROM data WHERE ${where} GROUP BY ALL`)
  }
  const nameOf = (row: Row) => ours.key.map((_, index) => row[`k${index}`]).join(' ')
  const known = new Set((await grouped(theirs)).map(nameOf))
  const rows = await grouped(ours)
  return rows.reduce((sum, row) => sum + (known.has(nameOf(row)) ? Number(row.rows) : 0), 0)
}
