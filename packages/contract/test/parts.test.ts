import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeAggregate } from '../src/checks/measure.ts'
import { parseContract } from '../src/document/read.ts'
import { CheckPart, checkContract, checkPart, mergeParts } from '../src/index.ts'
import { contractText } from './fixtures.ts'

const contract = parseContract(
  contractText(`
  properties:
  - name: id
    primaryKey: true
    logicalType: integer
    logicalTypeOptions: {minimum: 0, maximum: 9007199254740992}
  - name: x
    logicalType: number
    logicalTypeOptions: {minimum: -1, exclusiveMaximum: 1.0e+300}
    quality:
    - {metric: nullValues, unit: percent, mustBeLessThan: 30}
    - {metric: duplicateValues, mustBeLessThan: 2}
  - name: text
    required: true
    logicalType: string
    logicalTypeOptions: {maxLength: 3, pattern: '^[a-z]'}
    quality:
    - {metric: missingValues, arguments: {missingValues: [null, n/a]}, mustBe: 0}
    - {type: sql, query: 'SELECT count(*) FROM data', mustBeGreaterThan: 5}
`),
  'c.yaml',
)

/** Rows that a table of all sorts may have. */
const row = fc.record({
  id: fc.oneof(fc.bigInt(-2n, 5n), fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n)),
  x: fc.constantFrom('', 'nan', 'inf', '-inf', '-0.0', '0', '1e300', '-2.5', '0.1'),
  text: fc.constantFrom('', 'n/a', 'abc', 'ABC', 'über', '"a,b"', '😀'),
})
type TableRow = typeof row extends fc.Arbitrary<infer R> ? R : never

/** A folder with a table, whose first row says what types the columns are of. */
function write(rows: readonly TableRow[]): string {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  const lines = [{ id: 1n, x: '0.5', text: 'abc' }, ...rows].map(({ id, x, text }) => `${id},${x},${text}\n`)
  writeFileSync(join(root, 'data.csv'), `id,x,text\n${lines.join('')}`)
  return root
}

async function using<T>(dataset: Promise<Dataset>, use: (dataset: Dataset) => Promise<T>): Promise<T> {
  const open = await dataset
  return use(open).finally(() => open.close())
}

/** The parts of a table, as they come out of the files in which they travel. */
async function partsOf(root: string, of: number): Promise<CheckPart[]> {
  const parts: CheckPart[] = []
  for (let index = 1; index <= of; index++) {
    const opened = openDataset({ root, files: 'data.csv', threads: 1, shard: { index, of } })
    const part = await using(opened, (dataset) => checkPart(contract, dataset, 'train'))
    parts.push(CheckPart.parse(JSON.parse(JSON.stringify(part))))
  }
  return parts
}

describe('mergeParts', () => {
  it('makes of all shards, in any order, what checkContract makes at once', async () => {
    const tables = fc.array(row, { maxLength: 30 })
    const orders = fc.array(fc.nat(), { minLength: 7, maxLength: 7 })
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 7 }), orders, async (rows, of, order) => {
        const root = write(rows)
        const opened = openDataset({ root, files: 'data.csv', threads: 2 })
        const whole = await using(opened, (dataset) => checkContract(contract, dataset, 'train'))
        const parts = (await partsOf(root, of)).sort((a, b) => order[a.shard.index - 1]! - order[b.shard.index - 1]!)
        expect(mergeParts(contract, parts)).toEqual(whole)
      }),
      { numRuns: 10 },
    )
  }, 60_000)

  it('says numbers beyond 2^53 with all their digits, and takes bounds beyond 64 bits', async () => {
    const root = write([{ id: 2n ** 53n + 1n, x: '1e300', text: 'abc' }])
    const opened = openDataset({ root, files: 'data.csv', threads: 1 })
    const checks = await using(opened, (dataset) => checkContract(contract, dataset, 'train'))
    const found = (rule: string) => checks.find((check) => check.rule === rule)
    expect(found('maximum')).toMatchObject({ verdict: 'fail', failing: 1 })
    expect(found('maximum')!.found).toMatch(/The greatest is 9007199254740993\.$/)
    expect(found('exclusiveMaximum')).toMatchObject({ verdict: 'fail', failing: 1 })
  })

  it('does each check of all rows together in one shard', async () => {
    const parts = await partsOf(write([]), 3)
    const said = parts[0]!.found.map((_, index) => parts.filter(({ found }) => found[index] !== null).length)
    expect(new Set(said)).toEqual(new Set([0, 1, 3]))
  })

  it.each([
    ['a verdict', { verdict: 'pass', found: 'None of 1 row.', failing: 0 }],
    ['no count', { aggregates: [null] }],
    ['a negative count', { aggregates: ['-1'] }],
    ['more than was asked', { aggregates: ['0', '0', '0'] }],
  ] as const)('refuses %s in a part of what only all parts decide', async (_, forged) => {
    const [part] = (await partsOf(write([]), 1)) as [CheckPart]
    const found = part.found.map((each) =>
      each && 'aggregates' in each ? (forged as CheckPart['found'][number]) : each,
    )
    expect(() => mergeParts(contract, [{ ...part, found }])).toThrow('Part 1 of 1 of the train data is damaged')
  })

  it('refuses parts that are missing, doubled, or of something else', async () => {
    const parts = await partsOf(write([]), 3)
    const [first, second, third] = parts as [CheckPart, CheckPart, CheckPart]
    const foreign = (change: Partial<CheckPart>) => [first, second, { ...third, ...change }]
    for (const [wrong, sentence] of [
      [[], 'no part of the checks'],
      [[first, third], 'Part 2 of 3 of the train data is there not at all'],
      [[...parts, second], 'Part 2 of 3 of the train data is there 2 times'],
      [foreign({ sha256: '0'.repeat(64) }), 'is of other data than part 1 of 3'],
      [foreign({ dataset: 'holdout' }), 'is of other data than part 1 of 3'],
      [foreign({ shard: { ...third.shard, of: 4 } }), 'is of other data than part 1 of 3'],
      [foreign({ plan: '0'.repeat(64) }), 'was checked against another contract'],
      [foreign({ shard: { ...third.shard, rows: 7 } }), 'hold 7 rows and the data 1'],
      [foreign({ found: third.found.map(() => null) }), 'say nothing of what is asked'],
      [foreign({ found: third.found.slice(1) }), 'Part 3 of 3 of the train data is damaged'],
      [[...parts, { ...third, shard: { index: 4, of: 3, rows: 0 } }], 'Part 4 of 3 of the train data is damaged'],
    ] as const) {
      expect(() => mergeParts(contract, wrong as CheckPart[])).toThrow(UserError)
      expect(() => mergeParts(contract, wrong as CheckPart[])).toThrow(sentence)
    }
  })
})

describe('mergeAggregate', () => {
  const merge = (kind: 'sum' | 'min' | 'max', ...values: Array<string | null>) =>
    mergeAggregate({ sql: { text: '', values: [] }, merge: kind }, values)

  it('is exact beyond 2^53, for integers and decimals', () => {
    expect(merge('sum', '9007199254740993', '1', null)).toBe('9007199254740994')
    expect(merge('max', '9007199254740992', '9007199254740993')).toBe('9007199254740993')
    expect(merge('min', '-0.12345678901234567891', '-0.1234567890123456789')).toBe('-0.12345678901234567891')
  })

  it('knows infinities and exponents', () => {
    expect(merge('min', '1.5', '-inf', '-1e+300')).toBe('-inf')
    expect(merge('max', '1e+20', '3.0', null)).toBe('1e+20')
    expect(merge('max', null, null)).toBeNull()
  })
})
