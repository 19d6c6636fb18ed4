import { type Column, quoteIdentifier } from '@modelyard/data'
import { type Family, familyOf, isNull, ofValues, sql } from './conditions.ts'
import { columnOf, type LogicalType, type Path, type Property } from './document.ts'
import { planOptions } from './options.ts'
import { type Asked, decided, noRows, notExecuted, type Planned } from './plan.ts'
import { planQuality } from './quality.ts'
import { noRepeats } from './repeats.ts'

type Line = (path: Path) => { line?: number }

/** Everything that a contract asks of one column. */
export function planProperty(property: Property, columns: readonly Column[], line: Line): Planned[] {
  const name = columnOf(property)
  const column = columns.find((each) => each.name === name)
  const asked = (rule: string, expected: string, ...path: Path): Asked => ({
    column: name,
    rule,
    expected,
    ...line(path),
  })
  const exists = asked('schema', `There is a column ${name}.`)
  if (!column) {
    return [decided(exists, 'fail', `There is no column ${name}, so nothing else that is asked of it was checked.`)]
  }
  return [
    decided(exists, 'pass', `It is ${column.type}.`),
    ...planType(property, column, asked),
    ...planNulls(property, column, asked),
    ...planOptions(property, column, asked),
    ...planQuality(property.quality ?? [], column, columns, (path) => line(['quality', ...path])),
    ...planNested(property, asked),
  ]
}

type Ask = (rule: string, expected: string, ...path: Path) => Asked

/** The families that hold a logical type as they are. */
const holds: Record<LogicalType, Family[]> = {
  string: ['text'],
  integer: ['integer'],
  number: ['integer', 'fraction'],
  boolean: ['boolean'],
  date: ['date'],
  timestamp: ['timestamp', 'date'],
  time: ['time'],
  object: ['object'],
  array: ['array'],
}

function planType({ logicalType, physicalType }: Property, column: Column, ask: Ask): Planned[] {
  const planned: Planned[] = []
  const name = quoteIdentifier(column.name)
  if (logicalType) {
    const asked = ask('logicalType', `The values are of the type ${logicalType}.`, 'logicalType')
    const family = familyOf(column.type)
    if (family && holds[logicalType].includes(family)) {
      planned.push(decided(asked, 'pass', `The column is ${column.type}.`))
    } else if (logicalType === 'integer' && family === 'fraction') {
      // Integers with gaps are floating point numbers to pandas.
      planned.push(noRows(asked, sql(ofValues(column, `${name} <> trunc(${name})`)), 'are no whole number'))
    } else if (logicalType === 'date' && family === 'timestamp') {
      planned.push(noRows(asked, sql(ofValues(column, `${name} <> date_trunc('day', ${name})`)), 'have a time of day'))
    } else {
      planned.push(decided(asked, 'fail', `The column is ${column.type}.`))
    }
  }
  if (physicalType) {
    const asked = ask('physicalType', `The column is ${physicalType} where the data come from.`, 'physicalType')
    const same = physicalType.toUpperCase() === column.type
    planned.push(decided(asked, same ? 'pass' : 'warn', `The column is ${column.type} here.`))
  }
  return planned
}

function planNulls({ required, unique, primaryKey }: Property, column: Column, ask: Ask): Planned[] {
  const planned: Planned[] = []
  if (required || primaryKey) {
    const asked = ask('required', 'Every row has a value.', required ? 'required' : 'primaryKey')
    planned.push(noRows(asked, sql(isNull(column)), 'have no value'))
  }
  if (unique) {
    const asked = ask('unique', 'No value comes twice.', 'unique')
    planned.push(noRepeats(asked, [column], 'repeat an earlier value'))
  }
  return planned
}

function planNested({ properties, items, relationships }: Property, ask: Ask): Planned[] {
  const nested = { properties, items, relationships }
  return Object.entries(nested)
    .filter(([, value]) => value !== undefined)
    .map(([key]) =>
      notExecuted(ask(key, `What the contract says in ${key} holds.`, key), 'Modelyard does not check this yet.'),
    )
}
