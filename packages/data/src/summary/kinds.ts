import type { ColumnPlan } from '../profile-plan.ts'
import { quoteIdentifier } from '../quote.ts'

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

/**
 * A column's value as it is summarized: null where it is not finite, 0 for −0, text cut after 200 characters. `strlen`
 * counts bytes and needs not look at them.
 */
export function summarized({ name, type }: Pick<ColumnPlan, 'name' | 'type'>): string {
  const value = quoteIdentifier(name)
  const kind = summaryKind(type)
  if (kind === 'text') {
    const text = type === 'VARCHAR' ? value : `${value}::VARCHAR`
    return `CASE WHEN strlen(${text}) > 200 THEN left(${text}, 200) ELSE ${text} END`
  }
  if (type === 'FLOAT' || type === 'DOUBLE') return `CASE WHEN isfinite(${value}) THEN ${value} + 0::${type} END`
  return kind === 'time' && type !== 'TIME' ? `CASE WHEN isfinite(${value}) THEN ${value} END` : value
}

/** The rows that have a value that is summarized: in these `summarized` is never null. */
export function isSummarized({ name, type }: Pick<ColumnPlan, 'name' | 'type'>): string {
  const value = quoteIdentifier(name)
  const kind = summaryKind(type)
  const finite = type === 'FLOAT' || type === 'DOUBLE' || (kind === 'time' && type !== 'TIME')
  return finite ? `isfinite(${value})` : `${value} IS NOT NULL`
}

/** The hash of a value that is summarized, of 48 bits. */
export function hashSql(value: string): string {
  return `hash(${value}) >> 16`
}
