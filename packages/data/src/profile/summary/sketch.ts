import type { Buckets, ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../../dataset.ts'
import { quoteIdentifier } from '../../engine/quote.ts'
import type { ColumnPlan } from '../profile-plan.ts'

/** The greatest relative error of a value that a sketch tells. */
export const ERROR = 0.02
/** The borders of the buckets are its powers. (Masson, Rim, Lee: DDSketch, VLDB 2019.) */
const GAMMA = (1 + ERROR) / (1 - ERROR)
const LOG_GAMMA = Math.log(GAMMA)
/** Below, numbers lose digits, and borders are no longer apart. */
const LEAST_NORMAL = 2 ** -1022
/** How near to a border, in buckets, a logarithm does not say on which side a value is: libraries differ in its last digit. */
const NEAR = 1e-9

type Sketch = NonNullable<ColumnSummary['sketch']>
/** Counts by the index of the bucket. */
export type ByBucket = Map<number, number>

/**
 * The DDSketch of a column's finite numbers in `modelyard_part`. Values near a border are put into their bucket here, by the
 * borders themselves, so that the sketch is the same on every machine.
 */
export async function sketchColumn(dataset: Dataset, { name }: ColumnPlan): Promise<Sketch> {
  const rows = await dataset.query(
    `SELECT negative, border::INTEGER AS border, near, count(*) AS n
    FROM (SELECT negative, border, CASE WHEN border < t + ${NEAR}::DOUBLE THEN x END AS near
      FROM (SELECT x, negative, t, ceil(t - ${NEAR}::DOUBLE) AS border
        FROM (SELECT x < 0 AS negative, abs(x) AS x, ln(abs(x)) / '${LOG_GAMMA}'::DOUBLE AS t
          FROM (SELECT ${quoteIdentifier(name)}::DOUBLE AS x FROM modelyard_part)
          WHERE abs(x) BETWEEN '${LEAST_NORMAL}'::DOUBLE AND '${Number.MAX_VALUE}'::DOUBLE)))
    GROUP BY ALL`,
  )
  const found = noBuckets()
  for (const { negative, border, near, n } of rows) {
    const index = near === null ? Number(border) : bucketNear(Number(border), Number(near))
    add(negative ? found.negative : found.positive, index, Number(n))
  }
  return { negative: writeBuckets(found.negative), positive: writeBuckets(found.positive) }
}

/** The same of finite numbers with their counts. */
export function sketchOf(numbers: ReadonlyArray<readonly [x: number, count: number]>): Sketch {
  const found = noBuckets()
  for (const [x, count] of numbers) {
    const magnitude = Math.abs(x)
    if (magnitude < LEAST_NORMAL) continue
    const t = Math.log(magnitude) / LOG_GAMMA
    const border = Math.ceil(t - NEAR)
    const index = border < t + NEAR ? bucketNear(border, magnitude) : border
    add(x < 0 ? found.negative : found.positive, index, count)
  }
  return { negative: writeBuckets(found.negative), positive: writeBuckets(found.positive) }
}

function noBuckets(): { negative: ByBucket; positive: ByBucket } {
  return { negative: new Map(), positive: new Map() }
}

function add(side: ByBucket, index: number, count: number): void {
  side.set(index, (side.get(index) ?? 0) + count)
}

/** The bucket of a value that is near the border at the end of bucket `index`. */
function bucketNear(index: number, value: number): number {
  return value <= borderOf(index) ? index : index + 1
}

const [up, down] = [[1], [1]]

/** γ^index, by multiplication only: the same digits on every machine. Off by less than 10^−11 of it. */
function borderOf(index: number): number {
  const powers = index < 0 ? down : up
  while (powers.length <= Math.abs(index)) powers.push(index < 0 ? powers.at(-1)! / GAMMA : powers.at(-1)! * GAMMA)
  return powers[Math.abs(index)]!
}

/** The value that stands for a bucket: no value in it is farther away than the error. */
export function magnitudeOf(index: number): number {
  return (2 * borderOf(index)) / (GAMMA + 1)
}

/** Counts in order, runs of neighbours together. */
export function writeBuckets(counts: ByBucket): Buckets {
  const runs: Buckets = []
  for (const [index, count] of [...counts].sort(([a], [b]) => a - b)) {
    const run = runs.at(-1)
    if (run && index === run.from + run.counts.length) run.counts.push(count)
    else runs.push({ from: index, counts: [count] })
  }
  return runs
}

export function readBuckets(runs: Buckets): ByBucket {
  return new Map(runs.flatMap(({ from, counts }) => counts.map((count, at) => [from + at, count] as const)))
}
