import { type Case, columnsOf, table } from './case.ts'

interface Metric {
  metric: string
  file: string
  /** The column that it stands at; without one it stands at the table. */
  column?: string
  arguments?: Record<string, unknown>
  /** How many rows the standard's words make of it. */
  count: number
  units: ReadonlyArray<'rows' | 'percent' | undefined>
}

const ALL = [undefined, 'rows', 'percent'] as const
const NONE = [undefined]
const PERCENT = ['percent'] as const

const of = (metric: string, file: string, column?: string, list?: Record<string, unknown>) => ({
  metric,
  file,
  ...(column && { column }),
  ...(list && { arguments: list }),
})

const F = 'flights.csv'
const T = 'texts.parquet'

const metrics: Metric[] = [
  { ...of('nullValues', F, 'origin'), count: 2, units: ALL },
  { ...of('nullValues', F, 'ratio'), count: 2, units: NONE },
  { ...of('missingValues', F, 'origin', { missingValues: [null, 'N/A'] }), count: 3, units: ALL },
  { ...of('missingValues', T, 'city', { missingValues: [null, '', 'N/A'] }), count: 4, units: NONE },
  { ...of('missingValues', T, 'city', { missingValues: ['', 'N/A'] }), count: 3, units: NONE },
  { ...of('missingValues', F, 'delay', { missingValues: [0, 9] }), count: 2, units: PERCENT },
  { ...of('missingValues', F, 'gap'), count: 2, units: NONE },
  { ...of('invalidValues', F, 'origin', { validValues: ['ORD', 'LAX', 'SFO'] }), count: 3, units: ALL },
  { ...of('invalidValues', F, 'code', { pattern: '^[A-Z]{2}[0-9]$' }), count: 1, units: NONE },
  { ...of('invalidValues', F, 'delay', { validValues: [0, 1, 2, 3, 4] }), count: 5, units: PERCENT },
  { ...of('duplicateValues', F, 'key'), count: 1, units: ALL },
  { ...of('duplicateValues', F, 'carrier'), count: 7, units: NONE },
  { ...of('duplicateValues', F, undefined, { properties: ['key', 'carrier'] }), count: 1, units: ALL },
  // Of rowCount the standard knows rows alone.
  { ...of('rowCount', F), count: 10, units: [undefined, 'rows'] },
]

const operators = [
  'mustBe',
  'mustNotBe',
  'mustBeGreaterThan',
  'mustBeGreaterOrEqualTo',
  'mustBeLessThan',
  'mustBeLessOrEqualTo',
  'mustBeBetween',
  'mustNotBeBetween',
]

/** Every metric, level, unit and operator; the limit is hit exactly, and missed by one. */
export function metricCases(): Case[] {
  return metrics.flatMap((each) =>
    each.units.flatMap((unit) =>
      operators.flatMap((operator) => [0, 1].map((beyond) => metricCase(each, unit, operator, beyond))),
    ),
  )
}

function metricCase(
  { metric, file, column, arguments: list, count }: Metric,
  unit: 'rows' | 'percent' | undefined,
  operator: string,
  beyond: number,
): Case {
  const value = (unit === 'percent' ? (count / (file === F ? 10 : 8)) * 100 : count) + beyond
  const limit = operator.endsWith('Between') ? [value, value + 1] : value
  const rule = { metric, ...(list && { arguments: list }), ...(unit && { unit }), [operator]: limit }
  const asked = `${metric}${list ? ` ${JSON.stringify(list)}` : ''} of ${column ? `${column} in ` : ''}${file}`
  return {
    name: `${asked}: ${operator} ${JSON.stringify(limit)}${unit ? ` ${unit}` : ''}`,
    group: `${metric} of a ${column ? 'column' : 'table'}`,
    file,
    object: column
      ? table(file, columnsOf(file), column, { quality: [rule] })
      : table(file, columnsOf(file), undefined, {}, [rule]),
  }
}
