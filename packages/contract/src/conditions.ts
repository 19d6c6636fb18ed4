import { type Column, quoteIdentifier, type Value } from '@modelyard/data'

/** A piece of SQL with `?` where its values go, in their order. */
export interface Sql {
  text: string
  values: Value[]
}

export function sql(text: string, ...values: Value[]): Sql {
  return { text, values }
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
export function isNull({ name, type }: Column): string {
  const column = quoteIdentifier(name)
  return /^(?:FLOAT|DOUBLE)$/.test(type) ? `(${column} IS NULL OR isnan(${column}))` : `${column} IS NULL`
}

/** A condition on rows that have a value. */
export function ofValues(column: Column, condition: string): string {
  return `NOT ${isNull(column)} AND (${condition})`
}

/** How many rows satisfy a condition. */
export function countWhere(condition: string): string {
  return `count(*) FILTER (WHERE ${condition})`
}

/** How many rows repeat the values of an earlier one; rows without a value are not compared. */
export function countRepeats(columns: readonly Column[]): string {
  const filter = `FILTER (WHERE ${columns.map((column) => `NOT ${isNull(column)}`).join(' AND ')})`
  const names = columns.map(({ name }) => quoteIdentifier(name))
  return `count(*) ${filter} - count(DISTINCT ${names.length > 1 ? `(${names.join(', ')})` : names[0]}) ${filter}`
}
