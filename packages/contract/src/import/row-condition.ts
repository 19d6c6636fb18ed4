import { quoteIdentifier, quoteLiteral } from '@modelyard/data'
import { z } from 'zod'

/** The reason why something cannot be said in a contract. */
export class NotSayable extends Error {}

const Column = z.object({ name: z.string() })
const Value = z.union([z.string(), z.number(), z.boolean()])

/** The condition of Great Expectations 1.x, as JSON. */
const Comparison = z.object({
  type: z.literal('comparison'),
  column: Column,
  operator: z.enum(['==', '!=', '<', '>', '<=', '>=', 'IN', 'NOT_IN']),
  parameter: z.union([Value, z.array(Value).min(1)]),
})
const Nullity = z.object({ type: z.literal('nullity'), column: Column, is_null: z.boolean() })

/** The rows that an expectation is about, as SQL. Throws `NotSayable` for conditions in another language. */
export function rowCondition(condition: unknown, parser: unknown): string {
  if (typeof condition !== 'string') return structured(condition)
  if (typeof parser === 'string' && parser.startsWith('great_expectations')) return written(condition)
  throw new NotSayable(`its row_condition is written for ${parser ?? 'another engine'}; write it as a filter in SQL`)
}

function structured(condition: unknown): string {
  const several = z
    .object({ type: z.enum(['and', 'or']), conditions: z.array(z.unknown()).min(1) })
    .safeParse(condition)
  if (several.success) {
    return `(${several.data.conditions.map(structured).join(several.data.type === 'and' ? ' AND ' : ' OR ')})`
  }
  const one = z.discriminatedUnion('type', [Comparison, Nullity]).safeParse(condition)
  if (!one.success) throw new NotSayable('its row_condition is of a kind that is not known here')
  const column = quoteIdentifier(one.data.column.name)
  if (one.data.type === 'nullity') return `${column} IS ${one.data.is_null ? '' : 'NOT '}NULL`
  const { operator, parameter } = one.data
  if (Array.isArray(parameter))
    return `${column} ${operator === 'NOT_IN' ? 'NOT IN' : 'IN'} (${parameter.map(literal).join(', ')})`
  return `${column} ${sqlOperator(operator)} ${literal(parameter)}`
}

/** `col("a") > 3`, `col("a") == "x"`, `col("day") < date("2024-01-01")`, `col("a").notNull()`: the language of 0.x. */
function written(condition: string): string {
  const [, quoted, name, rest] = /^\s*col\((["'])(.*?)\1\)\s*(.*?)\s*$/s.exec(condition) ?? []
  const column = quoted === undefined ? '' : quoteIdentifier(name!)
  if (column && /^\.notnull\(\)$/i.test(rest!)) return `${column} IS NOT NULL`
  const [, operator, value] = /^(==|!=|<=|>=|<|>)\s*(.*)$/s.exec(rest ?? '') ?? []
  const number = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.exec(value ?? '')?.[0]
  const text = /^(?:date\()?(["'])(.*)\1\)?$/s.exec(value ?? '')?.[2]
  if (!column || !operator || (number === undefined && text === undefined)) {
    throw new NotSayable('its row_condition is of a kind that is not known here')
  }
  return `${column} ${sqlOperator(operator)} ${number ?? quoteLiteral(text!)}`
}

function sqlOperator(operator: string): string {
  return operator === '==' ? '=' : operator === '!=' ? '<>' : operator
}

/** A value as SQL. */
export function literal(value: string | number | boolean): string {
  return typeof value === 'string' ? quoteLiteral(value) : String(value)
}
