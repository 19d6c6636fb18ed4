import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Dataset, openDataset, quoteIdentifier, quoteLiteral } from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

const ROWS = 50_000
let dataset: Dataset

beforeAll(async () => {
  const root = folderWith()
  for (const part of [0, 1]) {
    const select = `SELECT i AS id, (i * 0.5)::FLOAT AS half, CASE WHEN i % 10 > 0 THEN i::INTEGER END AS gaps,
      CASE WHEN i % 3 > 0 THEN 's' || i END AS text, i % 2 = 0 AS even, (i / 4)::DECIMAL(18, 2) AS price,
      TIMESTAMP '2001-01-01' + INTERVAL (i) MINUTE AS time, (i + 9007199254740993)::BIGINT AS huge,
      IF(i = 1, 'infinity'::DOUBLE, i) AS endless
      FROM range(${(part * ROWS) / 2}, ${((part + 1) * ROWS) / 2}) t(i)`
    await writeParquet(join(root, `part-${part}.parquet`), select, 'ROW_GROUP_SIZE 4096')
  }
  dataset = await openDataset({ root, files: '*.parquet', threads: 4 })
})

afterAll(() => dataset.close())

describe('readColumns', () => {
  it('keeps the order of files and rows', async () => {
    const { id } = await dataset.readColumns(['id'])
    expect(id).toEqual(Float64Array.from({ length: ROWS }, (_, i) => i))
  })

  it('gives numbers with NaN for null, and text with null', async () => {
    const columns = await dataset.readColumns(['gaps', 'text', 'even', 'price', 'time', 'half'])
    expect(Object.keys(columns)).toEqual(['gaps', 'text', 'even', 'price', 'time', 'half'])
    expect(columns.gaps!.slice(0, 3)).toEqual(Float64Array.of(Number.NaN, 1, 2))
    expect(columns.text!.slice(0, 3)).toEqual([null, 's1', 's2'])
    expect(columns.even!.slice(0, 2)).toEqual(Float64Array.of(1, 0))
    expect(columns.price!.slice(0, 2)).toEqual(Float64Array.of(0, 0.25))
    expect(columns.time!.slice(0, 2)).toEqual(['2001-01-01 00:00:00', '2001-01-01 00:01:00'])
    expect(columns.half![3]).toBe(1.5)
  })

  it('reads as text what is asked for as text', async () => {
    const { id, huge } = await dataset.readColumns(['id', 'huge'], { text: ['id', 'huge'] })
    expect(id!.slice(0, 2)).toEqual(['0', '1'])
    expect(huge![0]).toBe('9007199254740993')
  })

  it('never rounds an integer silently', async () => {
    await expect(dataset.readColumns(['huge'])).rejects.toThrow('huge holds integers beyond 2^53')
    expect((await dataset.query('SELECT min(huge) AS m FROM data'))[0]).toEqual({ m: 9007199254740993n })
  })

  it('takes an infinite number for what it is, no integer', async () => {
    const { endless } = await dataset.readColumns(['endless'])
    expect(endless!.slice(0, 3)).toEqual(Float64Array.of(0, Infinity, 2))
  })

  it('names a column that is not there, and those that are', async () => {
    await expect(dataset.readColumns(['lat'])).rejects.toThrow('The data have no column lat. They have id, half, gaps')
  })
})

describe('batches', () => {
  it('cuts the same rows into batches of the size that is asked for', async () => {
    const whole = await dataset.readColumns(['id', 'text'])
    for (const size of [1000, 2048, 3001, ROWS, ROWS + 1]) {
      const sizes: number[] = []
      const ids: number[] = []
      const texts: Array<string | null> = []
      for await (const batch of dataset.batches(['id', 'text'], size)) {
        sizes.push(batch.id!.length)
        ids.push(...(batch.id as Float64Array))
        texts.push(...(batch.text as Array<string | null>))
      }
      expect(sizes.slice(0, -1).every((each) => each === size)).toBe(true)
      expect(Float64Array.from(ids)).toEqual(whole.id)
      expect(texts).toEqual(whole.text)
    }
  })

  it('can be left early, and several can be read at once', async () => {
    for await (const batch of dataset.batches(['id'], 10)) {
      expect(batch.id).toHaveLength(10)
      break
    }
    const [a, b] = await Promise.all([dataset.readColumns(['id']), dataset.readColumns(['id'])])
    expect(a).toEqual(b)
  })
})

describe('query', () => {
  it('binds values instead of pasting them', async () => {
    const evil = "'; DROP TABLE data; --"
    expect(await dataset.query('SELECT $1 AS text, $2 AS number', [evil, 0.1])).toEqual([{ text: evil, number: 0.1 }])
    expect(await dataset.query('SELECT count(*) AS n FROM data WHERE id < $limit', { limit: 5 })).toEqual([{ n: 5 }])
    expect(await dataset.query('SELECT id < ? AS less FROM data LIMIT 1', [1e300])).toEqual([{ less: true }])
  })
})

describe('quoting', () => {
  it('takes any name and any text', async () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((each) => !each.includes('\0') && each.isWellFormed())
    await fc.assert(
      fc.asyncProperty(text, async (each) => {
        const rows = await dataset.query(`SELECT ${quoteLiteral(each)} AS ${quoteIdentifier(each)}`)
        expect(Object.entries(rows[0]!)).toEqual([[each, each]])
      }),
      { numRuns: 30 },
    )
  })
})
