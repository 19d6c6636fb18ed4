import type { Column } from '@modelyard/data'
import { columnOf, type Path, type Property } from '../document/document.ts'
import { describesOther } from '../document/other-table.ts'
import { personalColumns } from '../document/personal.ts'
import type { Contract } from '../document/read.ts'
import { planOwn } from '../rules/own/own-rules.ts'
import { isQuery, withoutPersonal } from '../rules/personal-query.ts'
import { planProperty } from '../rules/property.ts'
import { planQuality } from '../rules/quality.ts'
import { planRelationships } from '../rules/relationships.ts'
import { renamed } from '../rules/renamed.ts'
import type { Check } from './check.ts'
import { type Asked, counted, decided, type Planned } from './plan.ts'
import { noRepeats } from './repeats.ts'

/** What must be known of a dataset before it is scanned. */
export interface Table {
  columns: readonly Column[]
  rows: number
}

/** Everything that the contract asks of a dataset with these columns and so many rows, before its values are looked at. */
export function planContract(contract: Contract, { columns, rows }: Table, role: Check['dataset']): Planned[] {
  const { object, line: lineOf } = contract
  const { properties = [], quality = [] } = object
  const line = (path: Path) => {
    const number = lineOf(path)
    return number === undefined ? {} : { line: number }
  }
  const personal = personalColumns(
    { object },
    columns.map(({ name }) => name),
  )
  const some: Asked = { column: null, rule: 'rows', expected: 'There are rows.' }
  const other = describesOther(object, columns)
  if (other !== undefined) {
    return [
      decided(
        { column: null, rule: 'schema', expected: 'It is a contract of these data.', ...line([]) },
        'fail',
        other,
      ),
    ]
  }
  const described = new Set(properties.map(columnOf))
  const there = new Set(columns.map(({ name }) => name))
  const others = renamed(
    [...described].filter((name) => !there.has(name)),
    [...there].filter((name) => !described.has(name)),
  )
  const found = new Set(others.values())
  return [
    decided(some, rows > 0 ? 'pass' : 'fail', `There are ${counted(rows)}.`),
    ...properties.flatMap((property, index) =>
      planProperty(property, columns, (path) => line(['properties', index, ...path]), others.get(columnOf(property))),
    ),
    ...planPrimaryKey(properties, columns, line),
    ...planQuality(quality, { columns, properties }, (path) => line(['quality', ...path])),
    ...planOwn({ contract, columns, role, personal }),
    ...planRelationships(contract, columns, line),
    ...columns
      // Once of both datasets: a column that the hold-out alone has is told with the split.
      .filter(({ name }) => role === 'train' && !described.has(name) && !found.has(name))
      .map(({ name }) =>
        decided(
          { column: name, rule: 'schema', expected: 'The contract describes every column.', ...line(['properties']) },
          'warn',
          'The contract does not describe this column.',
        ),
      ),
  ]
    .map((each) => (isQuery(each) ? withoutPersonal(each, columns, personal) : each))
    .map((each) => (isPersonal(each, personal) ? withheld(each) : each))
}

function isPersonal(planned: Planned, personal: ReadonlySet<string>): boolean {
  return planned.column !== null && personal.has(planned.column)
}

function withheld(planned: Planned): Planned {
  const personal = { personal: true } as const
  if (planned.kind !== 'measured') return { ...planned, ...personal }
  return { ...planned, ...personal, aggregates: planned.aggregates.filter(({ told }) => !told) }
}

/** The properties of a primary key are unique together. */
function planPrimaryKey(
  properties: readonly Property[],
  columns: readonly Column[],
  line: (path: Path) => { line?: number },
): Planned[] {
  const key = properties
    .map((property, index) => ({ property, index }))
    .filter(({ property }) => property.primaryKey)
    .sort((a, b) => (a.property.primaryKeyPosition ?? 0) - (b.property.primaryKeyPosition ?? 0))
  if (key.length === 0) return []
  const names = key.map(({ property }) => columnOf(property))
  const asked: Asked = {
    column: names.length === 1 ? names[0]! : null,
    rule: 'primaryKey',
    expected: `No row repeats the ${names.join(', ')} of another.`,
    ...line(['properties', key[0]!.index, 'primaryKey']),
  }
  const found = names.map((name) => columns.find((column) => column.name === name))
  if (found.includes(undefined)) {
    // Of a key of one column, that is said of the column.
    return names.length === 1 ? [] : [decided(asked, 'fail', 'A column of the key is not there.')]
  }
  return [noRepeats(asked, found as Column[], 'repeat an earlier one')]
}
