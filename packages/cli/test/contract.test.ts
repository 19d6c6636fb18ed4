import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './run.ts'

function folder(files: Record<string, string>): string {
  const path = mkdtempSync(join(tmpdir(), 'contract-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(path, name), text)
  return path
}

const wines = (rows: number, line: (row: number) => string) =>
  `wine_id,colour,acid\n${Array.from({ length: rows }, (_, row) => line(row)).join('\n')}\n`
const honest = wines(100, (row) => `${row},${row % 2 ? 'red' : 'white'},${row % 9}`)

describe('modelyard contract', () => {
  it('infers a contract on standard output, which the data pass and others do not', async () => {
    const here = folder({ 'wines.csv': honest, 'later.csv': wines(100, (row) => `${row},${row ? 'red' : 'green'},4`) })
    const inferred = await run(here, 'contract', 'infer', 'wines.csv')
    expect(inferred.code).toBe(0)
    expect(inferred.err).toBe('Read 100 rows. wine_id names a row.\n')
    expect(inferred.out).toMatch(/^# What wines\.csv held/)
    writeFileSync(join(here, 'wines.odcs.yaml'), inferred.out)

    expect(await run(here, 'contract', 'check', 'wines.odcs.yaml', '--data', 'wines.csv')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^(\d+) of \1 checks pass\.\n$/),
    })
    const later = await run(here, 'contract', 'check', 'wines.odcs.yaml', '--data', 'later.csv')
    expect(later.code).toBe(1)
    expect(later.out).toMatch(/^✗ colour: known_values \(line \d+\): 1 of 100 rows\.\n\d+ of \d+ checks pass\.\n$/)
  })

  it('imports a suite on standard output, and says on standard error what is not in it', async () => {
    const suite = {
      expectation_suite_name: 'wines',
      expectations: [
        { expectation_type: 'expect_column_values_to_not_be_null', kwargs: { column: 'colour' } },
        { expectation_type: 'expect_column_values_to_be_increasing', kwargs: { column: 'wine_id' } },
      ],
    }
    const here = folder({ 'suite.json': JSON.stringify(suite), 'wines.csv': honest })
    const imported = await run(here, 'contract', 'import', 'suite.json')
    expect(imported.code).toBe(0)
    expect(imported.err).toBe(
      '1 of 2 expectations are in the contract.\n  expect_column_values_to_be_increasing of wine_id: the rows of a contract have no order.\n',
    )
    expect(imported.out).toContain('required: true')
  })

  it.each([
    [
      ['infer', 'wines.csv', '--id', 'wine_ib'],
      'The option --id is wine_ib, and the data have no such column. Did you mean wine_id?\n',
    ],
    [
      ['infer', 'wines.csv', '--time', 'colour'],
      'The option --time is colour, which is VARCHAR. Name a column of dates, times or whole numbers.\n',
    ],
    [['infer', 'beer.csv'], 'There is no file beer.csv. Check the path, or run what writes it first.\n'],
    [['import', 'beer.json'], 'The suite beer.json cannot be read (ENOENT). Name its JSON file.\n'],
    [['check', 'beer.yaml', '--data', 'wines.csv'], expect.stringContaining('There is no contract')],
  ])('says what is wrong with %j', async (args, sentence) => {
    expect(await run(folder({ 'wines.csv': honest }), 'contract', ...args)).toMatchObject({
      code: 2,
      out: '',
      err: sentence,
    })
  })
})
