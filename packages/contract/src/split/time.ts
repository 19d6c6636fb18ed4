import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../check.ts'
import { counted, number } from '../plan.ts'
import { check, columnIn } from './finding.ts'
import { hashOf } from './hashes.ts'

/** So many series are compared at once. */
const AT_ONCE = 50_000

/** The hold-out is later than the training data. Where it is not, that may be meant. */
export async function checkTime(train: Dataset, holdout: Dataset, time: string): Promise<Check> {
  const early = await countEarly(train, holdout, time)
  return check(
    {
      dataset: 'holdout',
      column: time,
      rule: 'time order',
      expected: 'The hold-out data are later than the training data, as production will be.',
    },
    {
      verdict: early === 0 ? 'pass' : 'warn',
      found: `${number(early)} of ${counted(holdout.rows)} are not later than the last row of the training data.`,
      failing: early,
    },
  )
}

/** How many rows of the hold-out are not later than the last training row. */
export async function countEarly(train: Dataset, holdout: Dataset, time: string): Promise<number> {
  const name = quoteIdentifier(time)
  const { type } = columnIn(train, time)!
  const [last] = await train.query(`SELECT max(${name})::VARCHAR AS last FROM data`)
  const [row] = await holdout.query(
    `SELECT count(*) FILTER (WHERE ${name} <= TRY_CAST($1 AS ${type})) AS early FROM data`,
    [last!.last ?? null],
  )
  return Number(row!.early)
}

/**
 * In each series by itself the hold-out is later than the training data: a forecast that has seen what comes after was
 * none. So this fails, where the order of all rows together only warns.
 */
export async function checkSeries(train: Dataset, holdout: Dataset, series: string, time: string): Promise<Check> {
  const [row] = await holdout.query(`SELECT approx_count_distinct(${quoteIdentifier(series)}) AS series FROM data`)
  const ranges = Math.ceil((Number(row!.series) * 1.5 + 1) / AT_ONCE)
  let all = 0
  let early = 0
  for (let range = 0; range < ranges; range++) {
    const where = `${hashOf([`${quoteIdentifier(series)}::VARCHAR`])} % ${ranges} = ${range}`
    const last = await endsOf(train, 'max', series, time, where)
    for (const [name, first] of await endsOf(holdout, 'min', series, time, where)) {
      all++
      const learned = last.get(name)
      if (learned !== undefined && first <= learned) early++
    }
  }
  return check(
    {
      dataset: 'holdout',
      column: time,
      rule: 'time order',
      expected: 'In each series, the hold-out data are later than the training data.',
    },
    {
      verdict: early === 0 ? 'pass' : 'fail',
      found: `In ${number(early)} of ${number(all)} series they begin before the training data end.`,
      failing: early,
    },
  )
}

/** The first or last time of each series: a number, or text where times are text. */
async function endsOf(data: Dataset, end: 'min' | 'max', series: string, time: string, where: string) {
  const { type } = columnIn(data, time)!
  const name = quoteIdentifier(time)
  const value = /^(?:DATE|TIMESTAMP)/.test(type) ? `epoch_us(${name}::TIMESTAMP)` : name
  const rows = await data.query(`SELECT ${quoteIdentifier(series)}::VARCHAR AS series, ${end}(${value}) AS time
    FROM data WHERE ${where} AND ${name} IS NOT NULL GROUP BY ALL`)
  return new Map(rows.map((row) => [row.series as string, row.time as number | bigint | string]))
}
