import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { openDataset } from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

async function open(files: Record<string, string | Uint8Array>, pattern: string | string[] = Object.keys(files)) {
  return openDataset({ root: folderWith(files), files: pattern, threads: 2 })
}

async function problem(files: Record<string, string | Uint8Array>, pattern?: string | string[]): Promise<string> {
  const result = await open(files, pattern).catch((error) => error)
  expect(result).toBeInstanceOf(UserError)
  return result.message
}

describe('openDataset', () => {
  it('reads CSV, JSON Lines and both zipped as the same table', async () => {
    const csv = 'id,name,when\n1,"a, ""b""",2024-01-02\n2,,2024-01-03\n'
    const json = '{"id":1,"name":"a, \\"b\\"","when":"2024-01-02"}\n{"id":2,"name":null,"when":"2024-01-03"}\n'
    const all = { 'a.csv': csv, 'a.csv.gz': gzipSync(csv), 'a.jsonl': json, 'a.jsonl.gz': gzipSync(json) }
    for (const [name, content] of Object.entries(all)) {
      const dataset = await open({ [name]: content })
      expect(dataset.rows).toBe(2)
      expect(dataset.columns).toEqual([
        { name: 'id', type: 'BIGINT' },
        { name: 'name', type: 'VARCHAR' },
        { name: 'when', type: 'DATE' },
      ])
      expect(await dataset.query('SELECT * FROM data')).toEqual([
        { id: 1, name: 'a, "b"', when: '2024-01-02' },
        { id: 2, name: null, when: '2024-01-03' },
      ])
      dataset.close()
    }
  })

  it('names every row of a CSV that does not parse, by line, without its values', async () => {
    const rows = Array.from({ length: 25_000 }, (_, i) => `${i},x`)
    rows[24_000] = 'secret,"x\ny"'
    rows[24_010] = '12.5x,x'
    const message = await problem({ 'a.csv': `id,name\n${rows.join('\n')}\n` })
    expect(message).toContain('a.csv:24002  The value of id is no BIGINT, as nearly all others are.')
    expect(message).toContain('a.csv:24013  The value of id is no BIGINT')
    expect(message).not.toContain('secret')
    const ragged = await problem({ 'a.csv': `id,name\n${[...rows, '1', '1,2,3'].join('\n')}\n` })
    expect(ragged).toContain('a.csv:25003  The row has too few values.')
    expect(ragged).toContain('a.csv:25004  The row has too many values.')
  })

  it('names the first line of JSON Lines that is broken', async () => {
    expect(await problem({ 'a.jsonl': '{"a":1}\n{"a":2}\n{oops\n' })).toBe(
      'a.jsonl:3  This cannot be read as JSON Lines: each line must be one JSON object of at most 16 MB. Write it again.',
    )
  })

  it('says in one sentence what cannot be opened', async () => {
    expect(await problem({ 'a.csv': '' })).toBe('a.csv is empty. Write it again.')
    expect(await problem({ 'a.csv': 'a,b\n' })).toBe('a.csv holds no rows.')
    expect(await problem({ 'a.csv': Uint8Array.of(97, 10, 98, 10, 255, 254, 10) })).toContain('UTF-8')
    expect(await problem({ 'a.parquet': 'this is text and not Parquet' })).toContain(
      'a.parquet cannot be read as Parquet',
    )
    expect(await problem({ 'a.xlsx': 'x' })).toContain('The format of a.xlsx is not known.')
    expect(await problem({ 'a.csv': 'a\n1\n', 'b.jsonl': '{"a":1}' })).toContain('have one format')
    expect(await problem({ 'a.csv': 'a,b\n1,2\n', 'b.csv': 'a,c\n1,2\n' })).toBe(
      'b.csv and a.csv differ: the first has a column c, the second has none.',
    )
  })

  it('sees that a Parquet file is cut short, or of other types than its neighbour', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT i FROM range(1000) t(i)')
    await writeParquet(join(root, 'b.parquet'), 'SELECT i::DOUBLE AS i FROM range(1000) t(i)')
    await expect(openDataset({ root, files: '*.parquet' })).rejects.toThrow(
      'b.parquet and a.parquet differ: i is DOUBLE in the first and BIGINT in the second.',
    )
    truncateSync(join(root, 'a.parquet'), 600)
    await expect(openDataset({ root, files: 'a.parquet' })).rejects.toThrow(
      'a.parquet cannot be read as Parquet: it is cut short, damaged or something else.',
    )
  })

  it('opens files whose names DuckDB would take for patterns or quotes', async () => {
    const dataset = await open({ "it's [1].csv": 'a\n1\n' }, "it's ?1?.csv")
    expect(dataset.files.map(({ name }) => name)).toEqual(["it's [1].csv"])
    expect(dataset.rows).toBe(1)
    dataset.close()
  })
})

describe('the sandbox', () => {
  const attacks = [
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "COPY data TO '/tmp/stolen.csv'",
    "ATTACH '/tmp/other.db'",
    'INSTALL httpfs',
    'SET enable_external_access = true',
    "SELECT * FROM enable_logging('QueryLog', storage = 'file', storage_path = '/tmp/stolen')",
    "FROM query('SELECT * FROM enable_' || 'logging()')",
    "SELECT * FROM enable_profiling(save_location = '/tmp/stolen')",
    'DROP VIEW data',
    'CREATE TABLE other AS SELECT 1',
    "SELECT 1; SELECT * FROM read_text('/etc/passwd')",
  ]
  it.each(attacks)('refuses %s', async (sql) => {
    const dataset = await open({ 'a.csv': 'a\n1\n' })
    await expect(dataset.query(sql)).rejects.toThrow(UserError)
    dataset.close()
  })

  it('refuses functions that change the engine by name, wherever they stand', async () => {
    const dataset = await open({ 'a.csv': 'a\n1\n' })
    const calls = {
      "SELECT write_log('x')": 'write_log',
      'WITH w AS (SELECT list_transform([1], lambda x: "write_log"(\'x\'))) FROM w': 'write_log',
      "SELECT main.force_checkpoint('x')": 'force_checkpoint',
      "SELECT * FROM data WHERE a IN (FROM query('SELECT 1'))": 'query',
      "SUMMARIZE SELECT disable_logging() FROM query_table('data')": 'disable_logging',
    }
    for (const [sql, name] of Object.entries(calls)) {
      await expect(dataset.query(sql)).rejects.toThrow(
        `${name} may not be called on data: it does more than read them.`,
      )
    }
    await expect(dataset.query('CALL enable_logging()')).rejects.toThrow('Only a SELECT may be run on data.')
    await expect(dataset.query('SELECT query FROM FROM data')).rejects.toThrow('Parser Error: syntax error')
    dataset.close()
  })

  it('reads columns that are called as such functions', async () => {
    const dataset = await open({ 'a.csv': 'query_id,checkpoint,enable_x\n7,8,9\n' })
    expect(await dataset.query('SELECT *, query_id AS query FROM data WHERE checkpoint = ?', [8])).toEqual([
      { query_id: 7, checkpoint: 8, enable_x: 9, query: 7 },
    ])
    expect(await dataset.readColumns(['query_id'])).toEqual({ query_id: Float64Array.of(7) })
    dataset.close()
  })

  it('breaks off what takes too long', async () => {
    const dataset = await open({ 'a.csv': 'a\n1\n' })
    const endless = 'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a, b) = 1'
    await expect(dataset.query(endless, [], { seconds: 0.2 })).rejects.toThrow(
      'The query took longer than 0.2 seconds.',
    )
    await expect(dataset.query(endless, [], { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout')
    expect(await dataset.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    dataset.close()
    const signal = AbortSignal.abort()
    await expect(openDataset({ root: folderWith({ 'a.csv': 'a\n1\n' }), files: 'a.csv', signal })).rejects.toThrow(
      'aborted',
    )
  })
})
