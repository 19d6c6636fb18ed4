import { type Dataset, quoteIdentifier, type Value } from '@modelyard/data'

/** A value is cut after so many characters. */
const LONGEST = 40

/** So many rows are looked through for them: ids may repeat. */
const MOST = 10_000

/** A factor explains what differs but for so small a share, of which rounding leaves some. */
const UNEXPLAINED = 0.01

/** From so many rows on, one factor for all is no accident. */
const FEWEST = 3

/** A value of the data and what was served for it, as the numbers that they were compared by, and a hash of the id. */
export interface Pair {
  id: number
  data: number
  served: number
}

/** Sums over rows: of the squares of both, and of their products. */
export interface Products {
  data: number
  served: number
  both: number
}

export interface PairsOptions {
  /** Where the values are: the data by which they are known first, the served rows last. */
  sources: readonly [Dataset, Dataset, Dataset]
  key: { id: string; hash: string; isHidden: boolean }
  /** A column of a source as SQL of the number that it was compared by. */
  asNumber(data: Dataset, name: string): string
}

/** By which factor all that was served differs, as the end of a sentence; nothing where there is not one for all rows. */
export function factorOf({ data, served, both }: Products, rows: number): string {
  const factor = both / data
  // The part of what was served, by its root mean square, that is no multiple of the data.
  const rest = Math.sqrt(Math.max(0, 1 - (both * both) / (data * served)))
  if (rows < FEWEST || !(rest <= UNEXPLAINED * Math.min(1, Math.abs(factor - 1)))) return ''
  return ` What was served is ${Number(factor.toPrecision(3))} times the value of the data: is it in another unit?`
}

/**
 * The first values of some columns that differ, as they are written, each as the end of a sentence: ` First: id 7: 1,
 * served 2.` One scan of each source.
 */
export async function sayPairs(
  columns: ReadonlyArray<{ name: string; first: readonly Pair[] }>,
  { sources, key, asNumber }: PairsOptions,
): Promise<Map<string, string>> {
  if (columns.length === 0) return new Map()
  const ids = new Set(columns.flatMap(({ first }) => first.map(({ id }) => id)))
  const values = (data: Dataset) =>
    columns.map(({ name }, at) => `${asNumber(data, name)}::DOUBLE AS n${at}, ${shortened(name)} AS t${at}`).join(', ')
  const rows = await Promise.all(
    sources.map((data) =>
      data.query(`SELECT DISTINCT ${key.hash} AS key, ${shortened(key.id)} AS id, ${values(data)}
        FROM data WHERE ${key.hash} IN (${[...ids].join(', ')}) LIMIT ${MOST}`),
    ),
  )
  const [served, data] = [rows[2]!, [...rows[0]!, ...rows[1]!]]
  const said = columns.map(({ name, first }, at) => {
    const rowOf = (among: typeof served, id: number, value: number) =>
      among.find((row) => Number(row.key) === id && Object.is(Number(row[`n${at}`] ?? Number.NaN), value))
    const pairs = first.flatMap((pair) => {
      const [ours, theirs] = [rowOf(data, pair.id, pair.data), rowOf(served, pair.id, pair.served)]
      if (!ours || !theirs) return []
      const which = key.isHidden ? '' : `${key.id} ${cut(String(ours.id))}: `
      return [`${which}${written(ours[`t${at}`])}, served ${written(theirs[`t${at}`])}`]
    })
    return [name, pairs.length === 0 ? '' : ` First: ${pairs.join('; ')}.`] as const
  })
  return new Map(said)
}

/** A column's text; one character more than is shown tells that there is more. */
function shortened(name: string): string {
  return `left(${quoteIdentifier(name)}::VARCHAR, ${LONGEST + 1})`
}

/** Numbers stand as they are; text in quotes, within which nothing and blanks are seen. */
function written(value: Value | undefined): string {
  if (value === null || value === undefined) return 'no value'
  const text = cut(String(value))
  return /^-?\d[\d.]*(?:e[-+]?\d+)?$/i.test(text) ? text : `"${text}"`
}

function cut(text: string): string {
  const characters = [...text]
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : text
}
