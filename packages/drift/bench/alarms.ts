import type { Profile } from '@modelyard/spec'
import { randomSource } from '@modelyard/stats'
import { decideDrift } from '../src/index.ts'
import { productionRows, profileRows, type Values } from './rows.ts'

/** Columns of flights, a row for each, in the order of their times. */
export type Flights = Record<string, Values>

/** How often a kind of production alarmed, and how often it warned. */
export interface Outcome {
  production: string
  comparisons: number
  alarms: number
  warnings: number
  /** The columns that did, with their measures. */
  which: string
}

const DAY = 86_400_000
const WEEK = 7 * DAY
const START = Date.parse('2001-01-01T00:00:00.000Z')
/** Multiples of a span start on Thursdays; a reference of whole weeks from the first day says so by this. */
const start = (week: number) => new Date(START + week * WEEK).toISOString()

type Change = (flights: Flights, random: () => number) => Flights

const number =
  (name: string, turn: (x: number, random: () => number) => number): Change =>
  (flights, random) => ({
    ...flights,
    [name]: (flights[name] as Float64Array).map((x) => turn(x, random)),
  })

/** What section c of the reference injects. */
const CHANGES: Record<string, Change> = {
  'delay + 2 min': number('delay', (x) => x + 2),
  'delay + 5 min': number('delay', (x) => x + 5),
  'delay + 10 min': number('delay', (x) => x + 10),
  'distance × 1.05': number('distance', (x) => x * 1.05),
  'miles to kilometres': number('distance', (x) => Math.round(x * 1.609344)),
  '2 % new category': (flights, random) => ({
    ...flights,
    origin: (flights.origin as string[]).map((each) => (random() < 0.02 ? 'ZZZ' : each)),
  }),
  '5 % delay = −999': number('delay', (x, random) => (random() < 0.05 ? -999 : x)),
  'minute + 60': number('minute', (x) => (x + 60) % 1440),
}

/** Random samples of one population: no alarm is right. */
export function nullSplits(flights: Flights, rows: number, comparisons: number): Outcome {
  const random = uniform(rows)
  const total = flights.delay!.length
  return outcome(`random, ${rows} rows a week`, comparisons, () => {
    const drawn = sample(total, 9 * rows, random)
    const reference = profileOf(
      Array.from({ length: 8 }, (_, week) => take(flights, drawn.subarray(week * rows, (week + 1) * rows))),
    )
    return decide(reference, take(flights, drawn.subarray(8 * rows)))
  })
}

/** Real weeks and months against the first eight weeks, as they are. */
export function natural(flights: Flights, weeks: Uint32Array[], months: Uint32Array[]): Outcome[] {
  const reference = profileOf(weeks.slice(0, 8).map((rows) => take(flights, rows)))
  const later = weeks.slice(8)
  const of = (name: string, windows: Uint32Array[]) => {
    let at = 0
    return outcome(name, windows.length, () => decide(reference, take(flights, windows[at++]!)))
  }
  return [of('weeks 9 to 25, as they were', later), of('March to June, as they were', months)]
}

/** The same weeks, each broken in one way. */
export function injected(flights: Flights, weeks: Uint32Array[]): Outcome[] {
  const reference = profileOf(weeks.slice(0, 8).map((rows) => take(flights, rows)))
  return Object.entries(CHANGES).map(([name, change]) => {
    const random = uniform(7)
    const later = weeks.slice(8)
    let at = 0
    return outcome(name, later.length, () => decide(reference, change(take(flights, later[at++]!), random)))
  })
}

function outcome(production: string, comparisons: number, compare: () => ReturnType<typeof decideDrift>): Outcome {
  const which = new Map<string, number>()
  let [alarms, warnings] = [0, 0]
  for (let index = 0; index < comparisons; index++) {
    const { verdict, columns } = compare()
    if (verdict === 'fail') alarms++
    if (verdict === 'warn') warnings++
    for (const { name, verdict: own, measures } of columns) {
      if (own === 'pass') continue
      const label = `${name} ${measures
        .filter((each) => each.verdict === own)
        .map((each) => each.metric)
        .join('+')} ${own}`
      which.set(label, (which.get(label) ?? 0) + 1)
    }
  }
  const told = [...which]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([label, count]) => `${label} ${count}×`)
  return { production, comparisons, alarms, warnings, which: told.join(', ') }
}

function decide(reference: Profile, production: Flights) {
  return decideDrift(reference, productionRows(reference, production, { start: start(20), end: start(21) }))
}

function profileOf(weeks: Flights[]): Profile {
  const columns = Object.fromEntries(
    Object.keys(weeks[0]!).map((name) => [name, joined(weeks.map((week) => week[name]!))]),
  )
  const window = weeks.flatMap((week, index) => new Array<number>(week.delay!.length).fill(index))
  const time = { column: 'date', first: start(0), last: start(weeks.length) }
  const about = {
    schema: 'https://modelyard.dev/profile/v1' as const,
    model: 'flights',
    data: '0'.repeat(64),
    time,
    span: '7d',
  }
  return profileRows({ columns, window }, about, start)
}

function joined(parts: Values[]): Values {
  if (!(parts[0] instanceof Float64Array)) return (parts as string[][]).flat()
  const whole = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts as Float64Array[]) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function take(flights: Flights, rows: Uint32Array): Flights {
  return Object.fromEntries(
    Object.entries(flights).map(([name, values]) => [
      name,
      values instanceof Float64Array
        ? Float64Array.from(rows, (row) => values[row]!)
        : Array.from(rows, (row) => values[row]!),
    ]),
  )
}

/** Different rows of so many, in random order: the beginning of a Fisher–Yates shuffle. */
function sample(total: number, size: number, random: () => number): Uint32Array {
  const order = new Uint32Array(total).map((_, index) => index)
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(random() * (total - i))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order.subarray(0, size)
}

function uniform(seed: number): () => number {
  const random = randomSource(seed)
  return () => random.below(2 ** 32) / 2 ** 32
}
