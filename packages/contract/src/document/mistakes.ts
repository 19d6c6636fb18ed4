import { didYouMean } from '@modelyard/spec'
import { METRIC_ARGUMENTS } from '../rules/metrics.ts'
import { isAboutAge } from '../rules/own/service-levels.ts'
import { percents, severities } from '../rules/quality.ts'
import {
  type ContractDocument,
  columnOf,
  type Path,
  type Property,
  type QualityRule,
  type SchemaObject,
} from './document.ts'
import type { Violation } from './schema.ts'

/** What a contract asks that no data could be asked, as far as the contract alone shows it: no JSON Schema can tell. */
export function mistakes(document: Partial<ContractDocument>): Violation[] {
  const { schema = [], slaProperties = [], slaDefaultElement = '' } = document
  return [
    ...schema.flatMap((object, index) => [
      ...ofRules(['schema', index, 'quality'], object.quality ?? [], object),
      ...ofProperties(['schema', index, 'properties'], object.properties ?? [], object),
      ...ofRelationships(['schema', index], object, schema),
    ]),
    ...slaProperties.flatMap((level, at) =>
      isAboutAge(level) ? ofElement(['slaProperties', at, 'element'], level.element ?? slaDefaultElement, schema) : [],
    ),
  ]
}

function ofProperties(path: Path, properties: readonly Property[], object: SchemaObject): Violation[] {
  return properties.flatMap((property, index) => [
    ...ofRules([...path, index, 'quality'], property.quality ?? [], object, property),
    ...ofOptions([...path, index, 'logicalTypeOptions'], property.logicalTypeOptions ?? {}),
    ...ofProperties([...path, index, 'properties'], property.properties ?? [], object),
    ...(property.items
      ? ofOptions([...path, index, 'items', 'logicalTypeOptions'], property.items.logicalTypeOptions ?? {})
      : []),
  ])
}

/** The least and the greatest of something, in which nothing may lie between a greater and a smaller one. */
const RANGES = [
  ['minimum', 'maximum'],
  ['exclusiveMinimum', 'maximum'],
  ['minimum', 'exclusiveMaximum'],
  ['exclusiveMinimum', 'exclusiveMaximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
] as const

function ofOptions(path: Path, options: Record<string, unknown>): Violation[] {
  return RANGES.flatMap(([low, high]) => {
    const [from, to] = [options[low], options[high]]
    if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return []
    return [
      { path: [...path, low], message: `${low} is ${from} and ${high} ${to}: no value is between. Turn them round.` },
    ]
  })
}

function ofRules(path: Path, rules: readonly QualityRule[], object: SchemaObject, at?: Property): Violation[] {
  return rules.flatMap((rule, index) => {
    const here = [...path, index]
    return [
      ...ofSeverity(here, rule),
      ...ofLimit(here, rule),
      ...ofLibrary(here, rule, object, at),
      ...ofOwn(here, rule, object),
    ]
  })
}

function ofSeverity(path: Path, { severity }: QualityRule): Violation[] {
  if (severity === undefined || Object.hasOwn(severities, severity.trim().toLowerCase())) return []
  return [
    {
      path: [...path, 'severity'],
      message: `severity is ${severity}; it must be one of ${listed(Object.keys(severities), severity)}`,
    },
  ]
}

/** Answers are numbers, or true and false; what is counted is a number. */
function ofLimit(path: Path, rule: QualityRule): Violation[] {
  const type = rule.type ?? 'library'
  if (type !== 'library' && type !== 'sql') return []
  return ['mustBe', 'mustNotBe'].flatMap((key) => {
    const limit = rule[key]
    if (limit === undefined || typeof limit === 'number' || (type === 'sql' && typeof limit === 'boolean')) return []
    const is = typeof limit === 'string' ? `the text '${limit}'` : JSON.stringify(limit)
    const isNumber = typeof limit === 'string' && limit.trim() !== '' && Number.isFinite(Number(limit))
    const mend = isNumber ? `write ${Number(limit)}` : `it must be a number${type === 'sql' ? ', true or false' : ''}`
    return [{ path: [...path, key], message: `${key} is ${is}; ${mend}.` }]
  })
}

/** The arguments and the unit of a metric of the library. */
function ofLibrary(path: Path, rule: QualityRule, object: SchemaObject, at?: Property): Violation[] {
  const metric = rule.metric ?? rule.rule ?? ''
  const known = METRIC_ARGUMENTS[metric]
  if ((rule.type ?? 'library') !== 'library' || !known) return []
  const found: Violation[] = []
  const wrong = (message: string, ...below: Path) => found.push({ path: [...path, ...below], message })
  const unit = rule.unit?.trim().toLowerCase() ?? 'rows'
  if (metric === 'rowCount' && percents.has(unit)) wrong('rowCount is a number of rows; leave its unit out.', 'unit')
  else if (unit !== 'rows' && !percents.has(unit)) wrong(`unit is ${rule.unit}; it must be rows or percent.`, 'unit')
  const given = rule.arguments ?? {}
  for (const name of Object.keys(given).filter((each) => !known.includes(each))) {
    const mend = known.length === 0 ? ' It has none.' : ` Known: ${known.join(', ')}.`
    wrong(`${name} is no argument of ${metric}.${didYouMean(name, [...known]) || mend}`, 'arguments', name)
  }
  if (found.length > 0) return found
  const { validValues, missingValues, pattern, properties } = given
  if (metric === 'invalidValues') {
    if (validValues === undefined && pattern === undefined)
      wrong('invalidValues needs arguments.validValues or arguments.pattern.')
    if (validValues !== undefined && !isList(validValues))
      wrong('validValues must be a list of the values that are valid.', 'arguments', 'validValues')
    if (pattern !== undefined && typeof pattern !== 'string') wrong('pattern must be text.', 'arguments', 'pattern')
  }
  if (missingValues !== undefined && !isList(missingValues))
    wrong('missingValues must list the values that are none.', 'arguments', 'missingValues')
  if (at || metric === 'rowCount') return found
  if (metric !== 'duplicateValues') wrong(`${metric} is about a column and stands at none.`)
  else if (!isList(properties)) wrong('duplicateValues of a table needs arguments.properties, a list of columns.')
  else
    for (const [index, name] of properties.entries())
      found.push(...unknownColumn([...path, 'arguments', 'properties', index], String(name), object))
  return found
}

/** The columns that a rule of Modelyard's own names. */
function ofOwn(path: Path, { type, implementation }: QualityRule, object: SchemaObject): Violation[] {
  const { columns } = (type === 'custom' ? implementation : {}) as { columns?: unknown }
  if (!Array.isArray(columns)) return []
  return columns.flatMap((name, index) =>
    unknownColumn([...path, 'implementation', 'columns', index], String(name), object),
  )
}

/** A contract without columns leaves open which there are. */
function unknownColumn(path: Path, name: string, { name: object, properties = [] }: SchemaObject): Violation[] {
  const names = properties.flatMap((each) => [each.name, columnOf(each)])
  if (names.length === 0 || names.includes(name)) return []
  return [
    {
      path,
      message: `${name} is no column of ${object} in this contract.${didYouMean(name, names) || ' Describe it.'}`,
    },
  ]
}

function ofRelationships(
  path: Path,
  { properties = [], relationships = [] }: SchemaObject,
  objects: readonly SchemaObject[],
): Violation[] {
  const targets = [
    ...properties.flatMap(({ relationships: own = [] }, index) =>
      own.map(({ to }, at) => ({ to, path: [...path, 'properties', index, 'relationships', at, 'to'] })),
    ),
    ...relationships.map(({ to }, at) => ({ to, path: [...path, 'relationships', at, 'to'] })),
  ]
  return targets.flatMap(({ to, path }) => [to].flat().flatMap((each) => ofTarget(path, String(each), objects)))
}

/** `airports.code`. What leads by ids, or to another contract, is looked at where the data are. */
function ofTarget(path: Path, target: string, objects: readonly SchemaObject[]): Violation[] {
  if (/[#/]/.test(target) || !target.includes('.')) return []
  const [name = '', column = ''] = target.split('.')
  const object = objects.find((each) => each.name === name)
  if (object) return unknownColumn(path, column, object)
  const names = objects.map((each) => each.name)
  return [
    {
      path,
      message: `${name} is no object of this contract.${didYouMean(name, names) || ` It has ${names.join(', ')}.`}`,
    },
  ]
}

/** The columns of our objects that an element names; others' are not asked. */
function ofElement(path: Path, element: string, objects: readonly SchemaObject[]): Violation[] {
  return element.split(',').flatMap((part) => {
    const [name = '', column] = part.trim().split('.')
    const object = objects.find((each) => each.name === name || each.physicalName === name)
    if (object && column !== undefined) return unknownColumn(path, column, object)
    const meant = object
      ? ''
      : didYouMean(
          name,
          objects.map((each) => each.name),
        )
    return meant && column !== undefined ? [{ path, message: `${name} is no object of this contract.${meant}` }] : []
  })
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0
}

function listed(known: readonly string[], word: string): string {
  return `${known.join(', ')}.${didYouMean(word.toLowerCase(), [...known])}`
}
