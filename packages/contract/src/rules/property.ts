import { type Column, quoteLiteral } from '@modelyard/data'
import { type Asked, decided, noRows, notExecuted, type Planned } from '../checks/plan.ts'
import { noRepeats } from '../checks/repeats.ts'
import { type Family, familyOf, isNull, ofRows, ofValues, sql, sqlOf, type Values } from '../conditions.ts'
import { columnOf, type LogicalType, type Path, type Property } from '../document/document.ts'
import { kindOf } from '../kinds.ts'
import { fieldsOf, itemOf } from '../types.ts'
import { type Ask, planOptions } from './options/options.ts'
import { strptimeFormat } from './options/times.ts'
import { planQuality } from './quality.ts'
import { asAsked, planTextType } from './text-type.ts'

type Line = (path: Path) => { line?: number }

/**
 * Everything that a contract asks of one column, but for what relates it to other tables. `other` is a column that may
 * be it by another name.
 */
export function planProperty(property: Property, columns: readonly Column[], line: Line, other?: string): Planned[] {
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
    const renamed = `${name} is not there, and ${other} is described by nobody: was it renamed?`
    const gone = `There is no column ${name}, so nothing else that is asked of it was checked.`
    return [decided(exists, 'fail', other === undefined ? gone : renamed)]
  }
  return [
    decided(exists, 'pass', `It has ${kindOf(column.type)}.`),
    ...planValues(property, asAsked(column, property), asked),
    ...planUnique(property, column, asked),
    ...planQuality(property.quality ?? [], { column, columns, properties: [] }, (path) => line(['quality', ...path])),
  ]
}

/** What is asked of single values, and of what is nested in them. */
function planValues(property: Property, values: Values, ask: Ask): Planned[] {
  const types = planType(property, values, ask)
  const options = planOptions(property, values, ask)
  // Values of another type are a mistake once, and not once for each option that cannot be looked at for it.
  const idle = isOther(property, values) ? options.filter(isNotExecuted) : []
  return [
    ...(idle.length === 0 ? types : types.map((each) => withIdle(each, idle))),
    ...planNulls(property, values, ask),
    ...options.filter((each) => !idle.includes(each)),
    ...planFields(property, values, ask),
    ...planItems(property, values, ask),
  ]
}

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

/** Whether the values are not of the logical type, nor of one that could stand for it. */
function isOther({ logicalType, logicalTypeOptions }: Property, { type, empty }: Values): boolean {
  const family = familyOf(type)
  if (!logicalType || empty || (family && holds[logicalType].includes(family))) return false
  if (logicalType === 'integer' && family === 'fraction') return false
  if (logicalType === 'date' && family === 'timestamp') return false
  return !(family === 'text' && isTime(logicalType) && logicalTypeOptions?.format !== undefined)
}

function isNotExecuted(planned: Planned): boolean {
  return planned.kind === 'decided' && planned.finding.verdict === 'inconclusive'
}

/** A check of the type, that also says what was not looked at for it. */
function withIdle(planned: Planned, idle: readonly Planned[]): Planned {
  const note = `So this was not asked of them: ${idle.map(({ rule }) => rule).join(', ')}.`
  if (planned.kind === 'decided') {
    return planned.rule === 'physicalType' ? planned : decided(planned, 'fail', `${planned.finding.found} ${note}`)
  }
  if (planned.kind !== 'measured') return planned
  return {
    ...planned,
    judge(...measured) {
      const finding = planned.judge(...measured)
      return { ...finding, found: `${finding.found} ${note}` }
    },
  }
}

function planType({ logicalType, logicalTypeOptions, physicalType }: Property, values: Values, ask: Ask): Planned[] {
  const planned: Planned[] = []
  const value = sqlOf(values)
  if (logicalType) {
    const asked = ask('logicalType', `The values are of the type ${logicalType}.`, 'logicalType')
    const family = familyOf(values.type)
    const format = family === 'text' && isTime(logicalType) ? strptimeFormat(`${logicalTypeOptions?.format ?? ''}`) : ''
    if (values.empty) {
      planned.push(decided(asked, 'pass', 'There is no value that could be of another type.'))
    } else if (family && holds[logicalType].includes(family)) {
      planned.push(decided(asked, 'pass', `They are ${kindOf(values.type)}.`))
    } else if (logicalType === 'integer' && family === 'fraction') {
      // Integers with gaps are floating point numbers to pandas.
      planned.push(noRows(asked, sql(ofValues(values, `${value} <> trunc(${value})`)), 'are no whole number'))
    } else if (logicalType === 'date' && family === 'timestamp') {
      planned.push(
        noRows(asked, sql(ofValues(values, `${value} <> date_trunc('day', ${value})`)), 'have a time of day'),
      )
    } else if (format) {
      const condition = `try_strptime(${value}::VARCHAR, ${quoteLiteral(format)}) IS NULL`
      planned.push(noRows(asked, sql(ofValues(values, condition)), `are no ${logicalType} of the format`))
    } else {
      const other = decided(asked, 'fail', `They are ${kindOf(values.type)}.`)
      planned.push((family === 'text' && planTextType(asked, values, logicalType)) || other)
    }
  }
  if (physicalType) {
    const asked = ask('physicalType', `The column is ${physicalType} where the data come from.`, 'physicalType')
    const same = physicalType.toUpperCase() === values.type
    planned.push(decided(asked, same ? 'pass' : 'warn', `The column is ${values.type} here.`))
  }
  return planned
}

function isTime(logicalType: LogicalType): boolean {
  return logicalType === 'date' || logicalType === 'timestamp' || logicalType === 'time'
}

function planNulls({ required, primaryKey }: Property, values: Values, ask: Ask): Planned[] {
  if (!required && !primaryKey) return []
  const asked = ask('required', 'Every row has a value.', required ? 'required' : 'primaryKey')
  const within = values.within ? `NOT ${isNull(values.within)} AND ` : ''
  return [noRows(asked, sql(ofRows(values, `${within}${isNull(values)}`)), 'have no value')]
}

function planUnique({ unique }: Property, column: Column, ask: Ask): Planned[] {
  if (!unique) return []
  return [noRepeats(ask('unique', 'No value comes twice.', 'unique'), [column], 'repeat an earlier value')]
}

/** What is asked of an object's fields. */
function planFields({ properties = [] }: Property, values: Values, ask: Ask): Planned[] {
  const fields = fieldsOf(values.type)
  return properties.flatMap((property, index) => {
    const name = columnOf(property)
    const inner = nestedAsk(ask, name, 'properties', index)
    const exists = inner('schema', `There is a field ${name}.`)
    if (!fields) return [notExecuted(exists, `${values.type} has no fields that Modelyard can look at.`)]
    const field = fields.find((each) => each.name === name)
    if (!field) return [decided(exists, 'fail', `There is no field ${name}.`)]
    return [
      decided(exists, 'pass', `It is ${field.type}.`),
      ...planNested(property, inner, {
        ...field,
        sql: `struct_extract(${sqlOf(values)}, ${quoteLiteral(name)})`,
        within: values,
        ...(values.each && { each: values.each }),
      }),
    ]
  })
}

/** What is asked of the items of lists. */
function planItems({ items }: Property, values: Values, ask: Ask): Planned[] {
  if (!items) return []
  const inner = nestedAsk(ask, 'items', 'items')
  const type = itemOf(values.type)
  if (type === undefined)
    return [notExecuted(inner('schema', 'There are items.'), `They are ${kindOf(values.type)}, and no list.`)]
  const item = `item${depthOf(values)}`
  return planNested(items, inner, { name: item, type, sql: item, each: { list: values, item } })
}

/** Of nested values, what is about single ones: what takes all rows together has columns only. */
function planNested(property: Property, ask: Ask, values: Values): Planned[] {
  const { unique, quality = [] } = property
  return [
    ...planValues(property, values, ask),
    ...(unique ? [notExecuted(ask('unique', 'No value comes twice.', 'unique'), ONLY_COLUMNS)] : []),
    ...quality.map((rule, index) =>
      notExecuted(ask(rule.name ?? rule.id ?? 'quality', 'The rule holds.', 'quality', index), ONLY_COLUMNS),
    ),
  ]
}

const ONLY_COLUMNS = 'Modelyard checks this of columns only, not of what is nested in them.'

function nestedAsk(ask: Ask, name: string, ...below: Path): Ask {
  return (rule, expected, ...path) => ask(`${name}.${rule}`, `${name}: ${expected}`, ...below, ...path)
}

function depthOf({ each }: Values): number {
  return each ? depthOf(each.list) + 1 : 0
}
