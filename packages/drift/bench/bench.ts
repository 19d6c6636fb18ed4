/**
 * Two questions about drift, on three million flights. How long does it take to profile and to decide, against walking
 * over the rows? And how often does the rule alarm where it should not, and where it should?
 *
 * npm run bench -w packages/drift -- [--json] [--check]
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { countLike, openDataset, profileDataset } from '@modelyard/data'
import { decideDrift } from '../src/index.ts'
import { type Flights, injected, natural, nullSplits, type Outcome } from './alarms.ts'
import { profileRows } from './rows.ts'

const FLOOR = 2
const FILE = join(import.meta.dirname, '../../../node_modules/vega-datasets/data/flights-3m.parquet')
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const WEEK = 7 * DAY
/** Weeks of whole days, from Monday, 1 January 2001. */
const START = Date.parse('2001-01-01T00:00:00.000Z')
const SPLITS: Array<[rows: number, comparisons: number]> = [
  [500, 200],
  [1000, 100],
  [5000, 60],
  [50_000, 30],
]
const MUST_FIND = ['miles to kilometres', '2 % new category', '5 % delay = −999']

const { values: flags } = parseArgs({
  options: { json: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
})

const root = mkdtempSync(join(tmpdir(), 'drift-bench-'))
copyFileSync(FILE, join(root, 'flights.parquet'))
const dataset = await openDataset({ root, files: 'flights.parquet' })
try {
  const timing = await time()
  const flights = await read()
  const weeks = windowsOf(flights.time, (time) => Math.floor((time - START) / WEEK)).slice(0, 25)
  const months = windowsOf(flights.time, (time) => new Date(time).getUTCMonth()).slice(2, 6)
  const outcomes = [
    ...SPLITS.map(([rows, comparisons]) => nullSplits(flights.columns, rows, comparisons)),
    ...natural(flights.columns, weeks, months),
    ...injected(flights.columns, weeks),
  ]
  if (flags.json) for (const result of [timing, ...outcomes]) console.log(JSON.stringify(result))
  else {
    console.table([timing])
    console.table(outcomes)
  }
  if (flags.check && (timing.ratio < FLOOR || !asPromised(outcomes))) process.exitCode = 1
} finally {
  dataset.close()
  rmSync(root, { recursive: true })
}

/** Seconds from the file to the decision, ours and by walking over the rows, which must count the same. */
async function time() {
  const options = { model: 'flights', leaveOut: ['date'], time: 'date', span: '7d' }
  const started = performance.now()
  const profile = await profileDataset(dataset, options)
  decideDrift(profile, await countLike(profile, dataset, options))
  const ours = (performance.now() - started) / 1000
  const peak = process.resourceUsage().maxRSS
  const restarted = performance.now()
  const { date, ...columns } = await dataset.readColumns(dataset.columns.map(({ name }) => name))
  const window = Int32Array.from(date as string[], (each) => Math.floor(Date.parse(`${each}Z`) / WEEK))
  const { model, data, time, span, rows, windows } = profile
  const about = { schema: 'https://modelyard.dev/profile/v1' as const, model, data, time, span }
  const start = (week: number) => new Date(week * WEEK).toISOString()
  profileRows({ columns, window }, about, start)
  const peer = (performance.now() - restarted) / 1000
  // Ours are chosen by a sample.
  const walked = profileRows({ columns, window }, about, start, profile.columns)
  if (!isDeepStrictEqual(walked, { ...about, rows, windows, columns: profile.columns }))
    throw new Error('the profile is not what a walk over the rows counts')
  return {
    work: `profile, count and decide, ${dataset.rows} rows, 4 columns; the floor only profiles`,
    ours: rounded(ours),
    peer: rounded(peer),
    ratio: rounded(peer / ours),
    peak_mb: Math.round(peak / 1024),
  }
}

async function read(): Promise<{ time: Float64Array; columns: Flights }> {
  const { date, ...columns } = await dataset.readColumns(['date', 'delay', 'distance', 'origin', 'destination'])
  const time = Float64Array.from(date as string[], (each) => Date.parse(`${each}Z`))
  return { time, columns: { ...columns, minute: time.map((each) => (each % DAY) / MINUTE) } }
}

/** The rows of each window, in the order of the windows. */
function windowsOf(time: Float64Array, windowOf: (time: number) => number): Uint32Array[] {
  const rows: number[][] = []
  for (const [row, each] of time.entries()) {
    const window = windowOf(each)
    rows[window] ??= []
    rows[window].push(row)
  }
  return rows.map((each) => Uint32Array.from(each))
}

/** No alarm between samples of one population; each of what must be found, every time. */
function asPromised(outcomes: Outcome[]): boolean {
  return outcomes.every(
    ({ production, alarms, comparisons }) =>
      (!production.startsWith('random') || alarms === 0) && (!MUST_FIND.includes(production) || alarms === comparisons),
  )
}

function rounded(x: number): number {
  return Number(x.toPrecision(3))
}
