import { type Column, type Dataset, quoteIdentifier, type Row, type Value } from '@modelyard/data'
import { stringify } from 'yaml'
import { countWhere, type Family, familyOf, isNull, ofValues } from './conditions.ts'
import type { LogicalType, Property, QualityRule } from './document.ts'

export interface InferOptions {
  /** Of the contract's one object, and of the contract: letters, digits, `-`, `_`. */
  name: string
  /** The column that names a row, if there is one: it becomes the primary key. */
  id?: string | undefined
  /** The column with the truth of a classification, if there is one: its numbers are names, of which all are known. */
  classes?: string | undefined
}

/** Text with more different values than this is no list of valid ones. */
const MOST_VALUES = 20
/** A list of valid values is believed only where each was seen this often on average. */
const ROWS_PER_VALUE = 10
/** How far beyond the least and greatest value, as a share of the range between them, new data may go. */
const SLACK = 0.5

const logical: Partial<Record<Family, LogicalType>> = {
  integer: 'integer',
  fraction: 'number',
  text: 'string',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
}

/**
 * A contract (ODCS v3.1, as YAML) that a dataset satisfies and that new data of its kind should: types, values that are
 * always there, unique ids, ranges of numbers with slack, and the values of texts that have few. Columns of nested
 * values are described without a type, for nothing checks them.
 */
export async function inferContract(dataset: Dataset, { name, id, classes }: InferOptions): Promise<string> {
  const properties: Property[] = []
  for (const column of dataset.columns)
    properties.push(
      await inferProperty(dataset, column, { isId: column.name === id, isClass: column.name === classes }),
    )
  const files = dataset.files.map(({ name: file }) => oneLine(file)).join(', ')
  const document = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: name,
    name,
    version: '1.0.0',
    status: 'draft',
    schema: [{ name, logicalType: 'object', properties }],
  }
  const head = [
    ` What ${files} held when this was written: ${dataset.rows.toLocaleString('en-US')} rows.`,
    ` Ranges reach ${SLACK * 100} % of the observed span beyond the least and the greatest value; lists hold the values that were`,
    ' seen. Correct them by what you know of the data: this file is what every later version of the data must satisfy.',
  ]
  return `#${head.join('\n#')}\n${stringify(document, { lineWidth: 120 })}`
}

/** A file's name may hold what would end a comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '?')
}

async function inferProperty(
  dataset: Dataset,
  column: Column,
  { isId, isClass }: { isId: boolean; isClass: boolean },
): Promise<Property> {
  const family = familyOf(column.type)
  const type = family && logical[family]
  const isName = isClass || (family === 'text' && !isId)
  const seen = await look(dataset, column, family)
  const quality = isName ? await validValues(dataset, column, seen) : []
  // The next ids are greater than those that were seen.
  const options = family === undefined || isId || isName ? {} : optionsOf(family, seen)
  return {
    name: column.name,
    ...(type && { logicalType: type }),
    ...(seen.nulls === 0 && { required: true }),
    ...(isId && { unique: true, primaryKey: true, primaryKeyPosition: 1 }),
    ...(Object.keys(options).length > 0 && { logicalTypeOptions: options }),
    ...(quality.length > 0 && { quality }),
  }
}

interface Seen {
  nulls: number
  distinct: number
  low: Value
  high: Value
}

async function look(dataset: Dataset, column: Column, family: Family | undefined): Promise<Seen> {
  const name = quoteIdentifier(column.name)
  const where = `FILTER (WHERE ${ofValues(column, 'true')})`
  const ends = family === 'integer' || family === 'fraction'
  const [row] = await dataset.query(`SELECT ${countWhere(isNull(column))} AS nulls,
    approx_count_distinct(${name}) AS "distinct",
    ${ends ? `min(${name}::DOUBLE) ${where}` : 'NULL'} AS low, ${ends ? `max(${name}::DOUBLE) ${where}` : 'NULL'} AS high FROM data`)
  const { nulls, distinct, low, high } = row as Row
  return { nulls: Number(nulls), distinct: Number(distinct), low: low ?? null, high: high ?? null }
}

/** A range with slack, in numbers that are short to read; a column without negative values keeps to that. */
function optionsOf(family: Family, { low, high }: Seen): Record<string, number> {
  // A column that holds infinities has no range.
  if (typeof low !== 'number' || typeof high !== 'number' || !Number.isFinite(high - low)) return {}
  const slack = (high - low) * SLACK || Math.abs(high) * SLACK || 1
  const least = low >= 0 ? Math.max(0, low - slack) : low - slack
  const most = high <= 0 ? Math.min(0, high + slack) : high + slack
  const whole = family === 'integer'
  const range = { minimum: shorten(least, whole, slack, 'down'), maximum: shorten(most, whole, slack, 'up') }
  // Numbers beyond these lose digits, so that a bound would not be the one that was written.
  return Object.values(range).every((bound) => Math.abs(bound) <= Number.MAX_SAFE_INTEGER) ? range : {}
}

/** Rounds outwards to a hundredth of the slack's magnitude (or to a whole number), so that what was seen stays inside. */
function shorten(value: number, whole: boolean, slack: number, way: 'down' | 'up'): number {
  const round = way === 'down' ? Math.floor : Math.ceil
  const digits = 1 - Math.floor(Math.log10(slack))
  if (whole) return round(value)
  const scale = 10 ** Math.min(Math.max(digits, -300), 300)
  const rounded = round(value * scale) / scale
  // Beyond what a double can say to this precision, the number as it is.
  return Number.isFinite(rounded) ? Number(rounded.toPrecision(15)) : value
}

async function validValues(dataset: Dataset, column: Column, { distinct }: Seen): Promise<QualityRule[]> {
  // The count is approximate: twice the limit is surely too many.
  if (distinct === 0 || distinct > 2 * MOST_VALUES) return []
  const name = quoteIdentifier(column.name)
  const rows = await dataset.query(
    `SELECT ${name}::VARCHAR AS value FROM data WHERE ${ofValues(column, 'true')} GROUP BY 1 ORDER BY 1 LIMIT ${MOST_VALUES + 1}`,
  )
  const values = rows.map(({ value }) => String(value))
  if (values.length === 0 || values.length > MOST_VALUES || dataset.rows < values.length * ROWS_PER_VALUE) return []
  return [{ id: 'known_values', metric: 'invalidValues', arguments: { validValues: values }, mustBe: 0 }]
}
