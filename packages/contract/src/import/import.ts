import { UserError } from '@modelyard/spec'
import { stringify } from 'yaml'
import type { Property, QualityRule } from '../document/document.ts'
import { type Ask, asked, type Said } from './ask.ts'
import { columnExpectations, type Translate } from './columns.ts'
import { NotSayable } from './row-condition.ts'
import { type Expectation, readSuite } from './suite.ts'
import { notSayable, tableExpectations } from './tables.ts'

export interface Imported {
  /** The contract, as YAML, with a comment on each of `left`. */
  contract: string
  expectations: number
  /** What is not in the contract, or not all of it, and why. */
  left: Array<{ expectation: string; why: string }>
}

/**
 * A suite of Great Expectations, of 0.x or 1.x, as a contract (ODCS v3.1). What a property can say is said there, the
 * rest by rules; `mostly` is a percentage of the rows with a value, `row_condition` a filter. What a contract cannot say
 * is listed with the reason. Throws a `UserError` for what is no suite, or has nothing in it that a contract can say.
 */
export function importSuite(text: string, file: string): Imported {
  const { name, expectations } = readSuite(text, file)
  const columns = new Map<string, Property>()
  const table: QualityRule[] = []
  const left: Imported['left'] = []
  for (const expectation of expectations) {
    try {
      const { lost } = add(expectation, columns, table)
      if (lost) left.push({ expectation: nameOf(expectation), why: `in part: ${lost}` })
    } catch (error) {
      if (!(error instanceof NotSayable)) throw error
      left.push({ expectation: nameOf(expectation), why: error.message })
    }
  }
  if (columns.size === 0 && table.length === 0)
    throw new UserError(
      `${file} has nothing that a contract can say${left[0] ? `: ${left[0].expectation}: ${left[0].why}` : ''}. Write the contract by hand, or with contract infer.`,
    )
  const id = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^-+|-+$/g, '') || 'suite'
  const properties = [...columns.values()].map(ordered)
  const document = {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id,
    name: id,
    version: '1.0.0',
    status: 'draft',
    schema: [
      {
        name: id,
        logicalType: 'object',
        ...(properties.length > 0 && { properties }),
        ...(table.length > 0 && { quality: table }),
      },
    ],
  }
  const head = [
    `The suite ${name} of Great Expectations, ${expectations.length} expectations.`,
    ...(left.length > 0 ? ['Not in this contract:'] : []),
    ...left.map(({ expectation, why }) => `- ${expectation}: ${why}.`),
  ]
  return {
    contract: `${head.map((line) => `# ${oneLine(line)}\n`).join('')}${stringify(document, { lineWidth: 120 })}`,
    expectations: expectations.length,
    left,
  }
}

/** Adds what an expectation says. Throws `NotSayable`, and then adds nothing. */
function add(expectation: Expectation, columns: Map<string, Property>, table: QualityRule[]): Said {
  const translate = translatorOf(expectation.type)
  const ask = asked(expectation)
  const said = withoutConflict(translate, ask, columns)
  const { column, property, rules = [] } = said
  for (const name of [...(said.columns ?? []), ...(column === undefined ? [] : [column])]) {
    if (!columns.has(name)) columns.set(name, { name })
  }
  const own = column === undefined ? undefined : columns.get(column)!
  if (own && property) {
    const { logicalType, logicalTypeOptions, ...rest } = property
    Object.assign(own, rest, {
      ...(logicalType && { logicalType: together(own.logicalType, logicalType) }),
      ...(logicalTypeOptions && { logicalTypeOptions: { ...own.logicalTypeOptions, ...logicalTypeOptions } }),
    })
  }
  const list = own?.quality ?? (own ? [] : table)
  for (const rule of rules) list.push({ id: freeId(expectation, list), ...remarks(expectation), ...rule })
  if (own && list.length > 0) own.quality = list
  return said
}

function translatorOf(type: string): Translate {
  if (notSayable[type]) throw new NotSayable(notSayable[type])
  const translate =
    columnExpectations[type.replace(/^expect_column_/, '')] ?? tableExpectations[type.replace(/^expect_/, '')]
  if (translate) return translate
  throw new NotSayable('it is none of Great Expectations’ own')
}

/** The keys as people write them, whatever the order of the expectations. */
function ordered({ name, logicalType, required, unique, logicalTypeOptions, quality }: Property): Property {
  return {
    name,
    ...(logicalType && { logicalType }),
    ...(required && { required }),
    ...(unique && { unique }),
    ...(logicalTypeOptions && { logicalTypeOptions }),
    ...(quality && { quality }),
  }
}

/** A property says a thing once: what it would say differently becomes a rule. */
function withoutConflict(translate: Translate, ask: Ask, columns: ReadonlyMap<string, Property>): Said {
  const said = translate(ask)
  const there = columns.get(said.column ?? '')
  const { logicalType, logicalTypeOptions = {} } = said.property ?? {}
  const otherType = logicalType !== undefined && together(there?.logicalType, logicalType) === undefined
  const otherOption = Object.entries(logicalTypeOptions).some(([key, value]) => {
    const own = there?.logicalTypeOptions?.[key]
    return own !== undefined && own !== value
  })
  return otherType || otherOption ? translate({ ...ask, isPlain: false }) : said
}

/** The type of a column that two expectations speak of; undefined where they contradict each other. Integers are numbers. */
function together(a: Property['logicalType'], b: NonNullable<Property['logicalType']>): Property['logicalType'] {
  if (a === undefined || a === b) return b
  return [a, b].every((each) => each === 'integer' || each === 'number') ? 'integer' : undefined
}

function remarks({ severity, description }: Expectation): Partial<QualityRule> {
  return { ...(description && { description }), ...(severity !== 'critical' && { severity }) }
}

/** The expectation's name, with a number where it is there already. */
function freeId({ type }: Expectation, list: readonly QualityRule[]): string {
  const taken = list.filter(({ id }) => id?.replace(/_\d+$/, '') === type).length
  return taken === 0 ? type : `${type}_${taken + 1}`
}

function nameOf({ type, kwargs }: Expectation): string {
  const { column, column_A, column_B, column_list } = kwargs
  const about = [column, column_A, column_B, ...(Array.isArray(column_list) ? column_list : [])]
  const names = about.filter((each) => typeof each === 'string')
  return names.length > 0 ? `${type} of ${names.join(', ')}` : type
}

/** Names of a suite may hold what would end a comment. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, '?')
}
