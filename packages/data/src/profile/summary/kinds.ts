import { quoteIdentifier } from '../../engine/quote.ts'
import type { ColumnPlan } from '../profile-plan.ts'

/** What can be said of a column's values. Of `other` types, nested ones among them, they are only counted. */
export type Kind = 'number' | 'boolean' | 'text' | 'time' | 'other'

const kinds: Array<[kind: Kind, types: RegExp]> = [
  ['number', /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\([\d,]+\))$/],
  ['boolean', /^BOOLEAN$/],
  ['text', /^(?:VARCHAR|UUID|ENUM\(.*\))$/s],
  ['time', /^(?:DATE|TIME|TIMESTAMP(?:_S|_MS|_NS| WITH TIME ZONE)?)$/],
]

/** The kind of a DuckDB type. */
export function summaryKind(type: string): Kind {
  return kinds.find(([, types]) => types.test(type))?.[0] ?? 'other'
}

type Named = Pick<ColumnPlan, 'name' | 'type'>

/** A column's value as it is summarized: null where it is not finite, 0 for −0, text cut after 200 characters. */
export function summarized(column: Named): string {
  return mayBeInfinite(column.type)
    ? `CASE WHEN ${isSummarized(column)} THEN ${finiteValue(column)} END`
    : finiteValue(column)
}

/** The rows that have such a value: in these it is `finiteValue`. */
export function isSummarized({ name, type }: Named): string {
  const value = quoteIdentifier(name)
  return mayBeInfinite(type) ? `isfinite(${value})` : `${value} IS NOT NULL`
}

/** `strlen` counts bytes and needs not look at them. */
export function finiteValue({ name, type }: Named): string {
  const value = quoteIdentifier(name)
  if (isFloat(type)) return `${value} + 0::${type}`
  if (summaryKind(type) !== 'text') return value
  const text = type === 'VARCHAR' ? value : `${value}::VARCHAR`
  return `CASE WHEN strlen(${text}) > 200 THEN left(${text}, 200) ELSE ${text} END`
}

export function isFloat(type: string): boolean {
  return type === 'FLOAT' || type === 'DOUBLE'
}

function mayBeInfinite(type: string): boolean {
  return isFloat(type) || (summaryKind(type) === 'time' && type !== 'TIME')
}

/** The hash of a value that is summarized, of 48 bits. */
export function hashSql(value: string): string {
  return `hash(${value}) >> 16`
}
