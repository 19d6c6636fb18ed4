import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDataset } from '@modelyard/data'
import { describe, expect, it } from 'vitest'
import { type Check, checkContract } from '../src/checks/check.ts'
import { checkPart, mergeParts } from '../src/checks/parts.ts'
import { parseContract } from '../src/document/read.ts'
import { contractText } from './fixtures.ts'

const NOW = new Date('2026-11-21T12:00:00Z')

interface Asked {
  files?: Record<string, string>
  role?: Check['dataset']
  /** What follows the schema. */
  after?: string
}

/** The checks of data.csv in a folder of files, by the contract's rules of our own alone. */
async function checked(object: string, { files = {}, role = 'holdout', after = '' }: Asked): Promise<Check[]> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text)
  const contract = parseContract(`${contractText(object)}\n${after}`, 'c.yaml', { root, now: NOW, threads: 2 })
  const dataset = await openDataset({ root, files: 'data.csv', threads: 2 })
  const checks = await checkContract(contract, dataset, role)
  return checks.filter(({ rule }) => rule === rule.toLowerCase() && !['rows', 'schema'].includes(rule))
}

function table(column: string, values: readonly unknown[]): string {
  return `${column}\n${values.join('\n')}\n`
}

function ruleAt(column: string, implementation: string, more = ''): string {
  return `
  properties:
  - name: ${column}
    quality:
    - { type: custom, engine: modelyard, implementation: ${implementation} ${more}}`
}

describe('freshness', () => {
  const rule = (age: string, more = '') => ruleAt('at', `{ check: freshness, max_age: ${age} }`, more)
  const at = (...times: string[]) => ({ files: { 'data.csv': table('at', times) } })

  it.each([
    ['2026-11-20T12:00:00', '1d', 'pass', 'It was. The newest is 2026-11-20 12:00:00 UTC.'],
    ['2026-11-20T11:59:59', '1d', 'fail', 'It was not. The newest is 2026-11-20 11:59:59 UTC.'],
    ['2026-11-21T11:30:00', '30m', 'pass', 'It was. The newest is 2026-11-21 11:30:00 UTC.'],
    ['2026-11-20', '36h', 'pass', 'It was. The newest is 2026-11-20 00:00:00 UTC.'],
    ['2026-11-22T11:59:00', '1d', 'pass', 'It was. The newest is 2026-11-22 11:59:00 UTC.'],
    [
      '2999-01-01T00:00:00',
      '1d',
      'inconclusive',
      'The newest time is yet to come, so how fresh the data are cannot be told. The newest is 2999-01-01 00:00:00 UTC.',
    ],
  ])('of %s within %s: %s', async (time, age, verdict, found) => {
    const [check] = await checked(rule(age), at('2020-01-01T00:00:00'.slice(0, time.length), time))
    expect(check).toMatchObject({ column: 'at', rule: 'freshness', verdict, found, line: 11 })
    expect(check?.expected).toBe(`The newest at was at most ${age} old when the run began.`)
  })

  it('is no pass where no row has a time, nor where the column is none', async () => {
    const none = await checked(rule('1d'), { files: { 'data.csv': 'at,b\n,1\n,2\n' } })
    expect(none).toMatchObject([{ verdict: 'inconclusive' }])
    expect(await checked(rule('1d'), at('1', '2'))).toMatchObject([
      { verdict: 'inconclusive', found: 'at has whole numbers (BIGINT), and no times.' },
    ])
  })

  it('is asked of the hold-out, which has the newest rows, or of what the rule names', async () => {
    expect(await checked(rule('1d'), { ...at('2020-01-01'), role: 'train' })).toEqual([])
    const named = ruleAt('at', '{ check: freshness, max_age: 1d, data: train }')
    expect(await checked(named, { ...at('2020-01-01'), role: 'train' })).toMatchObject([{ verdict: 'fail' }])
  })

  it('has the severity and the words of the rule', async () => {
    const warned = await checked(
      rule('1d', ', severity: warning, name: stale, description: Data of today.'),
      at('2020-01-01'),
    )
    expect(warned).toMatchObject([{ verdict: 'warn', rule: 'stale', expected: 'Data of today.' }])
  })

  it('is not told of a personal column', async () => {
    const personal = rule('1d').replace('name: at', 'name: at\n    classification: pii')
    const [check] = await checked(personal, at('1987-06-05'))
    expect(check).toMatchObject({ verdict: 'inconclusive' })
    expect(JSON.stringify(check)).not.toContain('1987')
  })

  it.each([
    ['freshness', '2', 'd', 'pass'],
    ['latency', '1', 'day', 'fail'],
    ['latency', '30', 'h', 'fail'],
    ['latency', '3', 'fortnights', 'inconclusive'],
    ['availability', '1', 'd', undefined],
  ])('follows from the service level %s of %s %s: %s', async (property, value, unit, verdict) => {
    const after = `slaProperties:\n- { property: ${property}, value: ${value}, unit: ${unit}, element: "flights.at, hotels.at" }`
    const checks = await checked('\n  properties:\n  - name: at', { ...at('2026-11-20T05:00:00'), after })
    expect(checks.map((check) => [check.rule, check.column, check.verdict, check.line])).toEqual(
      verdict === undefined ? [] : [[property, 'at', verdict, 11]],
    )
  })
})

describe('leakage', () => {
  const files = { 'data.csv': 'id,b\n1,x\n2,x\n3,y\n,y\n', 'other.csv': 'id,b\n3,x\n2,x\n9,x\n' }

  it('counts the rows whose key is in the files, too', async () => {
    const [check] = await checked(ruleAt('id', '{ check: leakage, files: other.csv }'), { files })
    expect(check).toMatchObject({
      rule: 'leakage',
      verdict: 'fail',
      failing: 2,
      examples: [
        { file: 'data.csv', row: 2, value: '2' },
        { file: 'data.csv', row: 3, value: '3' },
      ],
      expected: 'No row has the id of a row of other.csv.',
    })
    expect(check?.found).toMatch(/^2 of 3 rows with a key are there, too\. other\.csv is SHA-256 [0-9a-f]{12}\.$/)
  })

  it('knows a key of several columns, and how much is allowed', async () => {
    const rule = (most: number) => `
  quality:
  - { type: custom, engine: Modelyard, implementation: { check: leakage, files: [other.csv], columns: [id, b], max_overlap: ${most} } }`
    expect(await checked(rule(0.5), { files })).toMatchObject([{ verdict: 'pass', failing: 0 }])
    expect(await checked(rule(0.1), { files })).toMatchObject([{ verdict: 'fail', failing: 1 }])
  })

  it.each([
    ['1\n2\n3\n', '1.0\n2.0\n3.0\n""\n', 'fail'],
    ['2020-01-01\n2020-01-02\n', '2020-01-01T00:00:00\n2020-01-02T12:00:00\n', 'fail'],
    ['1\n2\n', '001\nx2\n', 'inconclusive'],
  ])('knows equal values of other types (%#)', async (ours, theirs, verdict) => {
    const typed = { 'data.csv': `id\n${ours}`, 'other.csv': `id\n${theirs}` }
    const [check] = await checked(ruleAt('id', '{ check: leakage, files: other.csv }'), { files: typed })
    expect(check?.verdict).toBe(verdict)
    expect(check?.found).toMatch(
      verdict === 'fail' ? /^[123] of [23] rows with a key are there, too/ : /cannot be compared/,
    )
  })

  it('is not told where the files are missing, have other columns, or are the data themselves', async () => {
    const same = await checked(ruleAt('id', '{ check: leakage, files: data.csv }'), { files })
    expect(same).toMatchObject([{ verdict: 'inconclusive', found: expect.stringContaining('data: train') }])
    const gone = await checked(ruleAt('id', '{ check: leakage, files: gone.csv }'), { files })
    expect(gone).toMatchObject([{ verdict: 'inconclusive', found: expect.stringContaining('gone.csv') }])
    const other = await checked(ruleAt('id', '{ check: leakage, files: other.csv }'), {
      files: { ...files, 'other.csv': 'key\n1\n' },
    })
    expect(other).toMatchObject([{ verdict: 'inconclusive', found: 'other.csv has no column id.' }])
  })
})

describe('drift', () => {
  const count = 1000
  const numbers = (shift: number) =>
    table(
      'x',
      Array.from({ length: count }, (_, row) => Math.sin(row * 7919) + shift),
    )
  const rule = (more = '', max = 0.1) => ruleAt('x', `{ check: drift, reference: reference.csv, max: ${max}${more} }`)

  it('is measured against other files', async () => {
    const same = await checked(rule(), { files: { 'data.csv': numbers(0), 'reference.csv': numbers(0) } })
    expect(same).toMatchObject([
      { rule: 'drift', verdict: 'pass', expected: 'The values are not farther than 0.1 from those of reference.csv.' },
    ])
    const moved = await checked(rule(), { files: { 'data.csv': numbers(0.5), 'reference.csv': numbers(0) } })
    expect(moved).toMatchObject([
      {
        verdict: 'fail',
        found: expect.stringMatching(/^The Kolmogorov–Smirnov distance is 0\.\d+\. reference\.csv is SHA-256/),
      },
    ])
  })

  it('is measured as the rule says', async () => {
    const files = { 'data.csv': numbers(0.5), 'reference.csv': numbers(0) }
    expect(await checked(rule(', metric: psi'), { files })).toMatchObject([
      { found: expect.stringContaining('population stability index') },
    ])
    expect(await checked(rule(', metric: new_categories'), { files })).toMatchObject([
      { verdict: 'inconclusive', found: expect.stringContaining('new_categories is not for a number.') },
    ])
  })

  it('is no pass of too few rows, nor a failure that noise could make', async () => {
    const few = table('x', [1, 2, 3])
    expect(await checked(rule(), { files: { 'data.csv': few, 'reference.csv': numbers(0) } })).toMatchObject([
      { verdict: 'inconclusive' },
    ])
    expect(await checked(rule(), { files: { 'data.csv': numbers(0), 'reference.csv': few } })).toMatchObject([
      { verdict: 'inconclusive' },
    ])
    const noise = await checked(rule('', 0.000001), {
      files: { 'data.csv': numbers(0.001), 'reference.csv': numbers(0) },
    })
    expect(noise).toMatchObject([{ verdict: 'inconclusive', found: expect.stringContaining('noise alone') }])
  })

  it('takes no rare categories for new ones, in samples of one population', async () => {
    const cities = (first: number, rows: number, more: string[] = []) =>
      table('x', [
        ...more,
        ...Array.from(
          { length: rows },
          (_, row) => `c${Math.floor(300 ** (((Math.sin(first + row) * 1e4) % 1) ** 2))}`,
        ),
      ])
    const asked = rule(', metric: new_categories', 0.005)
    for (const rows of [300, 900]) {
      const files = { 'data.csv': cities(5000, 5000), 'reference.csv': cities(0, rows) }
      const [found] = await checked(asked, { files })
      expect(found!.verdict).not.toBe('fail')
    }
    const files = { 'data.csv': cities(5000, 900, Array(200).fill('new')), 'reference.csv': cities(0, 900) }
    expect(await checked(asked, { files })).toMatchObject([
      {
        verdict: 'fail',
        found: expect.stringMatching(/^The share of rows with a new category, beyond what chance explains, is 0\.1/),
      },
    ])
  })

  it('names no category of a column, and is the same in shards', async () => {
    const root = mkdtempSync(join(tmpdir(), 'contract-'))
    const cities = (names: string[]) =>
      table(
        'x',
        Array.from({ length: 900 }, (_, row) => names[row % names.length]),
      )
    writeFileSync(join(root, 'data.csv'), cities(['Zebra', 'Yak']))
    writeFileSync(join(root, 'reference.csv'), cities(['Zebra', 'Xerus']))
    const contract = parseContract(contractText(rule()), 'c.yaml', { root, now: NOW })
    const parts = []
    for (const index of [1, 2, 3]) {
      const dataset = await openDataset({ root, files: 'data.csv', shard: { index, of: 3 } })
      parts.push(await checkPart(contract, dataset, 'train'))
    }
    const checks = mergeParts(contract, parts)
    expect(checks).toEqual(await checkContract(contract, await openDataset({ root, files: 'data.csv' }), 'train'))
    expect(checks.at(-1)).toMatchObject({ rule: 'drift', verdict: 'fail' })
    expect(JSON.stringify(checks)).not.toMatch(/Zebra|Yak|Xerus/)
  })
})

describe('a rule of our own that is written wrong', () => {
  it.each([
    [
      '{ check: freshnes, max_age: 1d }',
      'check is "freshnes"; it must be freshness, leakage, drift. Did you mean freshness?',
    ],
    ['{ max_age: 1d }', 'check is missing; it must be freshness, leakage, drift.'],
    ['fresh', 'implementation must be a mapping with check: drift, leakage or freshness.'],
    ['{ check: freshness, maxage: 1d, max_age: 1d }', 'maxage is not a key of freshness. Did you mean max_age?'],
    ['{ check: freshness }', 'freshness needs max_age: it must be a time like "3d", "12h" or "30m".'],
    ['{ check: freshness, max_age: 3 weeks }', 'max_age is "3 weeks"; it must be a time like "3d", "12h" or "30m".'],
    [
      '{ check: leakage, files: ../x.csv }',
      'files is "../x.csv"; it must be a path inside the repository: relative, without "..".',
    ],
    ['{ check: leakage, files: x.csv, max_overlap: 2 }', 'max_overlap is 2; it must be at most 1.'],
    ['{ check: drift, reference: x.csv, max: 0 }', 'max is 0; it must be more than 0.'],
    [
      '{ check: drift, reference: x.csv, max: 1, metric: wasserstein }',
      'metric is "wasserstein"; it must be one of ks, psi, jensen_shannon, nulls, new_categories, out_of_range.',
    ],
    ['{ check: drift, reference: x.csv, max: 1, data: test }', 'data is "test"; it must be one of train, holdout.'],
  ])('%s: %s', (implementation, message) => {
    const text = contractText(ruleAt('at', implementation))
    let thrown: unknown
    try {
      parseContract(text, 'c.yaml')
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ message: expect.stringContaining(message) })
    expect(String(thrown)).toMatch(/c\.yaml:11:\d+/)
  })
})
