import { join } from 'node:path'
import { type ColumnSummary, Profile } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Dataset,
  differentValues,
  momentsOf,
  openDataset,
  profileDataset,
  quantileOf,
  sharedValues,
} from '../src/index.ts'
import { compareText } from '../src/profile/summary/order.ts'
import { folderWith, writeParquet } from './files.ts'

/** Each dataset is a file and a DuckDB of its own. */
const SLOW = 60_000
/** What a value of a sketch may be off by. */
const ERROR = 0.02

async function datasetOf<T>(select: string, use: (dataset: Dataset) => Promise<T>): Promise<T> {
  const root = folderWith()
  await writeParquet(join(root, 'data.parquet'), select)
  const dataset = await openDataset({ root, files: 'data.parquet', threads: 2 })
  try {
    return await use(dataset)
  } finally {
    dataset.close()
  }
}

/** The summaries of a query's columns, by name. `watched` is there so that there is something to watch. */
async function summariesOf(select: string, masked: string[] = []): Promise<Record<string, ColumnSummary>> {
  return datasetOf(`SELECT *, 1 AS watched FROM (${select})`, async (dataset) => {
    const { summaries } = Profile.parse(
      await profileDataset(dataset, { model: 'm', leaveOut: [], span: '7d', masked }),
    ) as { summaries: ColumnSummary[] }
    return Object.fromEntries(summaries.map((summary) => [summary.name, summary]))
  })
}

const double = (x: number | null) => (x === null ? 'NULL' : `'${Object.is(x, -0) ? '-0' : x}'`)

describe('the summary of a column', () => {
  it(
    'counts numbers as a walk over them does, and tells their quantiles, mean and deviation',
    async () => {
      const number = fc.oneof(
        fc.double(),
        fc.double({ min: -1e6, max: 1e6 }),
        fc.constantFrom(0, -0, 1, -1, 5e-324, 1.7976931348623157e308, Number.NaN, Infinity, -Infinity, null),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(number, { minLength: 1, maxLength: 50 }), async (xs) => {
          const values = xs.map((x) => `(${double(x)}::DOUBLE)`).join(', ')
          const summary = (await summariesOf(`SELECT * FROM (VALUES ${values}) r(x)`)).x!
          const finite = xs.flatMap((x) => (x !== null && Number.isFinite(x) ? [x + 0] : [])).sort((a, b) => a - b)
          expect(summary).toMatchObject({
            nulls: xs.filter((x) => x === null).length,
            nan: xs.filter(Number.isNaN).length,
            infinite: {
              positive: xs.filter((x) => x === Infinity).length,
              negative: xs.filter((x) => x === -Infinity).length,
            },
            zeros: finite.filter((x) => x === 0).length,
          })
          expect([summary.min, summary.max].map((end) => end && Number(end))).toEqual(
            finite.length ? [finite[0], finite.at(-1)] : [null, null],
          )
          expect(differentValues(summary)).toBe(new Set(finite).size)
          for (const [rank, x] of finite.entries()) {
            const found = quantileOf(summary, xs.length, (rank + 1) / finite.length)!
            expect(Math.abs(found - x)).toBeLessThanOrEqual(
              Math.abs(x) < 2 ** -1022 ? 2 ** -1022 : ERROR * Math.abs(x) * (1 + 1e-9),
            )
          }
        }),
        { numRuns: 25 },
      )
    },
    SLOW,
  )

  it('adds up without an error that depends on the order', async () => {
    const { x, big, id } = await summariesOf(
      `SELECT i / 8 - 1000 AS x, 1e12 + i % 7 AS big, i::BIGINT * 1000 AS id FROM range(20000) t(i)`,
    )
    const xs = Array.from({ length: 20_000 }, (_, i) => i / 8 - 1000)
    const mean = xs.reduce((sum, each) => sum + each, 0) / xs.length
    const deviation = Math.sqrt(xs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / xs.length)
    const found = momentsOf(x!, 20_000)!
    expect(found.mean).toBeCloseTo(mean, 9)
    expect(found.deviation).toBeCloseTo(deviation, 6)
    expect(momentsOf(big!, 20_000)!.mean).toBeCloseTo(1e12 + 3, 0)
    expect(id!.sums!.x).toEqual({ scale: 0, sum: String((1000n * 20_000n * 19_999n) / 2n) })
  })

  it('says that a sum is not known where a value is too large for it', async () => {
    const { x } = await summariesOf(
      `SELECT CASE WHEN i = 7 THEN 1e300 ELSE 1.5 END::DOUBLE AS x FROM range(1000000) t(i)`,
    )
    expect(x!.max).toBe('1e+300')
    expect(x!.sums!.squares.sum).toBeNull()
    expect(momentsOf(x!, 1_000_000)).toBeNull()
  })

  it('keeps every digit of least and greatest values', async () => {
    const { huge, price, day, at, text, sure } = await summariesOf(
      `SELECT unnest([-99999999999999999999999999999999999999, 9007199254740993])::DECIMAL(38, 0) AS huge,
        unnest([-0.10, 12345678901234567.89])::DECIMAL(19, 2) AS price,
        unnest([DATE '0044-03-15 (BC)', DATE '12001-01-01']) AS day,
        unnest([TIMESTAMP 'infinity', TIMESTAMP '2001-01-01 00:00:00.000001']) AS at,
        unnest(['ﬀ', '😀']) AS text, unnest([true, NULL]) AS sure`,
    )
    expect([huge!.min, huge!.max]).toEqual(['-99999999999999999999999999999999999999', '9007199254740993'])
    expect([price!.min, price!.max]).toEqual(['-0.10', '12345678901234567.89'])
    expect([day!.min, day!.max]).toEqual(['0044-03-15 (BC)', '12001-01-01'])
    expect([at!.min, at!.max]).toEqual(['2001-01-01 00:00:00.000001', '2001-01-01 00:00:00.000001'])
    expect([text!.min, text!.max]).toEqual(['ﬀ', '😀'])
    expect(sure).toMatchObject({ nulls: 1, true: 1, min: 'true', max: 'true' })
  })

  it('orders texts of values as DuckDB orders the values', async () => {
    const ordered: Record<string, string[]> = {
      HUGEINT: ['-170141183460469231731687303715884105727', '-2', '-1', '0', '9', '10', '9007199254740993'],
      'DECIMAL(9,2)': ['-10.00', '-0.50', '0.05', '1.00', '10.00'],
      DOUBLE: ['-1e300', '-0.5', '1e-300', '2', '10', '1e22'],
      DATE: ['0044-03-15 (BC)', '0001-12-31', '1999-12-31', '2000-01-01', '12001-01-01'],
      TIMESTAMP: ['2001-01-01 00:00:00', '2001-01-01 00:00:00.5', '2001-01-01 00:00:01'],
      'TIMESTAMP WITH TIME ZONE': ['2001-01-01 00:00:00+00', '2001-01-01 00:00:00.5+00', '2001-01-01 00:00:01+00'],
      TIME: ['00:00:00', '09:59:59.9', '10:00:00'],
      VARCHAR: ['', 'A', 'a', 'ﬀ', '😀'],
      BOOLEAN: ['false', 'true'],
    }
    for (const [type, values] of Object.entries(ordered)) {
      const shuffled = [...values].reverse().sort((a, b) => compareText(type, a, b))
      expect(shuffled).toEqual(values)
    }
  })

  it('tells lengths in characters, empty texts, and all values while they are few', async () => {
    const { c, many, long } = await summariesOf(
      `SELECT ['', 'née', '😀', '😀', NULL][1 + i % 5] AS c, 'v' || (i % 257) AS many, repeat('é', 300) || i AS long FROM range(1285) t(i)`,
    )
    expect(c).toMatchObject({ nulls: 257, empty: 257, lengths: { min: 0, max: 3, sum: 257 * 5 } })
    expect(c!.values).toEqual([
      { value: '😀', count: 514 },
      { value: '', count: 257 },
      { value: 'née', count: 257 },
    ])
    expect(many!.values).toBeNull()
    expect(many!.min).toBe('v0')
    expect(long).toMatchObject({ min: 'é'.repeat(200), lengths: { max: 304 } })
    expect(long!.values).toEqual([{ value: 'é'.repeat(200), count: 1285 }])
  })

  it('tells nothing but counts of masked columns, and watches them for no drift', async () => {
    const select = `SELECT 'Ada Lovelace' AS name, 36::DOUBLE AS age, true AS ill, 2 AS x FROM range(10)`
    const profile = await datasetOf(select, (dataset) =>
      profileDataset(dataset, { model: 'm', leaveOut: [], span: '7d', masked: ['name', 'age', 'ill'] }),
    )
    expect(profile.columns.map(({ name }) => name)).toEqual(['x'])
    expect(profile.summaries.slice(0, 3)).toEqual(
      [
        ['name', 'VARCHAR'],
        ['age', 'DOUBLE'],
        ['ill', 'BOOLEAN'],
      ].map(([name, type]) => ({
        name,
        type,
        masked: true,
        nulls: 0,
        nan: 0,
        infinite: { positive: 0, negative: 0 },
        zeros: 0,
        empty: 0,
        true: name === 'ill' ? 10 : 0,
        min: null,
        max: null,
        sums: null,
        sketch: null,
        lengths: null,
        distinct: null,
        values: null,
      })),
    )
    expect(JSON.stringify(profile)).not.toMatch(/Ada|Lovelace/)
  })

  it('only counts what is nested, or has no order', async () => {
    const found = await summariesOf(
      `SELECT [1] AS list, {'a': 1} AS struct, INTERVAL 1 DAY AS span, NULL::BLOB AS blob, MAP {'a': 1} AS map`,
    )
    for (const name of ['list', 'struct', 'span', 'blob', 'map'])
      expect(found[name]).toMatchObject({ nulls: name === 'blob' ? 1 : 0, min: null, distinct: null, values: null })
  })
})

describe('sketches', () => {
  it(
    'count different values within three standard errors',
    async () => {
      for (const different of [300, 2000, 5000, 20_000, 300_000]) {
        const { x, c } = await summariesOf(`SELECT i * 3 AS x, 'c' || i AS c FROM range(${different}) t(i)`)
        for (const column of [x!, c!])
          expect(Math.abs(differentValues(column)! / different - 1)).toBeLessThan((3 * 1.04) / Math.sqrt(2048))
      }
    },
    SLOW,
  )

  it('tell which share of values two columns have in common', async () => {
    const of = async (from: number, to: number) =>
      (await summariesOf(`SELECT i AS x FROM range(${from}, ${to}) t(i)`)).x!
    const [a, half, none, few] = await Promise.all([of(0, 60_000), of(30_000, 90_000), of(60_000, 90_000), of(0, 40)])
    expect(sharedValues(a!, a!)).toBe(1)
    expect(sharedValues(a!, none!)).toBe(0)
    expect(Math.abs(sharedValues(a!, half!)! - 1 / 3)).toBeLessThan(3 * Math.sqrt(2 / 9 / 128))
    expect(sharedValues(few!, few!)).toBe(1)
  })

  it('put values at the borders of buckets into the same ones on every machine: by the borders, not by a logarithm', async () => {
    const gamma = 1.02 / 0.98
    let border = 1
    const borders = Array.from({ length: 2000 }, () => (border *= gamma))
    const bits = new DataView(new ArrayBuffer(8))
    const next = (x: number) => {
      bits.setFloat64(0, x)
      bits.setBigUint64(0, bits.getBigUint64(0) + 1n)
      return bits.getFloat64(0)
    }
    const on = await summariesOf(`SELECT unnest([${borders.map(double)}]::DOUBLE[]) AS x`)
    expect(on.x!.sketch).toEqual({ negative: [], positive: [{ from: 1, counts: new Array(2000).fill(1) }] })
    const over = await summariesOf(`SELECT -unnest([${borders.map(next).map(double)}]::DOUBLE[]) AS x`)
    expect(over.x!.sketch).toEqual({ negative: [{ from: 2, counts: new Array(2000).fill(1) }], positive: [] })
  })
})
