import type { Dataset } from '@modelyard/data'
import { whyNot } from '../rules/probe.ts'
import type { Aggregate, Measured, Probe } from './plan.ts'

/** How many aggregates one scan has. With more, DuckDB holds more columns at once, and plans for longer. */
const AT_ONCE = 100

/** What the aggregates of a check come to, as exact text. */
export type Measurement = Array<string | null>

/**
 * The aggregates of all checks over the rows of the part, in one scan. Those that are only told are left null where no
 * row breaks the check, and take one more scan where some do. A sentence for a check that DuckDB cannot evaluate.
 */
export async function measure(checks: readonly Measured[], dataset: Dataset): Promise<Array<Measurement | string>> {
  const hindered: Array<string | undefined> = []
  // One after the other: each has its own time.
  for (const { probes = [] } of checks) hindered.push(await firstHindrance(probes, dataset))
  const possible = checks.filter((_, index) => hindered[index] === undefined)
  const counts = await scanEach(possible.map(countsOf), dataset)
  const broken = possible.map((_, index) => counts[index]![0] !== '0')
  const told = await scanEach(
    possible.map((check, index) => (broken[index] ? toldOf(check) : [])),
    dataset,
  )
  const measurements = possible.map((check, index) => [
    ...counts[index]!,
    ...(broken[index] ? told[index]! : toldOf(check).map(() => null)),
  ])
  return hindered.map((each) => each ?? measurements.shift()!)
}

function countsOf({ aggregates }: Measured): Aggregate[] {
  return aggregates.filter((each) => !each.told)
}

function toldOf({ aggregates }: Measured): Aggregate[] {
  return aggregates.filter((each) => each.told)
}

async function scanEach(lists: ReadonlyArray<readonly Aggregate[]>, dataset: Dataset): Promise<Measurement[]> {
  const values = await scan(lists.flat(), dataset)
  return lists.map(({ length }) => values.splice(0, length))
}

async function scan(aggregates: readonly Aggregate[], dataset: Dataset): Promise<Measurement> {
  const values: Measurement = []
  for (let from = 0; from < aggregates.length; from += AT_ONCE) {
    const some = aggregates.slice(from, from + AT_ONCE)
    const list = some.map(({ sql }, index) => `(${sql.text})::VARCHAR AS a${index}`).join(', ')
    const [row] = await dataset.query(
      `SELECT ${list} FROM modelyard_part`,
      some.flatMap(({ sql }) => sql.values),
    )
    values.push(...(Object.values(row!) as Measurement))
  }
  return values
}

async function firstHindrance(probes: readonly Probe[], dataset: Dataset): Promise<string | undefined> {
  for (const probe of probes) {
    const why = await whyNot(probe, dataset)
    if (why !== undefined) return why
  }
  return undefined
}

/** Brings an aggregate of several parts together, in any order. Nothing but null comes of nothing but null. */
export function mergeAggregate({ merge }: Aggregate, values: ReadonlyArray<string | null>): string | null {
  const known = values.filter((value) => value !== null)
  if (known.length === 0) return null
  if (merge === 'sum') return String(known.reduce((sum, value) => sum + BigInt(value), 0n))
  const wanted = merge === 'min' ? -1 : 1
  return known.reduce((best, value) => (compare(value, best) === wanted ? value : best))
}

/** Compares numbers as text: digit by digit, or, where one is written with an exponent or as inf, as doubles. */
function compare(a: string, b: string): number {
  const [x, y] = PLAIN.test(a) && PLAIN.test(b) ? aligned(a, b) : [Number(infinite(a)), Number(infinite(b))]
  return x < y ? -1 : x > y ? 1 : 0
}

const PLAIN = /^-?\d+(?:\.\d+)?$/

/** Two decimals as integers of one scale. */
function aligned(...texts: [string, string]): [bigint, bigint] {
  const scale = Math.max(...texts.map((text) => fraction(text).length))
  return texts.map((text) => BigInt(text.replace('.', '') + '0'.repeat(scale - fraction(text).length))) as [
    bigint,
    bigint,
  ]
}

function fraction(text: string): string {
  return text.split('.')[1] ?? ''
}

function infinite(text: string): string {
  return text.replace(/^(-?)inf$/, '$1Infinity')
}
