import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson, Profile, type ProfileV2 } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  mergeProfiles,
  openDataset,
  type ProfileOptions,
  planProfile,
  profileDataset,
  profilePart,
  type Shard,
} from '../src/index.ts'
import { folderWith, writeParquet } from './files.ts'

const FLIGHTS = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet')
/** Each shard is a DuckDB of its own. */
const SLOW = 120_000
/** How many tables are drawn; MODELYARD_RUNS=100 takes a quarter of an hour. */
const RUNS = Number(process.env.MODELYARD_RUNS ?? 3)

/** What the job of one shard does, or of all rows. */
async function profileOf(root: string, options: ProfileOptions, threads: number, shard?: Shard): Promise<ProfileV2> {
  const dataset = await openDataset({ root, files: '*.parquet', threads, ...(shard && { shard }) })
  try {
    return await profilePart(dataset, await planProfile(dataset, options))
  } finally {
    dataset.close()
  }
}

async function inShards(root: string, options: ProfileOptions, of: number, threads: (index: number) => number) {
  const parts: ProfileV2[] = []
  for (let index = 1; index <= of; index++) parts.push(await profileOf(root, options, threads(index), { index, of }))
  // As the artifacts of a matrix are: written and read again.
  return parts.map((part) => Profile.parse(JSON.parse(canonicalJson(part))) as ProfileV2)
}

/** Values of all that is nasty, more than 256 different ones in some columns and fewer in others. */
function nasty(rows: number, seed: number): string {
  const pick = (stream: number, values: string) =>
    `list_extract([${values}], 1 + (hash(i, ${stream}, ${seed}) % 16)::INTEGER)`
  return `SELECT
    CASE WHEN hash(i, 1, ${seed}) % 3 = 0 THEN ${pick(2, "NULL, 'nan', 'infinity', '-infinity', '-0', '0', '1.7976931348623157e308', '5e-324', '-1e-300', '1', '-1'")}::DOUBLE
      ELSE (hash(i, 3, ${seed}) % 1000003) / 7.0 - 50000 END AS x,
    ${pick(4, "NULL, 'nan', '-0', '3.4e38', '0.1'")}::FLOAT AS f,
    CASE WHEN i % 11 > 0 THEN hash(i, 5, ${seed}) END AS big,
    ${pick(6, '-99999999999999999999.99, 0, 0.01, NULL')}::DECIMAL(38, 2) AS price,
    ${pick(7, "NULL, '', 'a', 'née', 'ne\u0301e', '😀', '__proto__', repeat('é', 201), repeat('é', 200) || '!'")} AS c,
    'id ' || (hash(i, 8, ${seed}) % ${rows}) AS id,
    'v' || (hash(i, 9, ${seed}) % 300) AS some,
    i % 3 = 0 AS b,
    ${pick(10, "DATE '0044-03-15 (BC)', DATE '9999-12-31', DATE '12001-01-01', NULL, 'infinity'::DATE")} AS day,
    CASE WHEN i % 5 > 0 THEN TIMESTAMP '2001-01-01' + to_minutes((hash(i, 11, ${seed}) % 500000)::BIGINT) END AS t,
    [i] AS list
    FROM range(${rows}) r(i)`
}

describe('a profile in shards', () => {
  it(
    'is that of the whole to the last byte, whatever the shards, their threads, order and grouping',
    async () => {
      const options = { model: 'm', leaveOut: ['id'], time: 't', span: '7d' }
      await fc.assert(
        fc.asyncProperty(
          fc.nat({ max: 1000 }),
          fc.integer({ min: 1, max: 900 }),
          fc.integer({ min: 2, max: 9 }),
          fc.infiniteStream(fc.nat()),
          async (seed, rows, of, random) => {
            const root = folderWith()
            await writeParquet(join(root, 'a.parquet'), nasty(rows, seed), 'ROW_GROUP_SIZE 2048')
            await writeParquet(join(root, 'b.parquet'), nasty(300, seed + 1), 'ROW_GROUP_SIZE 2048')
            const next = () => random.next().value as number
            const whole = canonicalJson(await profileOf(root, options, 4))
            expect(canonicalJson(await profileOf(root, options, 1))).toBe(whole)
            const pending = await inShards(root, options, of, () => [1, 2, 4][next() % 3]!)
            while (pending.length > 1) {
              const [a] = pending.splice(next() % pending.length, 1)
              const at = next() % pending.length
              pending[at] = mergeProfiles([a!, pending[at]!])
            }
            expect(canonicalJson(pending[0])).toBe(whole)
          },
        ),
        { numRuns: RUNS },
      )
    },
    SLOW,
  )

  it(
    'of three million flights is the same in one job and in sixteen',
    async () => {
      const root = folderWith()
      copyFileSync(FLIGHTS, join(root, 'flights.parquet'))
      const options = { model: 'flights', leaveOut: [], time: 'date', span: '7d' }
      const whole = canonicalJson(await profileOf(root, options, 2))
      const parts = await inShards(root, options, 16, (index) => 1 + (index % 2))
      expect(canonicalJson(mergeProfiles(parts.reverse()))).toBe(whole)
    },
    SLOW,
  )

  it('is refused where the shards are of other data or were counted otherwise', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT i AS x, i % 2 AS y FROM range(100) t(i)')
    const options = { model: 'm', leaveOut: [], span: '7d' }
    const [a, b] = (await inShards(root, options, 2, () => 1)) as [ProfileV2, ProfileV2]
    const others: ProfileV2[] = [
      { ...b, model: 'n' },
      { ...b, data: '0'.repeat(64) },
      { ...b, method: { ...b.method, duckdb: '2.0.0' } },
      { ...b, summaries: b.summaries.map((summary) => ({ ...summary, masked: true })) },
      { ...b, summaries: b.summaries.slice(1) },
    ]
    for (const other of others) expect(() => mergeProfiles([a, other])).toThrow(/were not counted alike/)
  })

  it('is planned alike in every shard, from rows spread over all of the data where there are many', async () => {
    const root = folderWith()
    // A sample of every third row, or of the first rows, would see one of the three levels only.
    const select = `SELECT (i % 3) * 1000 + i / 1e6 AS x, 'c' || (i % 900) AS c, CASE WHEN i = 7 THEN 'rare' ELSE 'usual' END AS r FROM range(300000) t(i)`
    await writeParquet(join(root, 'a.parquet'), select)
    const options = { model: 'm', leaveOut: [], span: '7d' }
    const plans = []
    for (const shard of [undefined, { index: 3, of: 7 }]) {
      const dataset = await openDataset({ root, files: '*.parquet', threads: 2, ...(shard && { shard }) })
      plans.push(await planProfile(dataset, options))
      dataset.close()
    }
    expect(plans[1]).toEqual(plans[0])
    const [x, c, rare] = plans[0]!.columns
    if (x?.kind !== 'number' || c?.kind !== 'category' || rare?.kind !== 'category') throw new Error('three columns')
    for (const level of [0, 1000, 2000]) {
      const inside = x.edges.filter((edge) => edge >= level && edge < level + 1)
      expect(inside.length).toBeGreaterThanOrEqual(32)
    }
    expect(c.categories).toHaveLength(900)
    expect(rare.categories).toEqual(['usual', 'rare'])
  })

  it('of a whole is one part', async () => {
    const root = folderWith()
    await writeParquet(join(root, 'a.parquet'), 'SELECT i AS x FROM range(100) t(i)')
    const options = { model: 'm', leaveOut: [], span: '7d' }
    const dataset = await openDataset({ root, files: '*.parquet', threads: 1 })
    const profile = await profileDataset(dataset, options)
    dataset.close()
    expect(mergeProfiles([profile])).toEqual(profile)
  })
})
