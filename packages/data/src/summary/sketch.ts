import type { Buckets, ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { summarized } from './kinds.ts'

/** The greatest relative error of a value that a sketch tells. */
export const ERROR = 0.02
/** The borders of the buckets are its powers. (Masson, Rim, Lee: DDSketch, VLDB 2019.) */
const GAMMA = (1 + ERROR) / (1 - ERROR)
/** Below, numbers lose digits, and borders are no longer apart. */
const LEAST_NORMAL = 2 ** -1022
/** How near to a border, in buckets, a logarithm does not say on which side a value is: libraries differ in its last digit. */
const NEAR = 1e-9

/** Counts by the index of the bucket. */
export type ByBucket = Map<number, number>

/**
 * The DDSketch of a column's finite numbers in `part`. Values near a border are put into their bucket here, by the
 * borders themselves, so that the sketch is the same on every machine.
 */
export async function sketchColumn(
  dataset: Dataset,
  column: ColumnPlan,
): Promise<NonNullable<ColumnSummary['sketch']>> {
  const rows = await dataset.query(
    `SELECT negative, CASE WHEN near IS NULL THEN ceil(t)::INTEGER ELSE round(t)::INTEGER END AS bucket, near, count(*) AS n
    FROM (SELECT negative, t, CASE WHEN abs(t - round(t)) < ${NEAR}::DOUBLE THEN x END AS near
      FROM (SELECT x < 0 AS negative, abs(x) AS x, ln(abs(x)) / '${Math.log(GAMMA)}'::DOUBLE AS t
        FROM (SELECT (${summarized(column)})::DOUBLE AS x FROM part) WHERE abs(x) >= '${LEAST_NORMAL}'::DOUBLE))
    GROUP BY ALL`,
  )
  const found = { negative: new Map() as ByBucket, positive: new Map() as ByBucket }
  for (const { negative, bucket, near, n } of rows) {
    const side = negative ? found.negative : found.positive
    const index = near === null ? Number(bucket) : bucketNear(Number(bucket), Number(near))
    side.set(index, (side.get(index) ?? 0) + Number(n))
  }
  return { negative: writeBuckets(found.negative), positive: writeBuckets(found.positive) }
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
