import { scoreInterval } from '@modelyard/stats'
import { number } from '../checks/plan.ts'
import { type Family, isNull, ofValues, type Sql, sql, type Values } from '../conditions.ts'
import type { QualityRule } from '../document/document.ts'
import type { Facts } from './facts.ts'
import { rangeOf } from './range.ts'

/** Something that the values of a column could be held to, seen in some rows and to be tried on others. */
export interface Claim {
  /** `required`, the name of an option of the logical type, or the id of a quality rule. */
  rule: string
  says: { required: true } | { option: number | string } | { quality: QualityRule }
  /** Where it comes from, for who reads the contract. */
  why: string
  /** A share of the rows in which the column is called `v`, as an aggregate; and what it may be. */
  share: Sql
  from: number
  to: number
}

/** How many times the slack that the data ask for a rule gets: more than once where other rows broke it. */
export type Slack = (rule: string) => number

/** What shares of two sets of honest rows differ by at most, in standard errors: by chance, once in 30,000 times. */
const DEVIATIONS = 4
/** A next set of rows with at least this share of the rows that were seen is thought of. */
const LEAST_BATCH = 1 / 4
/** A middle may move so far without anything being wrong. */
const MIDDLE_SLACK = 0.1
/** With fewer values, chance moves the middle as far as mistakes do. */
const LEAST_FOR_MIDDLE = 300
/** A list of valid values is believed only where each was seen this often on average. */
const ROWS_PER_VALUE = 10
/** Where the rarest value of a list was seen more seldom, others were not seen at all. */
const RARE = 5

/** What a column's values show that they could be held to. */
export function claimsOf(facts: Facts, column: Values, family: Family | undefined, slack: Slack): Claim[] {
  return [
    presence(facts, column, slack),
    ...(family === 'integer' || family === 'fraction' ? numbers(facts, column, family, slack) : []),
    ...(family === 'text' ? texts(facts, column, slack) : []),
    ...days(facts, column, slack),
    ...list(facts, column, slack),
    ...middle(facts, column),
  ]
}

function presence({ rows, nulls }: Facts, column: Values, slack: Slack): Claim {
  const share = shareOf(sql(isNull(column)))
  if (nulls === 0) {
    // Three events are the most that a 95 % interval has where none was seen.
    const most = Number((300 / rows).toPrecision(1))
    const why = `none of ${number(rows)} rows is without; at most ${most} % are, at 95 % confidence`
    return { rule: 'required', says: { required: true }, why, share, from: 0, to: 0 }
  }
  const to = allowance(nulls, rows, slack('usual_nulls'))
  return {
    rule: 'usual_nulls',
    says: { quality: { id: 'usual_nulls', metric: 'nullValues', mustBeLessOrEqualTo: percent(to), unit: 'percent' } },
    why: `${number(nulls)} of ${number(rows)} rows are without`,
    share,
    from: 0,
    to,
  }
}

function numbers(facts: Facts, column: Values, family: Family, slack: Slack): Claim[] {
  const range = facts.ends && rangeOf(facts.ends, family === 'integer', slack)
  return [
    ...(range?.minimum ? [bound('minimum', range.minimum, sql(ofValues(column, 'v < ?'), range.minimum.at))] : []),
    ...(range?.maximum ? [bound('maximum', range.maximum, sql(ofValues(column, 'v > ?'), range.maximum.at))] : []),
  ]
}

function bound(rule: string, { at, why }: { at: number | string; why: string }, breaking: Sql): Claim {
  return { rule, says: { option: at }, why, share: shareOf(breaking), from: 0, to: 0 }
}

function texts({ shapes, ends }: Facts, column: Values, slack: Slack): Claim[] {
  if (shapes) {
    const patterns = shapes.map(({ pattern }) => pattern)
    const at = patterns.length === 1 ? `^${patterns[0]}$` : `^(?:${patterns.join('|')})$`
    const why = `all ${number(shapes.reduce((sum, { rows }) => sum + rows, 0))} values are written so`
    return [bound('pattern', { at, why }, sql(ofValues(column, 'NOT regexp_matches(v::VARCHAR, ?)'), at))]
  }
  const range = ends && rangeOf(ends, true, (rule) => slack(rule === 'minimum' ? 'minLength' : 'maxLength'))
  const length = 'length(v::VARCHAR)'
  return [
    // That some are empty is nothing to ask for.
    ...(ends && ends.low[0]! > 0
      ? [bound('minLength', { at: 1, why: 'none is empty' }, sql(ofValues(column, `${length} < 1`)))]
      : []),
    ...(range?.maximum
      ? [bound('maxLength', range.maximum, sql(ofValues(column, `${length} > ?`), range.maximum.at))]
      : []),
  ]
}

function days({ days: found }: Facts, column: Values, slack: Slack): Claim[] {
  if (!found) return []
  const DAY = 86_400_000
  const first = Date.parse(found.first)
  const early = new Date(first - (Date.parse(found.last) - first + DAY) * slack('minimum')).toISOString().slice(0, 10)
  if (!/^\d{4}-/.test(early)) return []
  const why = `the first is of ${found.first}; this is as long before it as the last, ${found.last}, is after`
  return [bound('minimum', { at: early, why }, sql(ofValues(column, 'v < ?::TIMESTAMP'), early))]
}

function list({ rows, values }: Facts, column: Values, slack: Slack): Claim[] {
  if (!values || rows < values.length * ROWS_PER_VALUE) return []
  const valid = values.map(({ value }) => value).toSorted()
  const rarest = values[0]!.rows
  const once = values.filter((value) => value.rows === 1).length
  // The chance that the next row has a value that was never seen is about the share of those seen once (Good 1953).
  // One value alone may be that of a switch that nobody used yet.
  const isSure = values.length > 1 && rarest >= RARE && slack('known_values') === 1
  const to = isSure ? 0 : allowance(once, rows, slack('known_values'))
  const rule = isSure ? { mustBe: 0 } : { mustBeLessOrEqualTo: percent(to), unit: 'percent' }
  const unlisted = sql(ofValues(column, `v::VARCHAR NOT IN (${valid.map(() => '?').join(', ')})`), ...valid)
  return [
    {
      rule: 'known_values',
      says: { quality: { id: 'known_values', metric: 'invalidValues', arguments: { validValues: valid }, ...rule } },
      why: `all ${number(valid.length)} values, the rarest in ${number(rarest)} of ${number(rows)} rows`,
      share: shareOf(unlisted),
      from: 0,
      to,
    },
  ]
}

/** Where the middle of the values lies tells another unit, which stays within any range, and most other mistakes. */
function middle({ middle: found, rows, nulls }: Facts, column: Values): Claim[] {
  const values = rows - nulls
  if (!found || values < LEAST_FOR_MIDDLE) return []
  const { low, high } = scoreInterval(found.share, values / (1 + 1 / LEAST_BATCH), DEVIATIONS)
  const [from, to] = [Math.max(0, low - MIDDLE_SLACK), Math.min(1, high + MIDDLE_SLACK)]
  const range: [number, number] = [Math.floor(from * 100), Math.ceil(to * 100)]
  const condition = found.condition.replaceAll(/\bv\b/g, '{property}')
  // NaN is greater than any number, and no value.
  const known = /^(?:FLOAT|DOUBLE)$/.test(column.type) ? 'NOT isnan({property}::DOUBLE)' : '{property} IS NOT NULL'
  return [
    {
      rule: 'usual_middle',
      says: {
        quality: {
          id: 'usual_middle',
          type: 'sql',
          description: `From ${range[0]} to ${range[1]} percent of the values ${found.words}.`,
          query: `SELECT 100.0 * avg(CASE WHEN ${condition} THEN 1 WHEN ${known} THEN 0 END) FROM {object}`,
          mustBeBetween: range,
        },
      },
      why: `${number(Math.round(found.share * 1000) / 10)} % of them ${found.words}`,
      share: shareOf(sql(found.condition), ofValues(column, 'true')),
      from,
      to,
    },
  ]
}

/** The most that a share may be in the next rows: by chance, and then a quarter more, for data are never quite the same. */
function allowance(found: number, rows: number, slack: number): number {
  const share = found / rows
  const { high } = scoreInterval(share, rows / (1 + 1 / LEAST_BATCH), DEVIATIONS)
  return Math.min(1, Math.max(high, share * 1.25) * slack)
}

/** Two digits, rounded up. */
function percent(share: number): number {
  const scale = 10 ** (1 - Math.floor(Math.log10(share * 100)))
  return Math.min(100, Number((Math.ceil(share * 100 * scale) / scale).toPrecision(12)))
}

/** The share of rows that meet a condition, among those of another. */
function shareOf({ text, values }: Sql, among = 'true'): Sql {
  return { text: `avg(CASE WHEN NOT (${among}) THEN NULL WHEN ${text} THEN 1 ELSE 0 END)`, values }
}
