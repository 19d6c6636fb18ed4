import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import odcs from '../schema/odcs-3.1.0.json' with { type: 'json' }
import { parseContract, readContract } from '../src/document/read.ts'
import { standardKeys } from '../src/document/standard-keys.ts'
import { contractText } from './fixtures.ts'

const good = contractText(`
  properties:
  - name: distance
    logicalType: number
    quality:
    - metric: nullValues
      mustBe: 0
`)

function problem(text: string): string {
  try {
    parseContract(text, 'c.yaml')
  } catch (error) {
    expect(error).toBeInstanceOf(UserError)
    return (error as Error).message
  }
  throw new Error('it was taken')
}

/** Where what has keys stands, and what the standard calls it. */
const PLACES = {
  '': '',
  schema: 'SchemaObject',
  properties: 'SchemaProperty',
  items: 'SchemaItemProperty',
  quality: 'DataQuality',
  slaProperties: 'ServiceLevelAgreementProperty',
  relationships: 'RelationshipPropertyLevel',
  customProperties: 'CustomProperty',
}

interface Node {
  $ref?: string
  properties?: object
  [part: string]: unknown
}

/** The keys of a part of the standard's JSON Schema, sorted. */
function keysOf(node: Node): string[] {
  const parts = ['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else'].flatMap((part) =>
    [(node[part] ?? []) as Node | Node[]].flat(),
  )
  const referred = node.$ref ? [odcs.$defs[node.$ref.split('/').at(-1) as never] as Node] : []
  return [
    ...new Set([...Object.keys(node.properties ?? {}), ...[...parts, ...referred].flatMap((each) => keysOf(each))]),
  ].sort()
}

/** Each level stands for ten of the one before. */
function bomb(): string {
  const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level}, `.repeat(10)}]`)
  return `l0: &l0 [x]\n${levels.join('\n')}\n`
}

describe('readContract', () => {
  it('knows the lines of what it asks', () => {
    const contract = parseContract(good, 'c.yaml')
    expect(contract.object.name).toBe('flights')
    expect(contract.line(['properties', 0, 'quality', 0])).toBe(12)
  })

  it('reads v3.0 contracts', () => {
    expect(parseContract(good.replace('v3.1.0', 'v3.0.2'), 'c.yaml').object.name).toBe('flights')
  })

  it.each([
    [
      good.replace('number', 'numbr'),
      'c.yaml:10:18  schema[flights].properties[distance].logicalType must be one of string,',
    ],
    [
      good.replace('logicalType', 'logicalTyp'),
      'schema[flights].properties[distance].logicalTyp is not a key of ODCS v3.1. Did you mean logicalType?',
    ],
    [
      good.replace('mustBe', 'mustBee'),
      'c.yaml:13:16  schema[flights].properties[distance].quality[0].mustBee is not a key of ODCS v3.1. Did you mean mustBe?',
    ],
    [good.replace('kind: DataContract\n', ''), 'The contract has no kind.'],
    [good.replace('v3.1.0', 'v2.2.2'), 'apiVersion is v2.2.2; Modelyard reads contracts of ODCS v3.0 and v3.1.'],
    [good.replace('mustBe: 0', 'mustBeBetween: [1]'), 'quality[0].mustBeBetween must NOT have fewer than 2 items.'],
    [
      `${good}- name: airports\n`,
      'c.yaml:7:1  The contract describes 2 objects: flights, airports. Say by data.object of the model file which one the data are.',
    ],
    [
      `${good.split('schema:')[0]}schema: []\n`,
      'The contract describes no object. Describe the columns of the data in schema.',
    ],
    [
      good.replace('- name: distance', '- { name: Distance, physicalName: distance }\n  - name: distance'),
      'c.yaml:10:5  distance is described a second time. Take one of the two out.',
    ],
    [
      good.replace('- name: distance', '- { id: a, name: x }\n  - id: a\n    name: distance'),
      'c.yaml:10:5  The id a is there a second time. Take one of the two out.',
    ],
    [
      good.replace('mustBe: 0', 'mustBeBetween: [2, 1]'),
      'c.yaml:13:22  mustBeBetween is [2, 1]: the smaller number comes first.',
    ],
    [
      `${good}  relationships: [{ from: [flights.a, flights.b], to: [airports.code] }]\n`,
      'from has 2 columns and to has 1: a key has as many on either side.',
    ],
    [bomb(), 'c.yaml:1:1  Aliases stand for more than 10,000 places. Write them out.'],
    [`a: *b\n`, 'The alias b stands for nothing.'],
    ['['.repeat(10_000), 'This is nested too deeply. Write it flatter.'],
    ['a: [', 'c.yaml:1:5  Flow sequence'],
    ['', 'The contract must be object.'],
    [
      contractText('').replace('schema:\n- name: flights', 'schema: &s [{ name: flights, properties: *s }]'),
      'nested too deeply',
    ],
    [
      contractText(`  properties: ${'[{ name: x, logicalType: object, properties: '.repeat(700)}[]${'}]'.repeat(700)}`),
      'nested too deeply',
    ],
    [good.replace('mustBe: 0', 'mustBe: 9007199254740993'), 'c.yaml:13:15  9007199254740993 is beyond 2^53'],
    [
      good.replace('mustBe: 0', "mustBe: 0\n      customProperties: [{ property: Filter, value: 'true' }]"),
      'Filter is written in small letters: filter.',
    ],
    [
      good.replace(
        'mustBe: 0',
        "mustBe: 0\n      customProperties: [{ property: filter, value: 'true' }, { property: filter, value: 'false' }]",
      ),
      'There is a second filter. Join the two by AND.',
    ],
  ])('names place and problem (%#)', (text, sentence) => {
    expect(problem(text)).toContain(sentence)
  })

  it.each([
    ['unknown keys', contractText(Array.from({ length: 5000 }, (_, index) => `  key${index}: 1`).join('\n'))],
    ['brackets', Array.from({ length: 50 }, () => 'a: ]').join('\n')],
  ])('stops after twenty problems: %s', (_, text) => {
    const lines = problem(text).split('\n')
    expect(lines).toHaveLength(21)
    expect(lines[20]).toMatch(/^And [\d,]+ more\.$/)
  })

  const rule = (text: string) => good.replace('- metric: nullValues\n      mustBe: 0', `- { ${text} }`)
  const options = (text: string) =>
    good.replace('logicalType: number', `logicalType: number\n    logicalTypeOptions: { ${text} }`)
  const leading = (to: string) => `${good}    relationships: [{ to: ${to} }]\n`
  const ofAirports = (text: string) =>
    text.replace('- name: flights', '- { name: airports, properties: [{ name: code }] }\n- name: flights')

  it.each([
    [
      rule('metric: nullValues, mustBe: 0, mustBeLessThan: 3'),
      'quality[0] must have one operator, no less and no more:',
    ],
    [rule('type: sql, query: SELECT 1'), 'quality[0] must have one operator, no less and no more:'],
    [rule('metric: nullValue, mustBe: 0'), 'Did you mean nullValues?'],
    [rule('metric: nullValues, mustBe: 0, severity: warnning'), 'severity is warnning; it must be one of error,'],
    [rule('metric: nullValues, mustBe: 0, severity: warnning'), 'Did you mean warning?'],
    [rule('metric: nullValues, mustBe: 0, unit: pct'), 'c.yaml:12:46  unit is pct; it must be rows or percent.'],
    [rule('metric: rowCount, mustBe: 0, unit: percent'), 'rowCount is a number of rows; leave its unit out.'],
    [rule("metric: nullValues, mustBe: '0'"), "c.yaml:12:37  mustBe is the text '0'; write 0."],
    [
      rule('type: sql, query: SELECT 1, mustBe: many'),
      "mustBe is the text 'many'; it must be a number, true or false.",
    ],
    [
      rule('metric: invalidValues, mustBe: 0, arguments: { validvalues: [1] }'),
      'validvalues is no argument of invalidValues. Did you mean validValues?',
    ],
    [
      rule('metric: nullValues, mustBe: 0, arguments: { other: 1 }'),
      'other is no argument of nullValues. It has none.',
    ],
    [rule('metric: invalidValues, mustBe: 0'), 'invalidValues needs arguments.validValues or arguments.pattern.'],
    [
      rule('metric: missingValues, mustBe: 0, arguments: { missingValues: N/A }'),
      'missingValues must list the values that are none.',
    ],
    [
      `${good}  quality: [{ metric: duplicateValues, mustBe: 0, arguments: { properties: [distanc] } }]\n`,
      'distanc is no column of flights in this contract. Did you mean distance?',
    ],
    [`${good}  quality: [{ metric: nullValues, mustBe: 0 }]\n`, 'nullValues is about a column and stands at none.'],
    [
      `${good}  quality: [{ type: custom, engine: modelyard, implementation: { check: leakage, files: x.csv, columns: [altitude] } }]\n`,
      'altitude is no column of flights in this contract. Describe it.',
    ],
    [
      options('minimum: 9, maximum: 3'),
      'c.yaml:11:36  minimum is 9 and maximum 3: no value is between. Turn them round.',
    ],
    [options('exclusiveMinimun: 9'), 'exclusiveMinimun is not an option of the property'],
    [options('exclusiveMinimun: 9'), 'Did you mean exclusiveMinimum?'],
    [ofAirports(leading('airport.code')), 'airport is no object of this contract. Did you mean airports?'],
    [ofAirports(leading('airports.cod')), 'cod is no column of airports in this contract. Did you mean code?'],
    [
      `${good}slaProperties: [{ property: freshness, value: 3, unit: d, element: flights.distanse }]\n`,
      'distanse is no column of flights in this contract. Did you mean distance?',
    ],
  ])('tells before any data are read what no data can be asked (%#)', (text, sentence) => {
    const told = problem(text)
    expect(told).toContain(sentence)
    expect(told.split('\n')).toHaveLength(1)
  })

  it('knows the keys of the standard, so that no echo of a mistake hides one', () => {
    for (const [place, name] of Object.entries(PLACES)) {
      const known = standardKeys(place === '' ? [] : [place, 0])
      expect([place, [...known!].sort()]).toEqual([place, keysOf(odcs.$defs[name as never] ?? odcs)])
    }
  })

  it('takes limits beyond 2^53 that are held as they are written', () => {
    const text = contractText(
      '  properties: [{ name: x, logicalType: number, logicalTypeOptions: { maximum: 9223372036854774784, minimum: -1e300 } }]',
    )
    expect(() => parseContract(text, 'c.yaml')).not.toThrow()
  })

  it('takes the object that it is told', () => {
    const text = `${good}- name: airports\n  properties: [{ name: code }]\n`
    const read = (object: string) => parseContract(text, 'c.yaml', { root: '.', now: new Date(), object })
    expect(read('airports').object.properties).toEqual([{ name: 'code' }])
    expect(read('airports').line(['properties', 0])).toBe(15)
    expect(() => read('airport')).toThrow(
      'data.object is airport; the contract describes flights, airports. Did you mean',
    )
  })

  it('takes rules that many columns share by an alias', () => {
    const columns = Array.from({ length: 300 }, (_, index) => `  - { name: c${index}, quality: *rules }`)
    const text = contractText(`
  quality: &rules [{ type: text, description: Good. }]
  properties:
${columns.join('\n')}
`)
    expect(parseContract(text, 'c.yaml').object.properties).toHaveLength(300)
  })

  it('refuses a file that is no contract by its size', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'contract-')), 'c.yaml')
    writeFileSync(file, 'x'.repeat(10 * 2 ** 20 + 1))
    await expect(readContract(file)).rejects.toThrow('has more than 10 MiB, which none needs. Is it one?')
  })

  it('says that there is no contract', async () => {
    await expect(readContract('/nowhere/c.yaml')).rejects.toThrow('There is no contract /nowhere/c.yaml.')
  })
})
