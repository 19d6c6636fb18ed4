import { metricFacts, type RowMetric } from '@modelyard/spec'
import { abcTail, bcaInterval, bootstrapError, randomSource, resample, type Scatter, scatterOf } from '@modelyard/stats'
import type { Resampled } from '../metrics/kinds.ts'
import { rowsOf, type Sample } from '../sample/sample.ts'
import type { Estimate, Paired } from './comparison.ts'
import { bounded, noneChanges, saySame, tooFew, UNTOLD } from './evidence.ts'

/** A metric of both models that has to be resampled; null for a model that has no value. */
export interface ResampledPair {
  name: RowMetric
  candidate: Arm | null
  champion: Arm | null
}

type Arm = Resampled & { value: number }

/** A metric of both models and of their difference, with intervals from the same resamples. */
export interface Replicated {
  candidate: Estimate | undefined
  champion: Estimate | undefined
  paired: Paired | undefined
}

interface Options {
  confidence: number
  seed: number
  replicates: number
}

/** Into so many blocks the rows are dealt to see how the metric scatters: for the acceleration of BCa, that is enough. */
const BLOCKS = 200

/**
 * Paired bootstrap (BCa) of metrics: of rows, or of whole groups where there are groups. All metrics and both models see
 * the same resamples, drawn once; a metric walks over the counts of a resample and copies nothing.
 */
export function bootstrap(
  sample: Sample,
  pairs: readonly ResampledPair[],
  options: Options,
): Map<RowMetric, Replicated> {
  const rows = rowsOf(sample)
  const units = sample.groups?.count ?? rows
  const blocks = Math.min(units, BLOCKS)
  const runs = pairs.map(({ name, candidate, champion }) => ({
    name,
    reason: tooFew(sample, name),
    arms: [candidate, champion].map((arm) => arm && run(arm, blocks, options.replicates)),
  }))
  const walks = runs.flatMap(({ reason, arms }) => (reason ? [] : arms.filter((arm) => arm !== null)))
  if (walks.length > 0) {
    const random = randomSource(options.seed)
    const clusters = sample.groups ?? undefined
    resample({ rows, replicates: options.replicates, random, clusters }, (counts, replicate) => {
      for (const { statistic, values } of walks) values[replicate] = statistic(counts)
    })
    leaveOut(sample, blocks, (counts, block) => {
      for (const { statistic, without } of walks) without[block] = statistic(counts)
    })
  }
  return new Map(runs.map(({ name, reason, arms }) => [name, conclude(sample, name, units, reason, arms, options)]))
}

interface Run extends Arm {
  /** Of each resample; NaN where it is not defined there. */
  values: Float64Array
  /** Without each block of rows. */
  without: Float64Array
}

function run(arm: Arm, blocks: number, replicates: number): Run {
  return { ...arm, values: new Float64Array(replicates), without: new Float64Array(blocks) }
}

/** The jackknife: counts of 1, but 0 for the rows, or groups, of one block after the other. */
function leaveOut(sample: Sample, blocks: number, visit: (counts: Int32Array, block: number) => void): void {
  const { groups } = sample
  const blockOf = Int32Array.from({ length: rowsOf(sample) }, (_, row) => (groups ? groups.of[row]! : row) % blocks)
  for (let block = 0; block < blocks; block++) {
    visit(
      blockOf.map((of) => +(of !== block)),
      block,
    )
  }
}

function conclude(
  sample: Sample,
  name: RowMetric,
  units: number,
  reason: string | undefined,
  [candidate, champion]: ReadonlyArray<Run | null>,
  { confidence }: Options,
): Replicated {
  const single = (arm: Run | null | undefined) =>
    arm
      ? { value: arm.value, ...ends(arm, units, confidence, reason ?? (isStill(arm) ? UNTOLD : undefined)).interval }
      : undefined
  return {
    candidate: single(candidate),
    champion: single(champion),
    paired:
      candidate && champion ? difference(sample, name, units, reason, candidate, champion, confidence) : undefined,
  }
}

function difference(
  sample: Sample,
  name: RowMetric,
  units: number,
  reason: string | undefined,
  candidate: Run,
  champion: Run,
  confidence: number,
): Paired {
  const method = sample.groups ? 'cluster-bootstrap' : 'paired-bootstrap'
  const rounded = subtract(candidate, champion)
  const still = isStill(rounded)
  // Models that say the same of every row differ by nothing, and resamples agree for a good reason.
  const same = still && saySame(sample, name)
  const found = same ? subtract(candidate, candidate) : rounded
  const untold = still && !same ? (noneChanges(sample, name) ?? UNTOLD) : undefined
  const { interval, scatter } = ends(found, units, confidence, reason ?? untold)
  const sign = metricFacts(name).better === 'higher' ? 1 : -1
  return {
    difference: { value: found.value, ...interval, method },
    // By the curve that BCa follows: a share of the replicates could not be smaller than one of them.
    worseBeyond:
      scatter &&
      ((margin) => abcTail(sign * found.value, { ...scatter, acceleration: sign * scatter.acceleration }, -margin)),
  }
}

type Found = Pick<Run, 'value' | 'values' | 'without' | 'rounding'>

function subtract(one: Found, other: Found): Found {
  const apart = (values: Float64Array, others: Float64Array) => values.map((value, index) => value - others[index]!)
  return {
    value: one.value - other.value,
    values: apart(one.values, other.values),
    without: apart(one.without, other.without),
    rounding: one.rounding + other.rounding,
  }
}

/** The ends of an interval, and the scatter behind it where there are ends. */
function ends(
  { value, values, without, rounding }: Found,
  units: number,
  confidence: number,
  reason: string | undefined,
): { interval: Omit<Estimate, 'value'>; scatter: Scatter | null } {
  const none = (why: string) => ({ interval: { low: null, high: null, reason: why }, scatter: null })
  if (reason) return none(reason)
  const undefinedIn = values.reduce((count, replicate) => count + +Number.isNaN(replicate), 0)
  if (undefinedIn > 0 || without.some(Number.isNaN)) {
    const found = undefinedIn > 0 ? `in ${undefinedIn} of ${values.length} resamples` : 'without some of the rows'
    return none(`It is not defined ${found}: there are too few rows of some kind for an interval.`)
  }
  const ofBlocks = scatterOf(influencesOf(without), units, rounding / without.length)
  const scatter = { ...ofBlocks, error: bootstrapError(values) }
  return { interval: bounded(bcaInterval(values, value, scatter, confidence)), scatter }
}

/** What each block adds to a metric, from what the metric is without it. */
function influencesOf(without: Float64Array): Float64Array {
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length
  return without.map((value) => ((mean - value) * (without.length - 1)) / without.length)
}

/** Whether all resamples agree, but for rounding. */
function isStill({ values, rounding }: Found): boolean {
  let [least, most] = [Infinity, -Infinity]
  for (const value of values) [least, most] = [Math.min(least, value), Math.max(most, value)]
  return most - least <= rounding
}
