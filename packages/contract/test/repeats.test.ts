import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { openDataset } from '@modelyard/data'
import { expect, it } from 'vitest'
import { repeatsIn } from '../src/checks/repeats.ts'

/** How many rows repeat an earlier one by the columns, among the rows of a query. */
async function repeats(select: string, names: readonly string[]): Promise<number> {
  const root = mkdtempSync(join(tmpdir(), 'contract-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`COPY (${select}) TO '${join(root, 'data.parquet')}'`)
  connection.closeSync()
  instance.closeSync()
  const dataset = await openDataset({ root, files: 'data.parquet', memoryLimit: '150MB' })
  const columns = names.map((name) => dataset.columns.find((column) => column.name === name)!)
  return repeatsIn(dataset, columns).finally(() => dataset.close())
}

it('counts repeats exactly where keys are more than are held at once', async () => {
  const keys = `SELECT (i * 7919) % 1600000 * 1000 AS id, i AS other FROM range(1600000) t(i)
    UNION ALL SELECT i * 1000, i FROM range(7) t(i)`
  expect(await repeats(keys, ['id'])).toBe(7)
  expect(await repeats(keys, ['id', 'other'])).toBe(1)
})

it('counts all of many repeats', async () => {
  expect(await repeats('SELECT i % 10 AS k FROM range(2000000) t(i)', ['k'])).toBe(1_999_990)
})

it('counts repeats of integers that lie close, at both ends of every type', async () => {
  const signed = [8, 16, 32, 64].map((bits) => [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n] as const)
  const ends = [...signed, ...signed.map(([, greatest]) => [0n, 2n * greatest + 1n] as const)]
  const types = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT']
  for (const [index, [least, greatest]] of ends.entries()) {
    const type = `${index < types.length ? '' : 'U'}${types[index % types.length]}`
    const of = (values: bigint[]) =>
      `SELECT unnest([${values.map((value) => `'${value}'`).join(', ')}, NULL, NULL])::${type} AS x`
    expect(await repeats(of([least, least + 1n, least + 1n]), ['x']), type).toBe(1)
    expect(await repeats(of([greatest, greatest, greatest - 2n]), ['x']), type).toBe(1)
    expect(await repeats(of([least, greatest, least, greatest, greatest]), ['x']), type).toBe(3)
  }
})

it('compares no rows without a value, and numbers as numbers', async () => {
  const values = "SELECT unnest(['nan', NULL, 'nan', '-0.0', '0', '1', 'inf', 'inf'])::DOUBLE AS x, 1 AS y"
  expect(await repeats(values, ['x'])).toBe(2)
  expect(await repeats(values, ['x', 'y'])).toBe(2)
})

it('tells integers and decimals apart beyond 2^53', async () => {
  expect(await repeats('SELECT 9007199254740992 + i % 3 AS big FROM range(6) t(i)', ['big'])).toBe(3)
  expect(await repeats("SELECT unnest(['0.10000000000000000001', '0.1'])::DECIMAL(38, 20) AS fine", ['fine'])).toBe(0)
})

it('takes columns of any name', async () => {
  expect(await repeats('SELECT 1 AS "rows", 2 AS "keys", 3 AS "a"" b" FROM range(3)', ['rows', 'keys', 'a" b'])).toBe(2)
})
