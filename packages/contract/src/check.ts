import type { Column, Dataset } from '@modelyard/data'
import type { Predicate } from '@modelyard/spec'
import type { Sql } from './conditions.ts'
import { columnOf, type Path, type Property } from './document.ts'
import { type Asked, counted, decided, type Finding, notExecuted, type Planned } from './plan.ts'
import { planProperty } from './property.ts'
import { planQuality } from './quality.ts'
import type { Contract } from './read.ts'
import { noRepeats } from './repeats.ts'

/** One thing that was asked of a dataset, and what was found. */
export type Check = Predicate<'validation'>['checks'][number]

/**
 * Everything that the contract asks of the dataset, each with a verdict. What Modelyard does not execute (prose, rules
 * of other engines, nested properties) is `inconclusive`. NaN counts as null. All counting is one scan.
 */
export async function checkContract(contract: Contract, dataset: Dataset, role: Check['dataset']): Promise<Check[]> {
  const planned = plan(contract, dataset)
  const findings = await Promise.all([measure(planned, dataset), findWhole(planned, dataset)]).then((all) => all.flat())
  const found = new Map(findings)
  return planned.map((each) => {
    const { column, rule, expected, line } = each
    const finding = each.kind === 'decided' ? each.finding : found.get(each)!
    return { dataset: role, column, rule, expected, ...finding, ...(line !== undefined && { line }) }
  })
}

function plan({ object, line: lineOf }: Contract, { columns, rows }: Dataset): Planned[] {
  const { properties = [], quality = [] } = object
  const line = (path: Path) => {
    const number = lineOf(path)
    return number === undefined ? {} : { line: number }
  }
  const some: Asked = { column: null, rule: 'rows', expected: 'There are rows.' }
  return [
    decided(some, rows > 0 ? 'pass' : 'fail', `There are ${counted(rows)}.`),
    ...properties.flatMap((property, index) =>
      planProperty(property, columns, (path) => line(['properties', index, ...path])),
    ),
    ...planPrimaryKey(properties, columns, line),
    ...planQuality(quality, undefined, columns, (path) => line(['quality', ...path])),
    ...(object.relationships ?? []).map((_, index) =>
      notExecuted(
        { column: null, rule: 'relationships', expected: 'The relationship holds.', ...line(['relationships', index]) },
        'Modelyard checks one table and no relationships.',
      ),
    ),
    ...columns
      .filter(({ name }) => !properties.some((property) => columnOf(property) === name))
      .map(({ name }) =>
        decided(
          { column: name, rule: 'schema', expected: 'The contract describes every column.', ...line(['properties']) },
          'warn',
          'The contract does not describe this column.',
        ),
      ),
  ]
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
  if (found.includes(undefined)) return [decided(asked, 'fail', 'A column of the key is not there.')]
  return [noRepeats(asked, found as Column[], 'repeat an earlier one')]
}

/** All aggregates in one scan, but for those that DuckDB cannot evaluate: what they are for is inconclusive. */
async function measure(planned: readonly Planned[], dataset: Dataset): Promise<Array<[Planned, Finding]>> {
  const findings: Array<[Planned, Finding]> = []
  const possible = []
  for (const each of planned) {
    if (each.kind !== 'measured') continue
    if (each.probe && !(await works(each.probe, dataset))) {
      const found = 'DuckDB cannot evaluate this: the pattern or the date is not of a kind that it knows.'
      findings.push([each, { verdict: 'inconclusive', found, failing: 0 }])
    } else possible.push(each)
  }
  const aggregates = possible.flatMap((each) => each.aggregates)
  if (aggregates.length === 0) return findings
  const list = aggregates.map(({ sql }, index) => `${sql.text} AS a${index}`).join(', ')
  const [row] = await dataset.query(
    `SELECT ${list} FROM data`,
    aggregates.flatMap(({ sql }) => sql.values),
  )
  const values = Object.values(row!)
  for (const each of possible) {
    const own = values.splice(0, each.aggregates.length).map((value) => (value === null ? null : Number(value)))
    findings.push([each, each.judge(own, dataset.rows)])
  }
  return findings
}

async function works({ text, values }: Sql, dataset: Dataset): Promise<boolean> {
  return dataset.query(`SELECT ${text}`, values).then(
    () => true,
    () => false,
  )
}

/** What takes all rows together, one after the other. */
async function findWhole(planned: readonly Planned[], dataset: Dataset): Promise<Array<[Planned, Finding]>> {
  const findings: Array<[Planned, Finding]> = []
  for (const each of planned) if (each.kind === 'whole') findings.push([each, await each.find(dataset)])
  return findings
}
