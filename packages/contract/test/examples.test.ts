import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset, type Shard } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { type Check, checkContract } from '../src/checks/check.ts'
import { checkPart, mergeParts } from '../src/checks/parts.ts'
import { type Contract, parseContract } from '../src/document/read.ts'
import { contractText, csv } from './fixtures.ts'

function contract(object: string): Contract {
  return parseContract(contractText(object), 'c.yaml')
}

async function checked(object: string, text: string): Promise<Check[]> {
  return checkContract(contract(object), await csv(text), 'train')
}

function find(checks: Check[], rule: string): Check {
  return checks.find((check) => check.rule === rule)!
}

const AGES = `
  properties:
  - name: age
    logicalType: integer
    logicalTypeOptions: { minimum: 0 }
    unique: true`

describe('the rows that break a rule', () => {
  it('are shown by file, row and value: the first five, and the failing rows are counted all the same', async () => {
    const minimum = find(await checked(AGES, 'age\n1\n-1\n2\n-2\n-3\n-4\n-5\n-6\n'), 'minimum')
    expect(minimum).toMatchObject({ verdict: 'fail', failing: 6 })
    expect(minimum.examples).toEqual(
      [
        [2, '-1'],
        [4, '-2'],
        [5, '-3'],
        [6, '-4'],
        [7, '-5'],
      ].map(([row, value]) => ({ file: 'data.csv', row, value })),
    )
  })

  it('are those that repeat an earlier one, where values must be unique', async () => {
    const { examples } = find(await checked(AGES, 'age\n7\n8\n7\n9\n8\n7\n'), 'unique')
    expect(examples?.map(({ row, value }) => [row, value])).toEqual([
      [3, '7'],
      [5, '8'],
      [6, '7'],
    ])
  })

  it('have no value where a key has several columns, or a value is missing', async () => {
    const checks = await checked(
      `
  properties:
  - { name: a, primaryKey: true, primaryKeyPosition: 1 }
  - { name: b, primaryKey: true, primaryKeyPosition: 2, required: true }`,
      'a,b\n1,x\n1,x\n2,\n',
    )
    expect(find(checks, 'primaryKey').examples).toEqual([{ file: 'data.csv', row: 2 }])
    expect(find(checks, 'required').examples).toBeUndefined()
    expect(checks.find(({ column, rule }) => column === 'b' && rule === 'required')?.examples).toEqual([
      { file: 'data.csv', row: 3, value: null },
    ])
  })

  it('are cut after forty characters, not within one', async () => {
    const long = '😀'.repeat(41)
    const checks = await checked(
      `\n  properties: [{ name: s, logicalTypeOptions: { maxLength: 3 }, logicalType: string }]`,
      `s\n${long}\n`,
    )
    expect(find(checks, 'maxLength').examples?.[0]?.value).toBe(`${'😀'.repeat(40)}…`)
  })

  it('are none where the rule holds, though some rows are counted', async () => {
    const rule = `
  properties:
  - name: age
    quality: [{ metric: nullValues, mustBeLessThan: 2 }]`
    expect(find(await checked(rule, 'age,b\n1,1\n,1\n'), 'nullValues')).toMatchObject({ verdict: 'pass' })
    expect(find(await checked(rule, 'age,b\n1,1\n,1\n'), 'nullValues').examples).toBeUndefined()
    expect(find(await checked(rule, 'age,b\n,1\n,1\n'), 'nullValues').examples).toHaveLength(2)
  })

  it('are found whatever the columns are called', async () => {
    const checks = await checked(
      `\n  properties: [{ name: value, logicalType: integer, logicalTypeOptions: { minimum: 0 } }]`,
      'value,number,ROW_AT,row_at_\n1,1,1,1\n-1,2,2,2\n',
    )
    expect(find(checks, 'minimum').examples).toEqual([{ file: 'data.csv', row: 2, value: '-1' }])
  })

  it('are the same in shards of several files as at once', async () => {
    const root = mkdtempSync(join(tmpdir(), 'contract-'))
    for (const [name, values] of Object.entries({ a: [1, 2, -1], b: [-2], c: [3, -3, 2, -4, -5, -6] }))
      writeFileSync(join(root, `${name}.csv`), `age\n${values.join('\n')}\n`)
    const open = (shard?: Shard) => openDataset({ root, files: '*.csv', threads: 2, ...(shard && { shard }) })
    const whole = await checkContract(contract(AGES), await open(), 'train')
    expect(find(whole, 'minimum').examples).toEqual([
      { file: 'a.csv', row: 3, value: '-1' },
      { file: 'b.csv', row: 1, value: '-2' },
      { file: 'c.csv', row: 2, value: '-3' },
      { file: 'c.csv', row: 4, value: '-4' },
      { file: 'c.csv', row: 5, value: '-5' },
    ])
    const parts = []
    for (const index of [3, 1, 4, 2]) parts.push(await checkPart(contract(AGES), await open({ index, of: 4 }), 'train'))
    expect(mergeParts(contract(AGES), parts)).toEqual(whole)
  })
})

describe('columns that are marked as personal', () => {
  const PERSONAL = `
  properties:
  - name: mail
    classification: pii
    logicalType: string
    unique: true
    logicalTypeOptions: { maxLength: 3 }
    quality:
    - { metric: invalidValues, arguments: { pattern: '^x' }, mustBe: 0 }
    - { type: sql, query: 'SELECT max(length(mail)) FROM data', mustBe: 0 }
  - { name: salary, tags: [private], logicalType: integer, logicalTypeOptions: { minimum: 0 }, primaryKey: true }
  - name: free
  quality:
  - { type: sql, query: 'SELECT min(Salary) FROM data', mustBe: 0 }
  - { type: sql, query: 'SELECT min(free) FROM data', mustBe: 0 }`
  const ROWS = 'mail,salary,free\nsecret@a.example,-987654,424242\nsecret@a.example,-987654,424242\n'

  it('have rows, but no value anywhere: neither in the checks nor in the part of a shard', async () => {
    const dataset = await csv(ROWS)
    const part = await checkPart(contract(PERSONAL), dataset, 'train')
    const checks = mergeParts(contract(PERSONAL), [part])
    for (const told of [checks, part]) expect(JSON.stringify(told)).not.toMatch(/secret|987654|987,654|"16"/)
    const failing = checks.filter(({ verdict, column }) => verdict === 'fail' && column !== null)
    const rules = ['invalidValues', 'maxLength', 'minimum', 'primaryKey', 'sql', 'unique']
    expect(failing.map(({ rule }) => rule).sort()).toEqual(rules)
    for (const { rule, examples } of failing)
      if (rule !== 'sql') expect(examples?.[0], rule).not.toHaveProperty('value')
    expect(failing.filter(({ examples }) => examples).length).toBe(5)
  })

  it.each([
    ['SELECT max(n) FROM data AS t(m, n, f)', false],
    ['SELECT max(n) FROM main.data AS t(m, n, f)', false],
    ['SELECT max("MAIL"::VARCHAR) IS NULL FROM data', false],
    ['SELECT min(COLUMNS(c -> left(c, 2) = chr(115) || chr(97))) FROM data', false],
    ['SELECT length(max(data)::VARCHAR) FROM data', false],
    ['WITH few AS (SELECT * FROM data LIMIT 1) SELECT sum(#1) FROM (SELECT free FROM few);', true],
    ['SELECT count(*) FROM data', true],
  ])('are not told by %s, which does not need their names', async (query, told) => {
    const object = `${PERSONAL.replace(/ {2}quality:\n {2}- \{ type: sql.*$/s, '')}  quality:\n  - { type: sql, name: own, query: ${JSON.stringify(query)}, mustBe: 0 }`
    const checks = await checkContract(contract(object), await csv(ROWS), 'train')
    const { verdict, found } = checks.find(({ rule }) => rule === 'own')!
    expect([verdict, / It is /.test(found)]).toEqual(['fail', told])
  })

  it('leave the answers of queries that do not name them', async () => {
    const checks = mergeParts(contract(PERSONAL), [await checkPart(contract(PERSONAL), await csv(ROWS), 'train')])
    const found = checks.filter(({ rule, column }) => rule === 'sql' && column === null).map((check) => check.found)
    expect(found).toEqual(['The answer of the query is not 0.', 'The answer of the query is not 0. It is 424,242.'])
  })
})
