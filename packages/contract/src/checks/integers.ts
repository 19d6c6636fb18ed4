import { type Column, type Dataset, quoteIdentifier, quoteLiteral } from '@modelyard/data'
import { familyOf } from '../conditions.ts'

/** There is a bit for each integer of a range, in every thread: up to 32 MB, and no more than the integers would take. */
const MOST_BITS = 2 ** 28
const MOST_BITS_A_ROW = 64

/**
 * How many rows meet a condition, and how many different integers they have; undefined where the column holds no
 * integers, or such that lie too far apart to mark each in a range of bits.
 */
export async function differentIntegers(
  dataset: Dataset,
  { name, type }: Column,
  where: string,
): Promise<{ rows: number; different: number } | undefined> {
  if (familyOf(type) !== 'integer') return undefined
  // DuckDB takes the length of the range in the column's own type, in which that of small ones has no place.
  const wide = /^(?:TINY|SMALL|UTINY|USMALL)INT$|^U?INTEGER$/.test(type) ? 'BIGINT' : type
  const x = `${quoteIdentifier(name)}::${wide}`
  const [ends] = await dataset.query(
    `SELECT min(${x})::VARCHAR AS least, max(${x})::VARCHAR AS greatest, count(*) AS rows FROM data WHERE ${where}`,
  )
  const { least, greatest, rows } = ends!
  if (typeof least !== 'string' || typeof greatest !== 'string') return { rows: 0, different: 0 }
  if (BigInt(greatest) - BigInt(least) >= Math.min(MOST_BITS, MOST_BITS_A_ROW * Number(rows))) return undefined
  const range = [least, greatest].map((end) => `${quoteLiteral(end)}::${wide}`).join(', ')
  const [found] = await dataset.query(
    `SELECT bit_count(bitstring_agg(${x}, ${range})) AS different FROM data WHERE ${where}`,
  )
  return { rows: Number(rows), different: Number(found!.different) }
}
