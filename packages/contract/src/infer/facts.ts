import type { Dataset } from '@modelyard/data'
import { countWhere, familyOf, isNull, ofValues, type Values } from '../conditions.ts'
import { type Shape, shapesOf } from './shapes.ts'
import { tailOf } from './tail.ts'

/** A column with more different values than this has no list of valid ones. */
const MOST_VALUES = 20

/** What the values of a column are like in some rows. */
export interface Facts {
  rows: number
  nulls: number
  /** Of numbers; of texts, those of their lengths. */
  ends?: Ends
  /** What about half of the values meet, and the share that does. Of numbers and truth values. */
  middle?: { condition: string; words: string; share: number }
  /** Of dates and times: the first day and the last. */
  days?: { first: string; last: string }
  /** All values, while they are few: the rarest first. */
  values?: Array<{ value: string; rows: number }>
  /** Of texts that are written alike. */
  shapes?: Shape[]
}

/** The least values in rising order and the greatest in falling order, and whether whole numbers simply end there. */
export interface Ends {
  low: number[]
  high: number[]
  stops: { low: boolean; high: boolean }
}

/** What is looked for in a column. */
export interface Interest {
  /** Its values name rows: others come, of the same kind. */
  isId: boolean
  /** Its values are names whatever their type: a class of numbers. */
  isClass: boolean
}

/** Looks at a column in the rows of `source`, a table or subquery of SQL in which it is called `v`. */
export async function factsOf(
  dataset: Dataset,
  source: string,
  column: Values,
  { isId, isClass }: Interest,
): Promise<Facts> {
  const family = familyOf(column.type)
  const [row] = await dataset.query(
    `SELECT count(*) AS rows, ${countWhere(isNull(column))} AS nulls, approx_count_distinct(v) AS "distinct" FROM ${source}`,
  )
  const [rows, nulls, distinct] = [Number(row!.rows), Number(row!.nulls), Number(row!.distinct)]
  const counts = { rows, nulls }
  if (rows === nulls) return counts
  const count = rows - nulls
  const known = `(SELECT v FROM ${source} WHERE ${ofValues(column, 'true')})`
  const isName = isClass || (family === 'text' && !isId)
  // The count is approximate: twice the limit is surely too many.
  const values = isName && distinct <= 2 * MOST_VALUES ? await valuesIn(dataset, known) : undefined
  if (values) return { ...counts, values }
  if (family === 'text') {
    const shapes = await shapesOf(dataset, known, isId)
    return {
      ...counts,
      ...(shapes
        ? { shapes }
        : {
            ends: await endsOf(dataset, known, { value: 'length(v::VARCHAR)', count, steps: Number.POSITIVE_INFINITY }),
          }),
    }
  }
  if (isId || isClass) return counts
  if (family === 'integer' || family === 'fraction') {
    const steps = family === 'integer' ? distinct : Number.POSITIVE_INFINITY
    return {
      ...counts,
      ends: await endsOf(dataset, known, { value: 'v', count, steps }),
      ...(await medianOf(dataset, known, family)),
    }
  }
  if (family === 'boolean') return { ...counts, ...(await shareTrue(dataset, known)) }
  if (family === 'date' || column.type === 'TIMESTAMP') return { ...counts, ...(await daysOf(dataset, known)) }
  return counts
}

async function valuesIn(dataset: Dataset, known: string): Promise<Facts['values']> {
  const found = await dataset.query(
    `SELECT v::VARCHAR AS value, count(*) AS rows FROM ${known} GROUP BY 1 ORDER BY 2, 1 LIMIT ${MOST_VALUES + 1}`,
  )
  if (found.length > MOST_VALUES) return undefined
  return found.map(({ value, rows }) => ({ value: String(value), rows: Number(rows) }))
}

/** Whole numbers of so few different values may have ends, as hours have. */
const MOST_STEPS = 50
/** Seen so often, the last of them is the end. */
const OFTEN = 50

async function endsOf(
  dataset: Dataset,
  known: string,
  { value, count, steps }: { value: string; count: number; steps: number },
): Promise<Ends> {
  const last = async (order: 'ASC' | 'DESC') => {
    const found = await dataset.query(
      `SELECT (${value})::DOUBLE AS x FROM ${known} ORDER BY x ${order} LIMIT ${tailOf(count) + 1}`,
    )
    return found.map(({ x }) => Number(x))
  }
  const [low, high] = [await last('ASC'), await last('DESC')]
  const stops = (end: number[]) => steps <= MOST_STEPS && end.length > OFTEN && end[OFTEN - 1] === end[0]
  return { low, high, stops: { low: stops(low), high: stops(high) } }
}

/** Whole numbers may have many rows at the median: those below it, or those up to it, are nearer to half. */
async function medianOf(
  dataset: Dataset,
  known: string,
  family: 'integer' | 'fraction',
): Promise<Pick<Facts, 'middle'>> {
  const [found] = await dataset.query(`SELECT quantile_disc(v, 0.5)::VARCHAR AS median FROM ${known}`)
  const median = family === 'integer' ? String(found!.median) : String(Number(Number(found!.median).toPrecision(3)))
  if (!/^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(median)) return {}
  const [row] = await dataset.query(
    `SELECT avg((v < ${median})::INT) AS below, avg((v <= ${median})::INT) AS upto FROM ${known}`,
  )
  const [below, upto] = [Number(row!.below), Number(row!.upto)]
  const isBelow = Math.abs(below - 0.5) < Math.abs(upto - 0.5)
  const [sign, words, share] = isBelow ? ['<', 'below', below] : ['<=', 'at most', upto]
  return { middle: { condition: `v ${sign} ${median}`, words: `are ${words} ${median}`, share: share as number } }
}

async function shareTrue(dataset: Dataset, known: string): Promise<Pick<Facts, 'middle'>> {
  const [row] = await dataset.query(`SELECT avg(v::INT) AS share FROM ${known}`)
  return { middle: { condition: 'v', words: 'are true', share: Number(row!.share) } }
}

/** Days of years from 1 to 9999; of others there is nothing to say. */
async function daysOf(dataset: Dataset, known: string): Promise<Pick<Facts, 'days'>> {
  const [row] = await dataset.query(`SELECT min(v)::VARCHAR AS first, max(v)::VARCHAR AS last FROM ${known}`)
  const [first, last] = [row!.first, row!.last].map((each) => /^\d{4}-\d\d-\d\d(?! \(BC)/.exec(String(each))?.[0])
  return first && last ? { days: { first, last } } : {}
}
