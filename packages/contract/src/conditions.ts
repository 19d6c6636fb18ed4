import { type Column, quoteIdentifier, type Value } from '@modelyard/data'

/** A piece of SQL with `?` where its values go, in their order. */
export interface Sql {
  text: string
  values: Value[]
}

export function sql(text: string, ...values: Value[]): Sql {
  return { text, values }
}

/** A column, or what is nested in one. */
export interface Values extends Column {
  /** The SQL that makes a value; the column itself where there is none. */
  sql?: string
  /** The object that it is a field of: without that, nothing is asked of it. */
  within?: Values
  /** The list whose every item is such a value, and what `sql` calls an item: a row is as its items are. */
  each?: { list: Values; item: string }
}

/** The SQL of a value. */
export function sqlOf({ name, sql: own }: Values): string {
  return own ?? quoteIdentifier(name)
}

const families = {
  integer: /^U?(?:TINY|SMALL|BIG|HUGE)INT$|^U?INTEGER$/,
  fraction: /^(?:FLOAT|DOUBLE|DECIMAL\(.*\))$/,
  text: /^(?:VARCHAR|UUID|ENUM\(.*\))$/,
  boolean: /^BOOLEAN$/,
  date: /^DATE$/,
  timestamp: /^TIMESTAMP/,
  time: /^TIME(?: |$)/,
  object: /^(?:STRUCT|MAP)\(.*\)$|^JSON$/,
  array: /\[\d*\]$/,
} as const
export type Family = keyof typeof families

/** The kind of values that a DuckDB type holds; undefined for those that no contract speaks of. */
export function familyOf(type: string): Family | undefined {
  if (families.array.test(type)) return 'array'
  return (Object.keys(families) as Family[]).find((family) => families[family].test(type))
}

export function isNumeric(type: string): boolean {
  return ['integer', 'fraction'].includes(familyOf(type) ?? '')
}

/** Whether a row has no value: NULL, and NaN too, which is how frameworks write it. */
export function isNull(values: Values): string {
  const value = sqlOf(values)
  return /^(?:FLOAT|DOUBLE)$/.test(values.type) ? `(${value} IS NULL OR isnan(${value}))` : `${value} IS NULL`
}

/** A condition on rows that have a value; of items, on rows in which one of them meets it. */
export function ofValues(values: Values, condition: string): string {
  return ofRows(values, `NOT ${isNull(values)} AND (${condition})`)
}

/** A condition on a value as one on its row. */
export function ofRows({ each }: Values, condition: string): string {
  if (!each) return condition
  const some = `len(list_filter(${listOf(each.list)}, lambda ${each.item}: ${condition})) > 0`
  return ofRows(each.list, `coalesce(${some}, false)`)
}

/** A list of any length, which is what functions of lists take. */
export function listOf(list: Values): string {
  return /\[\d+\]$/.test(list.type) ? `${sqlOf(list)}::${list.type.replace(/\[\d+\]$/, '[]')}` : sqlOf(list)
}

/** How many rows satisfy a condition. (`FILTER` takes a time that grows with the square of the number of aggregates.) */
export function countWhere(condition: string): string {
  return `count(CASE WHEN ${condition} THEN 1 END)`
}
