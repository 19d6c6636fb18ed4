import type { LogicalType, Property, QualityRule } from '../src/document/document.ts'
import { type Case, columnsOf, FLIGHTS, table, tableOf } from './case.ts'
import { metricCases } from './metric-cases.ts'

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
