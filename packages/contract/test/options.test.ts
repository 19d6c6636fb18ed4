import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { type Check, checkContract } from '../src/checks/check.ts'
import { parseContract } from '../src/document/read.ts'
import { strptimeFormat } from '../src/rules/options/times.ts'
import { contractText } from './fixtures.ts'

/** What is found in one column with these values, each of its own row. */
async function check(values: unknown[], property: string, type?: string): Promise<Check[]> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  writeFileSync(join(root, 'data.jsonl'), values.map((x) => `${JSON.stringify({ id: 1, x })}\n`).join(''))
  const dataset = await openDataset({
    root,
    files: 'data.jsonl',
    threads: 1,
    ...(type && { sql: `SELECT id, x::${type} AS x FROM files` }),
  })
  try {
    const contract = parseContract(contractText(`  properties:\n  - ${property}`), 'c.yaml')
    return (await checkContract(contract, dataset, 'train')).filter(({ column }) => column === 'x')
  } finally {
    dataset.close()
  }
}

async function found(values: unknown[], property: string, rule: string, type?: string): Promise<[string, number]> {
  const checks = (await check(values, property, type)).filter((each) => each.rule === rule)
  expect(checks).toHaveLength(1)
  return [checks[0]!.verdict, checks[0]!.failing]
}

const text = (options: string) => `{ name: x, logicalType: string, logicalTypeOptions: { ${options} } }`
const number = (options: string) => `{ name: x, logicalType: number, logicalTypeOptions: { ${options} } }`

describe('logicalTypeOptions', () => {
  it.each([
    ['email', ['a@b.org', 'a.b+c@x', null, 'a@', '@b', 'a b@c.d'], 3],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000', '123e4567e89b12d3a456426614174000'], 1],
    ['uri', ['https://a.b/c?d#e', 'urn:x:1', 'mailto:a@b', '/path', 'a b:c'], 2],
    ['hostname', ['a.b-c.org', 'x', '-a.b', 'a..b', `${'a'.repeat(64)}.b`], 3],
    ['ipv4', ['127.0.0.1', '255.255.255.255', '256.1.1.1', '1.2.3', '01.2.3.4'], 3],
    [
      'ipv6',
      ['::', '::1', 'fe80::1', '1:2:3:4:5:6:7:8', '::ffff:1.2.3.4', '1::', '1:2:3:4:5:6:7', '1::2::3', ':::', 'g::'],
      4,
    ],
    ['byte', ['', 'YQ==', 'YWI=', 'YWJj', 'YWJ', 'a*=='], 2],
    ['password', ['anything', ''], 0],
  ])('hold text against the form %s', async (format, values, failing) => {
    expect(await found(values, text(`format: ${format}`), 'format')).toEqual([failing > 0 ? 'fail' : 'pass', failing])
  })

  it.each([
    ['multipleOf: 5', [0, 5, -10, null, 7], 1],
    ['multipleOf: 0.1', [0.3, 0.7, 1e15, 1.1, 0.35], 1],
    ['multipleOf: 0.01', [19.99, 1.005, 4.35], 1],
    ['multipleOf: 2.5', [5, 7, 10], 1],
  ])('%s', async (options, values, failing) => {
    expect(await found(values, number(options), 'multipleOf')).toEqual(['fail', failing])
  })

  it.each(['minimum: 0.1', 'maximum: 0.1', 'multipleOf: 0.1'])('hold four bytes against %s', async (option) => {
    expect(await found([0.1, null], number(option), option.split(':')[0]!, 'FLOAT')).toEqual(['pass', 0])
    expect(
      await found(
        [0.1, option.startsWith('min') ? 0.0999999 : 0.1000002],
        number(option),
        option.split(':')[0]!,
        'FLOAT',
      ),
    ).toEqual(['fail', 1])
  })

  it.each([
    ['maximum: "2020-01-01T00:00:00+05:00"', '2019-12-31T22:00:00Z', 'fail'],
    ['minimum: "2020-01-01T00:00:00+05:00"', '2019-12-31T19:00:00Z', 'pass'],
    ['maximum: "2020-01-01T00:00:00"', '2020-01-01T00:00:00', 'pass'],
    ['exclusiveMaximum: "2020-01-01"', '2020-01-01T00:00:00Z', 'fail'],
  ])('%s of times counts from the zone that it names: %s', async (option, time, verdict) => {
    const property = `{ name: x, logicalType: timestamp, logicalTypeOptions: { ${option} } }`
    expect((await found([time], property, option.split(':')[0]!))[0]).toBe(verdict)
  })

  it.each([
    ['i8', [-128, 127, 128, -129], 2],
    ['u8', [0, 255, 256, -1], 2],
    ['i32', [2147483647, 2147483648], 1],
    ['u64', [0, -1], 1],
    ['u128', [0, 5, -1], 1],
  ])('hold integers against %s', async (format, values, failing) => {
    const property = `{ name: x, logicalType: integer, logicalTypeOptions: { format: ${format} } }`
    expect(await found(values, property, 'format')).toEqual(['fail', failing])
  })

  it('hold numbers against f32', async () => {
    expect(await found([1.5, 3e38, 4e38], number('format: f32'), 'format')).toEqual(['fail', 1])
  })

  it.each([
    ['a form that nobody named', text('format: iban'), ['x']],
    ['letters that nobody knows', '{ name: x, logicalType: date, logicalTypeOptions: { format: YYYY-ww } }', ['x']],
    ['a pattern that looks ahead', text('pattern: "^(?!x)"'), ['x']],
  ])('are inconclusive with %s', async (_, property, values) => {
    const checks = await check(values, property)
    expect(checks.map(({ verdict }) => verdict)).toContain('inconclusive')
  })
})

describe('times that are text', () => {
  it.each([
    ['yyyy-MM-dd', '%Y-%m-%d'],
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '%Y-%m-%dT%H:%M:%S.%g%z'],
    ['yyyy-MM-ddTHH:mm:ssZ', '%Y-%m-%dT%H:%M:%S%z'],
    ["d. MMMM yyyy, h 'o''clock' a", "%-d. %B %Y, %-I o'clock %p"],
    ['YYYY-MM-dd', undefined],
    ['yyyyy', undefined],
  ])('%s is %s', (format, written) => {
    expect(strptimeFormat(format)).toBe(written)
  })

  const date = (options: string) => `{ name: x, logicalType: date, logicalTypeOptions: { ${options} } }`
  it.each([
    [date('format: dd/MM/yyyy'), ['05/01/2024', '5/1/2024', '2024-01-05', null], 'format', 2],
    [date('format: dd/MM/yyyy'), ['05/01/2024', '31/02/2024'], 'logicalType', 1],
    [date('format: dd/MM/yyyy, minimum: "2024-01-06"'), ['05/01/2024', '07/01/2024'], 'minimum', 1],
  ])('are read as %s says', async (property, values, rule, failing) => {
    expect(await found(values, property, rule)).toEqual(['fail', failing])
  })

  it.each([
    ['true', 'yyyy-MM-ddTHH:mm:ssZ', 'pass'],
    ['false', 'yyyy-MM-ddTHH:mm:ssZ', 'fail'],
    ['true', 'dd/MM/yyyy HH:mm', 'fail'],
  ])('have a zone (%s) if %s has one: %s', async (wanted, format, verdict) => {
    const property = `{ name: x, logicalType: timestamp, logicalTypeOptions: { timezone: ${wanted}, format: "${format}" } }`
    expect((await found(['10/03/2024 no time'], property, 'timezone'))[0]).toBe(verdict)
  })
})

describe('what is nested', () => {
  const object = (properties: string, options = '{}') =>
    `{ name: x, logicalType: object, logicalTypeOptions: ${options}, properties: ${properties} }`
  const rows = [{ zip: '01', n: 1 }, { zip: '123', n: null }, { zip: null, n: -1 }, null]

  it.each([
    ['[{ name: zip, required: true }]', 'zip.required', 'fail', 1],
    ['[{ name: zip, logicalType: string, logicalTypeOptions: { maxLength: 2 } }]', 'zip.maxLength', 'fail', 1],
    ['[{ name: n, logicalType: integer, logicalTypeOptions: { minimum: 0 } }]', 'n.minimum', 'fail', 1],
    ['[{ name: n, logicalType: string }]', 'n.logicalType', 'fail', 0],
    ['[{ name: street }]', 'street.schema', 'fail', 0],
    ['[{ name: zip, unique: true }]', 'zip.unique', 'inconclusive', 0],
  ])('in objects: %s', async (properties, rule, verdict, failing) => {
    expect(await found(rows, object(properties), rule)).toEqual([verdict, failing])
  })

  it.each([
    ['{ minProperties: 2 }', 'minProperties', 2],
    ['{ maxProperties: 1 }', 'maxProperties', 1],
    ['{ required: [zip] }', 'required', 1],
    ['{ required: [zip, street] }', 'required', 3],
  ])('in objects as a whole: %s', async (options, rule, failing) => {
    expect(await found(rows, object('[]', options), rule)).toEqual(['fail', failing])
  })

  const lists = [[1, 2], [2, 2, null], [], null, [5, null, null]]
  it.each([
    ['minItems: 1', 'minItems', 1],
    ['maxItems: 2', 'maxItems', 2],
    ['uniqueItems: true', 'uniqueItems', 2],
  ])('in lists: %s', async (options, rule, failing) => {
    const property = `{ name: x, logicalType: array, logicalTypeOptions: { ${options} } }`
    expect(await found(lists, property, rule)).toEqual(['fail', failing])
  })

  it('in the items of lists, of which one is enough to break a row', async () => {
    const items = 'items: { name: item, logicalType: integer, required: true, logicalTypeOptions: { maximum: 2 } }'
    const checks = await check(lists, `{ name: x, logicalType: array, ${items} }`)
    const failing = Object.fromEntries(checks.map((each) => [each.rule, each.failing]))
    expect(failing).toMatchObject({ 'items.required': 2, 'items.maximum': 1, 'items.logicalType': 0 })
  })

  it('in objects in lists', async () => {
    const property =
      '{ name: x, logicalType: array, items: { name: i, logicalType: object, properties: [{ name: a, logicalType: integer, logicalTypeOptions: { minimum: 0 } }] } }'
    expect(await found([[{ a: 1 }, { a: -1 }], [{ a: 0 }]], property, 'items.a.minimum')).toEqual(['fail', 1])
  })
})
