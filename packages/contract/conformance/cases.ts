import type { LogicalType, Property, QualityRule, SchemaObject } from '../src/document.ts'

/** One thing that a contract may ask of one of the files, and how it is called. */
export interface Case {
  /** `nullValues of origin, percent, mustBe 20`. */
  name: string
  /** The group that it is counted in. */
  group: string
  file: string
  object: SchemaObject
  /** Whether it is about what the columns are, and not about what is in them. */
  columns?: true
}

/** The contract of a case, the same bytes for both tools. Paths are relative to this folder. */
export function contractOf({ file, object }: Case): string {
  const server = { server: 'here', type: 'local', path: `files/${file}`, format: file.split('.')[1] }
  const head = { apiVersion: 'v3.1.0', kind: 'DataContract', id: 'conformance', version: '1.0.0', status: 'active' }
  return `${JSON.stringify({ ...head, servers: [server], schema: [object] }, null, 1)}\n`
}

const types: Record<string, LogicalType> = {
  id: 'integer',
  key: 'integer',
  delay: 'integer',
  gap: 'integer',
  ratio: 'number',
}
const FLIGHTS = ['id', 'key', 'carrier', 'origin', 'delay', 'ratio', 'gap', 'code']

function tableOf(file: string): string {
  return file.split('.')[0]!
}

/** A table with some columns, what is asked of one of them, and what is asked of the table. */
function table(
  file: string,
  columns: readonly string[],
  column?: string,
  asked: Partial<Property> = {},
  quality: QualityRule[] = [],
): SchemaObject {
  const properties = columns.map((name) => {
    const type = { name, logicalType: types[name] ?? ('string' as const) }
    return name === column ? { ...type, ...asked } : type
  })
  return { name: tableOf(file), properties, ...(quality.length > 0 && { quality }) }
}

function columnsOf(file: string): readonly string[] {
  return file === 'flights.csv' ? FLIGHTS : ['id', 'city', 'zip']
}

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
function metricCases(): Case[] {
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

/** What a column's values must be, by keys of the schema. */
const rules: Array<[file: string, column: string, asked: Partial<Property>]> = [
  ['flights.csv', 'id', { required: true }],
  ['flights.csv', 'origin', { required: true }],
  ['flights.csv', 'ratio', { required: true }],
  ['texts.parquet', 'city', { required: true }],
  ['texts.parquet', 'zip', { required: true }],
  ['flights.csv', 'id', { unique: true }],
  ['flights.csv', 'key', { unique: true }],
  ['flights.csv', 'gap', { unique: true }],
  ['texts.parquet', 'zip', { unique: true }],
  ['flights.csv', 'id', { primaryKey: true, primaryKeyPosition: 1 }],
  ['flights.csv', 'key', { primaryKey: true, primaryKeyPosition: 1 }],
  ['flights.csv', 'gap', { primaryKey: true, primaryKeyPosition: 1 }],
  ...([0, 1, -1] as const).map((minimum): [string, string, Partial<Property>] => [
    'flights.csv',
    'delay',
    { logicalTypeOptions: { minimum } },
  ]),
  ...([9, 8, 10] as const).map((maximum): [string, string, Partial<Property>] => [
    'flights.csv',
    'delay',
    { logicalTypeOptions: { maximum } },
  ]),
  ['flights.csv', 'delay', { logicalTypeOptions: { exclusiveMinimum: 0 } }],
  ['flights.csv', 'delay', { logicalTypeOptions: { exclusiveMinimum: -1 } }],
  ['flights.csv', 'delay', { logicalTypeOptions: { exclusiveMaximum: 9 } }],
  ['flights.csv', 'delay', { logicalTypeOptions: { exclusiveMaximum: 10 } }],
  ['flights.csv', 'ratio', { logicalTypeOptions: { minimum: 0.5 } }],
  ['flights.csv', 'ratio', { logicalTypeOptions: { maximum: 8.5 } }],
  ['flights.csv', 'ratio', { logicalTypeOptions: { maximum: 8 } }],
  ['flights.csv', 'origin', { logicalTypeOptions: { minLength: 3 } }],
  ['flights.csv', 'origin', { logicalTypeOptions: { minLength: 4 } }],
  ['flights.csv', 'origin', { logicalTypeOptions: { maxLength: 3 } }],
  ['flights.csv', 'origin', { logicalTypeOptions: { maxLength: 2 } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { minLength: 0 } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { minLength: 1 } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { maxLength: 9 } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { maxLength: 8 } }],
  ['flights.csv', 'code', { logicalTypeOptions: { pattern: '^[A-Z]{2}[0-9]$' } }],
  ['flights.csv', 'code', { logicalTypeOptions: { pattern: '^[A-Za-z]{2}[0-9]$' } }],
  ['flights.csv', 'code', { logicalTypeOptions: { pattern: '[0-9]' } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { pattern: '^.+$' } }],
  ['texts.parquet', 'city', { logicalTypeOptions: { pattern: '^.*$' } }],
  ['flights.csv', 'delay', { logicalTypeOptions: { multipleOf: 3 } }],
  ['flights.csv', 'delay', { logicalTypeOptions: { format: 'i8' } }],
  ['texts.parquet', 'zip', { logicalTypeOptions: { format: 'ipv4' } }],
]

function ruleCases(): Case[] {
  return rules.map(([file, column, asked]) => ({
    name: `${column} of ${file}: ${JSON.stringify(asked)}`,
    group: 'logicalTypeOptions' in asked ? 'logicalTypeOptions' : 'required, unique, primaryKey',
    file,
    object: table(file, columnsOf(file), column, asked),
  }))
}

/** A key of two columns. */
function keyCases(): Case[] {
  return [
    ['key', 'carrier'],
    ['id', 'key'],
  ].map((key) => {
    const object = table('flights.csv', FLIGHTS)
    const properties = object.properties!.map((property) => {
      const position = key.indexOf(property.name)
      return position < 0 ? property : { ...property, primaryKey: true, primaryKeyPosition: position + 1 }
    })
    return {
      name: `primary key of flights.csv: ${key.join(', ')}`,
      group: 'required, unique, primaryKey',
      file: 'flights.csv',
      object: { ...object, properties },
    }
  })
}

const severities = ['error', 'warning', 'info', 'warn', 'low', 'minor', 'trivial', 'critical', 'Warning', undefined]

function severityCases(): Case[] {
  return severities.flatMap((severity) =>
    [2, 3].map((mustBe) => ({
      name: `severity ${severity ?? 'left out'}: nullValues of flights.csv, origin: mustBe ${mustBe}`,
      group: 'severity',
      file: 'flights.csv',
      object: table('flights.csv', FLIGHTS, 'origin', {
        quality: [{ metric: 'nullValues', mustBe, ...(severity && { severity }) }],
      }),
    })),
  )
}

const queries: Array<[query: string, rule: Record<string, unknown>]> = [
  ['SELECT count(*) FROM {object} WHERE {property} IS NOT NULL', { mustBe: 8 }],
  ['SELECT count(*) FROM ${table} WHERE ${column} IS NOT NULL', { mustBe: 7 }],
  ['SELECT count(*) FROM {object}', { mustBeGreaterThan: 10 }],
  ['SELECT count(*) FROM {object}', { mustBeGreaterOrEqualTo: 10 }],
  ['SELECT count(*) FROM {object}', { mustBeLessThan: 10 }],
  ['SELECT count(*) FROM {object}', { mustBeLessOrEqualTo: 10 }],
  ['SELECT count(*) FROM {object}', { mustBeBetween: [0, 10] }],
  ['SELECT count(*) FROM {object}', { mustNotBeBetween: [0, 10] }],
  ['SELECT count(*) FROM {object}', { mustNotBe: 10 }],
  ['SELECT avg(delay) FROM {object}', { mustBe: 4.5 }],
  ['SELECT max(delay) = 9 FROM {object}', { mustBe: true }],
  ['SELECT NULL', { mustBe: 0 }],
  ['SELEKT 1', { mustBe: 1 }],
]

function queryCases(): Case[] {
  return queries.map(([query, operator]) => ({
    name: `${query}: ${JSON.stringify(operator)}`,
    group: 'sql',
    file: 'flights.csv',
    object: table('flights.csv', FLIGHTS, 'origin', { quality: [{ type: 'sql', query, ...operator } as QualityRule] }),
  }))
}

const others: QualityRule[] = [
  { type: 'text', description: 'The origin is an airport.' },
  { type: 'custom', engine: 'great-expectations', implementation: 'type: expect_column_to_exist' },
]

function otherCases(): Case[] {
  return others.map((rule) => ({
    name: `a rule of the type ${rule.type}`,
    group: 'text, custom',
    file: 'flights.csv',
    object: table('flights.csv', FLIGHTS, 'origin', { quality: [rule] }),
  }))
}

const logicalTypes: LogicalType[] = ['string', 'integer', 'number', 'boolean', 'timestamp']
const typedColumns = ['l', 'd', 't', 'b', 'at']

/** Every logical type of a column of every type that Parquet keeps, and a column that is not there. */
function columnCases(): Case[] {
  const asked = typedColumns.flatMap((column) =>
    logicalTypes.map(
      (logicalType): Case => ({
        name: `${column} of typed.parquet is ${logicalType}`,
        group: 'columns and their types',
        file: 'typed.parquet',
        columns: true,
        object: { name: 'typed', properties: [{ name: column, logicalType }] },
      }),
    ),
  )
  const absent = ['flights.csv', 'texts.parquet', 'typed.parquet'].map(
    (file): Case => ({
      name: `altitude of ${file} is not there`,
      group: 'columns and their types',
      file,
      columns: true,
      object: { name: tableOf(file), properties: [{ name: 'altitude' }] },
    }),
  )
  return [...asked, ...absent]
}

export const cases: readonly Case[] = [
  ...metricCases(),
  ...ruleCases(),
  ...keyCases(),
  ...severityCases(),
  ...queryCases(),
  ...otherCases(),
  ...columnCases(),
]
