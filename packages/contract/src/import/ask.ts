import { quoteIdentifier } from '@modelyard/data'
import { z } from 'zod'
import type { Property, QualityRule } from '../document/document.ts'
import { literal, NotSayable, rowCondition } from './row-condition.ts'
import type { Expectation } from './suite.ts'

/** What an expectation becomes: something that a property says, rules of a column, or rules of the table. */
export interface Said {
  /** The column that it is about, or columns of which it only asks that they are there. */
  column?: string | undefined
  columns?: string[]
  property?: Pick<Property, 'required' | 'unique' | 'logicalType' | 'logicalTypeOptions'>
  rules?: QualityRule[]
  /** What of the expectation is not in it. */
  lost?: string
}

const Values = z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)
const Names = z.array(z.string()).min(1)

/** An expectation, read: what it is about and how strictly. Throws `NotSayable` where it cannot be read. */
export interface Ask {
  kwargs: Record<string, unknown>
  /** Whether it is about all rows, allows none to break it, and fails: what a property can say. */
  isPlain: boolean
  /** The rows that it is about. */
  condition: string | undefined
  /** The share of the rows that must satisfy it. */
  mostly: number
  text(key: string): string
  values(key: string): Array<string | number | boolean>
  names(key: string): string[]
}

export function asked({ kwargs, severity }: Expectation): Ask {
  const open = Object.entries(kwargs).find(([, value]) => JSON.stringify(value)?.includes('"$PARAMETER"'))
  if (open) throw new NotSayable(`its ${open[0]} is a parameter that is given when it runs`)
  const given = <T>(key: string, schema: z.ZodType<T>, words: string): T => {
    const { data } = schema.safeParse(kwargs[key])
    if (data === undefined) throw new NotSayable(`its ${key} is not ${words}`)
    return data
  }
  const { row_condition, condition_parser } = kwargs
  const condition = row_condition ? rowCondition(row_condition, condition_parser) : undefined
  const mostly =
    kwargs.mostly === undefined || kwargs.mostly === null ? 1 : given('mostly', z.number().min(0).max(1), 'a share')
  return {
    kwargs,
    isPlain: condition === undefined && mostly === 1 && severity === 'critical',
    condition,
    mostly,
    text: (key) => given(key, z.string().min(1), 'a text'),
    values: (key) => given(key, Values, 'a list of texts and numbers'),
    names: (key) => given(key, Names, 'a list of names'),
  }
}

export function columnOf(ask: Ask): { name: string; sql: string } {
  const name = ask.text('column')
  return { name, sql: quoteIdentifier(name) }
}

/** SQL for rows, of those with a value in `known`, that must satisfy a condition: in a share of `mostly` of them. */
export function rowsRule({ condition, mostly }: Ask, satisfied: string, known: readonly string[]): QualityRule {
  const where = [...known.map((column) => `${column} IS NOT NULL`), ...(condition ? [condition] : [])]
  const broken = `count(CASE WHEN ${satisfied} THEN NULL ELSE 1 END)`
  return mostly === 1
    ? { type: 'sql', query: `SELECT ${broken} FROM {object}${whereOf(where)}`, mustBe: 0 }
    : {
        type: 'sql',
        query: `SELECT coalesce(100.0 * ${broken} / count(*), 0) FROM {object}${whereOf(where)}`,
        mustBeLessOrEqualTo: tolerated(mostly),
      }
}

/** SQL for rows that share their values in columns: GX counts each of them, and rows without a value in all not at all. */
export function repeatsRule({ condition, mostly }: Ask, columns: readonly string[], known: string): QualityRule {
  const groups = `(SELECT count(*) AS n FROM {object}${whereOf([known, ...(condition ? [condition] : [])])} GROUP BY ${columns.join(', ')})`
  return mostly === 1
    ? { type: 'sql', query: `SELECT count(CASE WHEN n > 1 THEN 1 END) FROM ${groups}`, mustBe: 0 }
    : {
        type: 'sql',
        query: `SELECT coalesce(100.0 * sum(CASE WHEN n > 1 THEN n ELSE 0 END) / sum(n), 0) FROM ${groups}`,
        mustBeLessOrEqualTo: tolerated(mostly),
      }
}

/** One number of all rows. */
export function numberRule(ask: Ask, aggregate: string, operator: QualityRule): QualityRule {
  return {
    type: 'sql',
    query: `SELECT ${aggregate} FROM {object}${whereOf(ask.condition ? [ask.condition] : [])}`,
    ...operator,
  }
}

/** A rule of the standard's library on rows with a value: a share of them may break it. */
export function libraryRule({ condition, mostly }: Ask, rule: QualityRule, known?: string): QualityRule {
  const filter = [...(known && mostly < 1 ? [`${known} IS NOT NULL`] : []), ...(condition ? [condition] : [])].join(
    ' AND ',
  )
  return {
    ...rule,
    ...(mostly === 1 ? { mustBe: 0 } : { mustBeLessOrEqualTo: tolerated(mostly), unit: 'percent' }),
    ...(filter && { customProperties: [{ property: 'filter', value: filter }] }),
  }
}

export function listed(values: ReadonlyArray<string | number | boolean>): string {
  return `(${values.map(literal).join(', ')})`
}

/** Percent of the rows, without the digits that binary fractions add. */
function tolerated(mostly: number): number {
  return Number(((1 - mostly) * 100).toPrecision(12))
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
}
