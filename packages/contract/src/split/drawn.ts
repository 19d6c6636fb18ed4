import { type Dataset, quoteIdentifier, quoteLiteral } from '@modelyard/data'
import { hashOf, oneIn } from './hashes.ts'
import { collect, joined, sample } from './sample.ts'

/** Of a class that has fewer rows in a sample, rows are drawn from all of the data. */
const ENOUGH = 1000

/** About so many of such rows are drawn. */
const RARE = 40_000

/** What has a larger share of the rows that are drawn is in both halves. */
const HEAVY = 0.01

/** Rows that are drawn, what SQL makes of them, and in which half each is. */
export interface Drawn {
  isFirst: Uint8Array
  columns: Float64Array[]
}

export interface Draw {
  /** Columns by which rows are told apart. */
  by: readonly string[]
  where: string
  /** The SQL of a class as text, and how many rows each has. */
  classes?: { sql: string; rows: ReadonlyMap<string, number> } | undefined
}

/** The classes that have too few rows in a sample. Where the sample is all of the data there are none. */
function rareOf(data: Dataset, sampled: number, rows: ReadonlyMap<string, number>): string[] {
  if (sampled >= data.rows) return []
  return [...rows].filter(([, count]) => (count * sampled) / data.rows < ENOUGH).map(([name]) => name)
}

/**
 * What SQL makes of a sample of the rows, in which there are as many of each class that is rare as there are in all of
 * the data, up to some 40,000. Rows that are equal in `by` are in one half, for one tells the label of the other; but
 * those that are more than one in a hundred are not, since half of the rows would then not be like the other.
 */
export async function draw(
  data: Dataset,
  expressions: readonly string[],
  { by, where, classes }: Draw,
): Promise<Drawn> {
  const names = by.map(quoteIdentifier)
  const all = [hashOf(names), ...expressions]
  const [size] = await data.query('SELECT count(*) AS rows FROM modelyard_sample')
  const rare = classes ? rareOf(data, Number(size!.rows), classes.rows) : []
  const isRare = rare.length > 0 ? `${classes!.sql} IN (${rare.map(quoteLiteral).join(', ')})` : 'false'
  const drawn = await sample(data, all, { where: `${where} AND NOT (${isRare})` })
  const count = rare.reduce((sum, name) => sum + classes!.rows.get(name)!, 0)
  const some = `${where} AND ${isRare} AND ${oneIn(Math.floor(count / RARE), names)}`
  const more = rare.length > 0 ? await collect(data.numbers(all, { where: some }), all.length) : []
  const [hashes, ...columns] = joined([drawn, ...(more.length > 0 ? [more] : [])], all.length)
  return { isFirst: halvesOf(hashes!), columns }
}

/** By a bit of the hash, and in turn of those that are in many rows. */
function halvesOf(hashes: Float64Array): Uint8Array {
  const rows = new Map<number, number>()
  for (const hash of hashes) rows.set(hash, (rows.get(hash) ?? 0) + 1)
  const heavy = new Map([...rows].filter(([, count]) => count > Math.max(1, HEAVY * hashes.length)))
  return Uint8Array.from(hashes, (hash) => {
    const left = heavy.get(hash)
    if (left === undefined) return Math.floor(hash / 2 ** 30) % 2
    heavy.set(hash, left - 1)
    return left % 2
  })
}
