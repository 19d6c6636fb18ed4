import { join } from 'node:path'
import { Profile, type ProfileV2 } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countLike,
  type Dataset,
  mergeProfiles,
  openDataset,
  planProfile,
  profileDataset,
  profilePart,
} from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

const DAY = 86_400_000
const options = { model: 'm', leaveOut: ['t'], time: 't', span: '7d' }

/** A dataset from a query, as Parquet. */
async function datasetOf<T>(select: string, use: (dataset: Dataset) => Promise<T>, threads = 2): Promise<T> {
  const root = folderWith()
  await writeParquet(join(root, 'data.parquet'), select, 'ROW_GROUP_SIZE 2048')
  const dataset = await openDataset({ root, files: 'data.parquet', threads })
  try {
    return await use(dataset)
  } finally {
    dataset.close()
  }
}

interface GivenRow {
  day: number | null
  x: number | null
  c: string | null
}

function valuesOf(rows: GivenRow[]): string {
  const number = (value: number | null) => (value === null ? 'NULL' : `'${Object.is(value, -0) ? '-0' : value}'`)
  const text = (value: string | null) => (value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`)
  const day = (value: number | null) => (value === null ? 'NULL' : `epoch_ms(${value * DAY}::BIGINT)`)
  const list = rows.map((row) => `(${day(row.day)}::TIMESTAMP, ${number(row.x)}::DOUBLE, ${text(row.c)}::VARCHAR)`)
  return `SELECT * FROM (VALUES ${list.join(', ')}) r(t, x, c)`
}

const row = fc.record({
  day: fc.option(fc.integer({ min: -20, max: 40 }), { freq: 8 }),
  x: fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constant(null)),
  c: fc.oneof(fc.constantFrom('a', 'b', "'; DROP TABLE data; --", '', '__proto__'), fc.constant(null)),
})
const rowsOf = fc.array(row, { minLength: 1, maxLength: 60 }).filter((rows) => rows.some(({ day }) => day !== null))

/** What `profileDataset` counts, one row after the other. */
function countByHand(rows: GivenRow[], profile: Profile, start: string | null) {
  const [number, category] = profile.columns
  if (number?.kind !== 'number' || category?.kind !== 'category') throw new Error('two columns')
  const from = start === null ? null : Date.parse(start) / DAY
  const inside = rows.filter(({ day }) =>
    from === null ? day === null : day !== null && day >= from && day < from + 7,
  )
  const xs = inside.flatMap(({ x }) => (x !== null && Number.isFinite(x) ? [x] : []))
  const edges = [Number.NEGATIVE_INFINITY, ...number.edges]
  return {
    start,
    rows: inside.length,
    columns: [
      {
        counts: edges.map((edge, bin) => xs.filter((x) => x > edge && x <= (edges[bin + 1] ?? Infinity)).length),
        nulls: inside.filter(({ x }) => x === null).length,
        nan: inside.filter(({ x }) => Number.isNaN(x)).length,
        infinite: inside.filter(({ x }) => Math.abs(x ?? 0) === Infinity).length,
        other: xs.filter((x) => number.min === null || x < number.min || x > number.max!).length,
      },
      {
        counts: category.categories.map((each) => inside.filter(({ c }) => c === each).length),
        nulls: inside.filter(({ c }) => c === null).length,
        nan: 0,
        infinite: 0,
        other: inside.filter(({ c }) => c !== null && !category.categories.includes(c)).length,
      },
    ],
  }
}

/** Each dataset is a file and a DuckDB of its own. */
const SLOW = 60_000

describe('the profile of a dataset', () => {
  it(
    'counts what a walk over the rows counts, each row once, in windows since 1970',
    async () => {
      await fc.assert(
        fc.asyncProperty(rowsOf, async (rows) => {
          const profile = Profile.parse(await datasetOf(valuesOf(rows), (data) => profileDataset(data, options)))
          expect(profile.windows).toEqual(profile.windows.map(({ start }) => countByHand(rows, profile, start)))
          expect(profile.windows.reduce((sum, window) => sum + window.rows, 0)).toBe(rows.length)
          for (const { start } of profile.windows) if (start) expect(Math.abs(Date.parse(start) % (7 * DAY))).toBe(0)
        }),
        { numRuns: 10 },
      )
    },
    SLOW,
  )

  it('has at most a hundred bins, whose edges are values of the column to the last digit', async () => {
    const select = 'SELECT (hash(i) % 100000) / 7.0::DOUBLE AS x FROM range(5000) t(i)'
    const { columns, values } = await datasetOf(select, async (data) => ({
      ...(await profileDataset(data, { model: 'm', leaveOut: [], span: '7d' })),
      values: (await data.readColumns(['x'])).x as Float64Array,
    }))
    const [bins] = columns
    if (bins?.kind !== 'number') throw new Error('a number')
    expect(bins.edges).toHaveLength(99)
    const sorted = [...values].sort((a, b) => a - b)
    expect(bins.edges.every((edge) => sorted.includes(edge))).toBe(true)
    expect([bins.min, bins.quartiles, bins.max]).toEqual([
      sorted[0],
      [sorted[1249], sorted[2499], sorted[3749]],
      sorted[4999],
    ])
  })

  it('is the same on any number of threads', async () => {
    const select = `SELECT CASE WHEN i % 17 > 0 THEN (hash(i) % 1000) / 3.0 END AS x, 'c' || (hash(i + 1) % 300) AS c,
      TIMESTAMP '2001-01-01' + INTERVAL (i) MINUTE AS t FROM range(40000) t(i)`
    const [one, four] = await Promise.all(
      [1, 4].map((threads) => datasetOf(select, (data) => profileDataset(data, options), threads)),
    )
    // The digest is of the file, which has been written twice.
    expect({ ...four, data: '' }).toEqual({ ...one, data: '' })
  })

  it('leaves out what has no distribution: times, nested types, text that is no category', async () => {
    const select = `SELECT i AS id, i AS n, i % 2 = 0 AS b, 'name ' || i AS name, [i] AS list, {'a': i} AS struct, DATE '2001-01-01' AS day,
      INTERVAL 1 DAY AS span, 'x'::BLOB AS blob, 'k'::ENUM('k', 'l') AS kind, i::DECIMAL(9, 2) AS price FROM range(3000) t(i)`
    const { columns } = await datasetOf(select, (data) =>
      profileDataset(data, { model: 'm', leaveOut: ['id'], span: '7d' }),
    )
    expect(columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'n: number',
      'b: category',
      'kind: category',
      'price: number',
    ])
  })

  it(
    'takes any name of a column',
    async () => {
      const names = [
        '"; DROP TABLE data; --',
        "it's",
        '$edges',
        'sélect ✈',
        '*',
        'a.b',
        '__proto__',
        'data',
        'listed',
        'top',
        'counted',
        ...'wxcniv',
      ]
      const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
      const numbers = names.map((name, index) => `${index}::DOUBLE AS ${quoted(name)}`)
      const texts = names.map((name, index) => `'of ${index}' AS ${quoted(name)}`)
      for (const columns of [numbers, texts]) {
        const [profile, counted] = await datasetOf(
          `SELECT TIMESTAMP '2001-01-01' AS t, ${columns.join(', ')} FROM range(3)`,
          async (data) => {
            const found = await profileDataset(data, options)
            return [found, await countLike(found, data, options)] as const
          },
        )
        expect(
          profile.columns.map((column) => [column.name, 'min' in column ? column.min : column.categories]),
        ).toEqual(names.map((name, index) => [name, columns === numbers ? index : [`of ${index}`]]))
        expect(counted.windows[0]!.columns).toEqual(profile.windows[0]!.columns)
      }
    },
    SLOW,
  )

  it('has no edges, range or categories where all is null or not finite', async () => {
    const { columns, windows } = await datasetOf(
      "SELECT NULL::DOUBLE AS x, 'nan'::DOUBLE AS y, NULL::VARCHAR AS c FROM range(3)",
      (data) => profileDataset(data, { model: 'm', leaveOut: [], span: '7d' }),
    )
    expect(columns).toEqual([
      { kind: 'number', name: 'x', edges: [], min: null, max: null, quartiles: null },
      { kind: 'number', name: 'y', edges: [], min: null, max: null, quartiles: null },
      { kind: 'category', name: 'c', categories: [] },
    ])
    expect(windows[0]!.columns.map(({ nulls, nan }) => [nulls, nan])).toEqual([
      [3, 0],
      [0, 3],
      [3, 0],
    ])
  })

  it('says what is wrong with the column of times', async () => {
    const profile = (select: string) => datasetOf(select, (data) => profileDataset(data, options))
    await expect(profile('SELECT 1 AS x')).rejects.toThrow(/has no column t, which data\.time names/)
    await expect(profile("SELECT 1 AS x, '2001' AS t")).rejects.toThrow(/names t, which is VARCHAR in data\.parquet/)
    await expect(profile('SELECT 1 AS x, NULL::DATE AS t')).rejects.toThrow(/No row of data\.parquet has a time in t/)
    await expect(profile("SELECT DATE '2001-01-01' AS t")).rejects.toThrow(/has no column to watch for drift/)
  })

  it('puts placeholders of times in no window', async () => {
    const select = `SELECT i AS x, CASE i WHEN 0 THEN DATE '9999-12-31' WHEN 1 THEN 'infinity'::DATE ELSE DATE '2001-01-01' END AS t FROM range(4) t(i)`
    const { time, windows } = await datasetOf(select, (data) => profileDataset(data, options))
    expect(time).toEqual({ column: 't', first: '2001-01-01T00:00:00.000Z', last: '2001-01-01T23:59:59.999Z' })
    expect(windows.map(({ start, rows }) => [start, rows])).toEqual([
      [null, 2],
      ['2000-12-28T00:00:00.000Z', 2],
    ])
  })
})

describe('merging profiles', () => {
  it(
    'gives the profile of the whole from those of its parts, in any order and any grouping',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(rowsOf, { minLength: 3, maxLength: 3 }), async (parts) => {
          const [whole, plan] = await datasetOf(valuesOf(parts.flat()), async (data) => [
            await profileDataset(data, options),
            await planProfile(data, options),
          ])
          const shards = []
          for (const part of parts) shards.push(await datasetOf(valuesOf(part), (data) => profilePart(data, plan)))
          const [a, b, c] = shards as [ProfileV2, ProfileV2, ProfileV2]
          const merge = (...profiles: ProfileV2[]) => mergeProfiles(profiles)
          expect(merge(a, b, c)).toEqual(whole)
          expect(merge(c, a, b)).toEqual(whole)
          expect(merge(merge(a, b), c)).toEqual(whole)
          expect(merge(a, merge(b, c))).toEqual(whole)
        }),
        { numRuns: 4 },
      )
    },
    SLOW,
  )

  it('keeps two years of weeks, and the older rows in the whole', async () => {
    const days = <T>(from: number, to: number, use: (data: Dataset) => Promise<T>) =>
      datasetOf(`SELECT 1 AS x, DATE '2001-01-04' + i::INTEGER AS t FROM range(${from}, ${to}) t(i)`, use)
    const plan = await days(0, 770, (data) => planProfile(data, options))
    const [whole, early, late] = await Promise.all([
      days(0, 770, (data) => profilePart(data, plan)),
      days(0, 400, (data) => profilePart(data, plan)),
      days(400, 770, (data) => profilePart(data, plan)),
    ])
    expect(whole.windows).toHaveLength(105)
    expect(whole.windows[0]).toMatchObject({ start: null, rows: 770 - 104 * 7 })
    expect(mergeProfiles([late, early])).toEqual(whole)
  })

  it('refuses what was not counted alike', async () => {
    const of = (select: string, span = '7d') => datasetOf(select, (data) => profileDataset(data, { ...options, span }))
    const one = await of("SELECT 1 AS x, DATE '2001-01-01' AS t")
    for (const other of [
      await of("SELECT 2 AS x, DATE '2001-01-01' AS t"),
      await of("SELECT 1 AS x, DATE '2001-01-01' AS t", '1d'),
    ])
      expect(() => mergeProfiles([one, other])).toThrow(/were not counted alike/)
  })
})

describe('production, counted like the reference', () => {
  const reference = `SELECT i % 50 AS x, 'c' || (i % 3) AS c, i AS gone, i AS changed, TIMESTAMP '2001-01-01' + INTERVAL (i) HOUR AS t FROM range(1000) t(i)`
  const production = `SELECT CASE WHEN i % 10 = 0 THEN -999 ELSE i % 50 END AS x, CASE WHEN i % 4 = 0 THEN 'new' ELSE 'c' || (i % 3) END AS c,
    i::VARCHAR AS changed, CASE WHEN i < 990 THEN TIMESTAMP '2001-03-01' + INTERVAL (i) HOUR END AS t FROM range(1000) t(i)`
  const compare = async (select: string, more = {}) => {
    const profile = await datasetOf(reference, (data) => profileDataset(data, options))
    return datasetOf(select, (data) => countLike(profile, data, { time: 't', span: '7d', ...more }))
  }

  it('ends its windows with the newest row, and leaves none out', async () => {
    const { windows, untimed } = await compare(production)
    expect(windows.map(({ rows }) => rows)).toEqual([150, 168, 168, 168, 168, 168])
    expect(untimed).toBe(10)
    expect(windows.at(-1)).toMatchObject({ start: '2001-04-04T05:00:00.000Z', end: '2001-04-11T05:00:00.000Z' })
    for (const window of windows) {
      const [x, c] = window.columns
      expect(x!.counts.reduce((sum, n) => sum + n, 0)).toBe(window.rows)
      expect(c!.counts.reduce((sum, n) => sum + n, c!.other)).toBe(window.rows)
    }
  })

  it('knows the most frequent numbers and the new categories of the newest window, in every window', async () => {
    const { windows, columns } = await compare(production)
    const [x, c] = columns
    const sentinel = x!.frequent.find(({ value }) => value === -999)!
    expect(sentinel.counts).toEqual(windows.map(({ columns: [counts] }) => counts!.other))
    expect(c!.frequent).toEqual([{ value: 'new', counts: windows.map(({ columns: [, counts] }) => counts!.other) }])
  })

  it('says which columns it has not, or has as something else', async () => {
    const { columns, windows } = await compare(production)
    expect(columns.map(({ type, comparable }) => [type, comparable])).toEqual([
      ['BIGINT', true],
      ['VARCHAR', true],
      [null, false],
      ['VARCHAR', false],
    ])
    expect(windows.at(-1)!.columns.slice(2)).toEqual([null, null])
  })

  it('takes a column of text files without a value for one of the reference', async () => {
    const profile = await datasetOf(reference, (data) => profileDataset(data, options))
    const rows = Array.from({ length: 50 }, (_, i) => `,c1,2001-03-0${1 + (i % 9)}`)
    const root = folderWith({ 'a.csv': `x,c,t\n${rows.join('\n')}\n` })
    const dataset = await openDataset({ root, files: 'a.csv', threads: 1 })
    const { columns } = await countLike(profile, dataset, options)
    dataset.close()
    expect(columns[0]).toMatchObject({ type: 'VARCHAR', comparable: true, frequent: [] })
  })

  it('does not look at what comes after `until`', async () => {
    const { windows } = await compare(production, { until: '2001-03-20T00:00:00Z' })
    expect(windows.at(-1)).toMatchObject({ end: '2001-03-20T00:00:00.000Z', rows: 168 })
    await expect(compare(production, { until: '1999-01-01' })).rejects.toThrow(
      'No row of data.parquet has a time in t up to 1999-01-01T00:00:00.000Z: there is no window to look at.',
    )
    await expect(compare(production, { until: 'soon' })).rejects.toThrow('until is "soon"')
  })

  it('counts what comes after `until`, and lets no row of the future move the windows', async () => {
    const until = '2001-03-20T12:00:00.000Z'
    const of = (type: string, day: string) =>
      compare(
        `SELECT 1 AS x, 'c' AS c, unnest(['2001-03-19', '2001-03-20', '2001-03-21', '${day}', NULL])::${type} AS t`,
        { until },
      )
    expect(await of('TIMESTAMP', '2199-01-01')).toMatchObject({
      rows: 5,
      untimed: 1,
      future: { rows: 2, newest: '2199-01-01T00:00:00.000Z' },
      windows: [{ end: '2001-03-20T00:00:00.000Z', rows: 2 }],
    })
    // A day that has begun is not after it.
    expect(await of('DATE', '2001-03-18')).toMatchObject({
      future: { rows: 1 },
      windows: [{ end: '2001-03-20T23:59:59.999Z', rows: 3 }],
    })
    expect(await compare(production)).toMatchObject({ rows: 1000, future: null })
  })

  it('keeps empty windows, and at most twelve', async () => {
    const rows = (days: number[]) =>
      `SELECT 1 AS x, 'c' AS c, DATE '2001-01-01' + unnest([${days.join(', ')}])::INTEGER AS t`
    expect((await compare(rows([0, 28]))).windows.map((window) => window.rows)).toEqual([1, 0, 0, 0, 1])
    expect((await compare(rows([0, 200]))).windows.map((window) => window.rows)).toEqual([...new Array(11).fill(0), 1])
  })

  it('is one window without a column of times', async () => {
    const profile = await datasetOf(reference, (data) =>
      profileDataset(data, { model: 'm', leaveOut: ['t'], span: '7d' }),
    )
    expect(profile).toMatchObject({ time: null, span: null, windows: [{ start: null, rows: 1000 }] })
    const { windows } = await datasetOf(production, (data) => countLike(profile, data, { span: '7d' }))
    expect(windows).toMatchObject([{ start: null, end: null, rows: 1000 }])
  })
})
