import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { isNumeric } from '../conditions.ts'
import { type About, check, columnIn } from './finding.ts'
import { hashOf } from './hashes.ts'

/** So many series are compared at once. */
const AT_ONCE = 50_000

/** Rows of the hold-out by the time of the last training row. */
interface Order {
  /** Not later. */
  early: number
  /** Without a time. */
  untimed: number
  /** Training rows without one. */
  unlearned: number
}

/** The hold-out is later than the training data. Where it is not, that may be meant; a row without a time says nothing. */
export async function checkTime(train: Dataset, holdout: Dataset, time: string): Promise<Check> {
  const about: About = {
    dataset: 'holdout',
    column: time,
    rule: 'time order',
    expected: 'The hold-out data are later than the training data, as production will be.',
  }
  const order = await orderOf(train, holdout, time)
  if (typeof order === 'string') return check(about, { verdict: 'inconclusive', found: order })
  const { early, untimed } = order
  return check(about, {
    verdict: early + untimed === 0 ? 'pass' : 'warn',
    found: `${number(early)} of ${counted(holdout.rows)} are not later than the last row of the training data.${without(order)}`,
    failing: early + untimed,
  })
}

/** Whether every row of the hold-out is later than all training rows, and all have a time. */
export async function isAllLater(train: Dataset, holdout: Dataset, time: string): Promise<boolean> {
  const order = await orderOf(train, holdout, time)
  return typeof order !== 'string' && order.early + order.untimed + order.unlearned === 0
}

/** Or why there is none, as a sentence. */
async function orderOf(train: Dataset, holdout: Dataset, time: string): Promise<Order | string> {
  const unlike = whyUnlike(train, holdout, time)
  if (unlike !== undefined) return unlike
  const t = timeOf(holdout, time)
  const [learned] = await train.query(`SELECT max(t)::VARCHAR AS last, count(*) - count(t) AS unlearned
    FROM (SELECT ${timeOf(train, time)} AS t FROM data)`)
  const { last } = learned!
  const type = isNumeric(columnIn(train, time)!.type) ? columnIn(train, time)!.type : 'TIMESTAMP'
  const cast = isText(train, time) ? '$1' : `CAST($1 AS ${type})`
  const [row] = await holdout.query(
    `SELECT count(CASE WHEN t <= ${cast} THEN 1 END) AS early, count(*) - count(t) AS untimed FROM (SELECT ${t} AS t FROM data)`,
    [last ?? null],
  )
  const untimed = Number(row!.untimed)
  if (last === null || untimed === holdout.rows) {
    return `No row of the ${last === null ? 'training' : 'hold-out'} data has a time.`
  }
  return { early: Number(row!.early), untimed, unlearned: Number(learned!.unlearned) }
}

/**
 * In each series by itself the hold-out is later than the training data: a forecast that has seen what comes after was
 * none. So this fails, where the order of all rows together only warns.
 */
export async function checkSeries(train: Dataset, holdout: Dataset, series: string, time: string): Promise<Check> {
  const about: About = {
    dataset: 'holdout',
    column: time,
    rule: 'time order',
    expected: 'In each series, the hold-out data are later than the training data.',
  }
  const order = await orderOf(train, holdout, time)
  if (typeof order === 'string') return check(about, { verdict: 'inconclusive', found: order })
  const [row] = await holdout.query(`SELECT approx_count_distinct(${quoteIdentifier(series)}) AS series FROM data`)
  const ranges = Math.ceil((Number(row!.series) * 1.5 + 1) / AT_ONCE)
  let all = 0
  let early = 0
  let known = 0
  for (let range = 0; range < ranges; range++) {
    const where = `${hashOf([`${quoteIdentifier(series)}::VARCHAR`])} % ${ranges} = ${range}`
    const last = await endsOf(train, 'max', series, time, where)
    for (const [name, first] of await endsOf(holdout, 'min', series, time, where)) {
      all++
      const learned = last.get(name)
      if (learned === undefined) continue
      known++
      if (first <= learned) early++
    }
  }
  if (known === 0) {
    const found = `None of ${number(all)} series is in the training data with a time.${without(order)}`
    return check(about, { verdict: 'inconclusive', found })
  }
  return check(about, {
    verdict: early > 0 ? 'fail' : order.untimed > 0 ? 'warn' : 'pass',
    found: `In ${number(early)} of ${number(all)} series they begin before the training data end.${without(order)}`,
    failing: early > 0 ? early : order.untimed,
  })
}

function without({ untimed, unlearned }: Order): string {
  const hold =
    untimed === 0 ? '' : ` ${counted(untimed)} without a time ${untimed === 1 ? 'is' : 'are'} in the hold-out.`
  return unlearned === 0
    ? hold
    : `${hold} ${counted(unlearned)} without a time ${unlearned === 1 ? 'is' : 'are'} in the training data.`
}

/** The first or last time of each series: a number, or text where times are text. */
async function endsOf(data: Dataset, end: 'min' | 'max', series: string, time: string, where: string) {
  const t = timeOf(data, time)
  const value = isTime(data, time) ? `epoch_us(${t})` : t
  const rows = await data.query(`SELECT ${quoteIdentifier(series)}::VARCHAR AS series, ${end}(${value}) AS time
    FROM data WHERE ${where} AND ${t} IS NOT NULL GROUP BY ALL`)
  return new Map(rows.map((row) => [row.series as string, row.time as number | bigint | string]))
}

/** Times can be compared with times, numbers with numbers, text with text; undefined, or else why not. */
function whyUnlike(train: Dataset, holdout: Dataset, time: string): string | undefined {
  const kind = (data: Dataset) => [isTime(data, time), isNumeric(columnIn(data, time)!.type), isText(data, time)].join()
  if (kind(train) === kind(holdout) && kind(train).includes('true')) return undefined
  return `${time} is ${columnIn(train, time)!.type} in the training data and ${columnIn(holdout, time)!.type} in the hold-out: these are not times that can be compared.`
}

function isTime(data: Dataset, name: string): boolean {
  return /^(?:DATE|TIMESTAMP)/.test(columnIn(data, name)!.type)
}

function isText(data: Dataset, name: string): boolean {
  return columnIn(data, name)!.type === 'VARCHAR'
}

/** As SQL; null where there is none, or a placeholder such as the year 9999, as in windows of drift. */
function timeOf(data: Dataset, name: string): string {
  const column = quoteIdentifier(name)
  if (isText(data, name)) return column
  if (!isTime(data, name)) return `CASE WHEN isfinite(${column}::DOUBLE) THEN ${column} END`
  const time = `${column}::TIMESTAMP`
  return `CASE WHEN ${time} BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2199-12-31' THEN ${time} END`
}
