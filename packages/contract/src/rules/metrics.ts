import { type Column, quoteIdentifier, type Value } from '@modelyard/data'
import type { Probe } from '../checks/plan.ts'
import { familyOf, isNull, ofValues, type Sql, sql } from '../conditions.ts'
import { columnOf, type Property } from '../document/document.ts'
import { matching, probeOf } from './patterns.ts'

/** What rules may speak of: the column that they stand at, or none, and the whole table. */
export interface Subject {
  column?: Column
  columns: readonly Column[]
  properties: readonly Property[]
}

/** What a metric counts. */
export type Measure = {
  words: string
  /** What values are right: a sentence. */
  valid?: string
} & (
  | {
      /** The rows that are counted; all of them without it. */
      breaking?: Sql
      probes?: readonly Probe[]
    }
  | { repeats: readonly Column[] }
)

/** The arguments that each metric of the standard's library knows. */
export const METRIC_ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  nullValues: [],
  missingValues: ['missingValues'],
  invalidValues: ['validValues', 'pattern'],
  duplicateValues: ['properties'],
  rowCount: [],
}

/** What a metric of the standard's library counts; a sentence where there is none. */
export function measureOf(
  metric: string | undefined,
  parameters: Record<string, unknown>,
  subject: Subject,
): Measure | string {
  const { column } = subject
  if (metric === 'rowCount') return { words: 'The number of rows is' }
  if (metric === 'duplicateValues') return duplicates(parameters.properties, subject)
  if (!column) return `${metric} is about a column and stands at none.`
  switch (metric) {
    case 'nullValues':
      return { breaking: sql(isNull(column)), words: 'The number of rows without a value is' }
    case 'missingValues':
      return missing(parameters.missingValues, column)
    case 'invalidValues':
      return invalid(parameters, column)
    default:
      return `Modelyard does not know the metric ${metric}.`
  }
}

/** Rows that repeat an earlier one: three equal rows are two duplicates. Columns are named as the contract names them. */
function duplicates(names: unknown, { column, columns, properties }: Subject): Measure | string {
  const wanted = column ? [column.name] : Array.isArray(names) ? names.map((name) => physical(String(name))) : []
  if (wanted.length === 0) return 'duplicateValues of a table needs arguments.properties.'
  const found = wanted.map((name) => columns.find((each) => each.name === name))
  const unknown = wanted.filter((_, index) => !found[index])
  if (unknown.length > 0) return `There is no column ${unknown.join(', ')}.`
  return { repeats: found as Column[], words: 'The number of rows that repeat an earlier one is' }

  function physical(name: string): string {
    const property = properties.find((each) => each.name === name)
    return property ? columnOf(property) : name
  }
}

/** Rows with one of the values that are listed; no value counts where null is listed, or nothing is. */
function missing(values: unknown, column: Column): Measure | string {
  const words = 'The number of missing values is'
  if (values === undefined) return { breaking: sql(isNull(column)), words }
  if (!Array.isArray(values) || values.length === 0)
    return 'arguments.missingValues must list the values that are none.'
  const texts = values.filter((value) => value !== null).map(String)
  const listed = isOneOf(column, texts)
  const conditions = texts.length > 0 ? [ofValues(column, listed.text)] : []
  if (values.includes(null)) conditions.push(isNull(column))
  return { breaking: sql(conditions.map((each) => `(${each})`).join(' OR '), ...listed.values), words }
}

/** Rows whose value is not listed or does not match; rows without a value are not invalid. */
function invalid({ validValues, pattern }: Record<string, unknown>, column: Column): Measure | string {
  const conditions: string[] = []
  const values: Value[] = []
  if (Array.isArray(validValues)) {
    const listed = isOneOf(column, validValues.map(String))
    conditions.push(`NOT (${listed.text})`)
    values.push(...listed.values)
  }
  if (typeof pattern === 'string') {
    const matches = matching(quoteIdentifier(column.name), pattern)
    conditions.push(`NOT ${matches.text}`)
    values.push(...matches.values)
  }
  if (conditions.length === 0) return 'invalidValues needs arguments.validValues or arguments.pattern.'
  return {
    breaking: sql(ofValues(column, conditions.join(' OR ')), ...values),
    words: 'The number of invalid values is',
    ...(Array.isArray(validValues) && { valid: `Valid: ${listed(validValues)}.` }),
    ...(typeof pattern === 'string' && { probes: [probeOf(pattern)] }),
  }
}

/** So many values are named. */
const NAMED = 5

/** Values as a sentence names them; quoted where a blank at an end would not be seen. */
function listed(values: readonly unknown[]): string {
  const names = values.slice(0, NAMED).map((value) => {
    const text = String(value)
    return text === text.trim() && text !== '' ? text : `'${text}'`
  })
  const rest = values.length - NAMED
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ')
}

/** A list so short is looked through more quickly than a table of its values is asked. */
const SHORT = 20

/** Compared in the column's own type where the text is one of it, so that 1 and 1.0 are the same number; a day is a time. */
function isOneOf(column: Column, listed: readonly string[]): Sql {
  const texts = listed.filter((text) => isExact(text, column.type))
  if (texts.length === 0) return sql('false')
  const timed = /^(?:DATE|TIMESTAMP)$/.test(column.type)
  const written = timed ? 'TRY_CAST(? AS TIMESTAMPTZ)::TIMESTAMP' : `TRY_CAST(? AS ${column.type})`
  const value = timed ? `${quoteIdentifier(column.name)}::TIMESTAMP` : quoteIdentifier(column.name)
  const list = texts.map(() => written).join(', ')
  const isIn = texts.length <= SHORT ? `list_contains([${list}], ${value})` : `${value} IN (${list})`
  return sql(`coalesce(${isIn}, false)`, ...texts)
}

/** Whether a type holds a number as it is written: to cast 0.4 to an integer makes 0 of it. */
function isExact(text: string, type: string): boolean {
  const scale = familyOf(type) === 'integer' ? 0 : Number(/^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1] ?? Number.NaN)
  const number = Number(text)
  return Number.isNaN(scale) || Number.isNaN(number) || Number(number.toFixed(scale)) === number
}
