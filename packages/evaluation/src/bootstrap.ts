import { METRICS } from '@modelyard/spec'
import { bootstrapError, percentileInterval, randomSource, resample } from '@modelyard/stats'
import type { Comparison, Estimate, Pair } from './compare.ts'
import { oneSided, tooFew } from './evidence.ts'
import type { PredictionMetric } from './metrics/measure.ts'
import type { Statistic } from './metrics/statistics.ts'
import type { Sample } from './sample.ts'

/** A metric of both models and of their difference, with intervals from the same resamples. */
export interface Replicated {
  candidate: Estimate | undefined
  champion: Estimate | undefined
  paired: Pick<Comparison, 'difference' | 'worseBeyond'> | undefined
}

interface Options {
  confidence: number
  seed: number
  replicates: number
}

/**
 * Paired bootstrap of metrics: of rows, or of whole groups where there are groups. All metrics and both models see the
 * same resamples, drawn once; a metric walks over the counts of a resample and copies nothing.
 */
export function bootstrap(sample: Sample, pairs: readonly Pair[], options: Options): Map<PredictionMetric, Replicated> {
  const rows = sample.labels.length
  const runs = pairs.map((pair) => ({
    pair,
    reason: tooFew(sample, pair.name),
    arms: [pair.candidate, pair.champion].map((measured) => run(measured, rows, options.replicates)),
  }))
  const walks = runs.flatMap(({ reason, arms }) => (reason ? [] : arms.filter((arm) => arm !== undefined)))
  if (walks.length > 0) {
    const random = randomSource(options.seed)
    const clusters = sample.groups ?? undefined
    resample({ rows, replicates: options.replicates, random, clusters }, (counts, replicate) => {
      for (const { statistic, values } of walks) values[replicate] = statistic(counts)
    })
  }
  return new Map(runs.map(({ pair, reason, arms }) => [pair.name, conclude(sample, pair.name, reason, arms, options)]))
}

interface Run {
  statistic: Statistic
  /** Of the rows themselves. */
  value: number
  /** Of each resample; NaN where it is not defined there. */
  values: Float64Array
}

function run(measured: Pair['candidate'] | null, rows: number, replicates: number): Run | undefined {
  if (!measured || 'reason' in measured) return undefined
  const { statistic } = measured
  return { statistic, value: statistic(new Int32Array(rows).fill(1)), values: new Float64Array(replicates) }
}

function conclude(
  sample: Sample,
  name: PredictionMetric,
  reason: string | undefined,
  [candidate, champion]: Array<Run | undefined>,
  { confidence }: Options,
): Replicated {
  const single = (arm: Run | undefined) =>
    arm && { value: arm.value, ...ends(arm.values, confidence, reason ?? oneValue(arm.values)) }
  return {
    candidate: single(candidate),
    champion: single(champion),
    paired: candidate && champion && difference(sample, name, reason, candidate, champion, confidence),
  }
}

function difference(
  sample: Sample,
  name: PredictionMetric,
  reason: string | undefined,
  candidate: Run,
  champion: Run,
  confidence: number,
): Replicated['paired'] {
  const method = sample.groups ? 'cluster-bootstrap' : 'paired-bootstrap'
  const value = candidate.value - champion.value
  const values = candidate.values.map((one, replicate) => one - champion.values[replicate]!)
  // Models that say the same of every row differ by nothing, and resamples agree for a good reason.
  const same = sample.candidate.every((one, index) => one === sample.champion![index])
  const interval = ends(values, confidence, reason ?? (same ? undefined : oneValue(values)))
  if (interval.low === null) return { difference: { value, ...interval, method }, worseBeyond: null }
  const sign = METRICS[name].better === 'higher' ? 1 : -1
  const error = bootstrapError(values)
  return {
    difference: { value, ...interval, method },
    // By the normal curve: a share of the replicates could not be smaller than one of them.
    worseBeyond: (margin) => oneSided(sign * value + margin, error),
  }
}

type Ends = Omit<Estimate, 'value'>

function ends(values: Float64Array, confidence: number, reason: string | undefined): Ends {
  if (reason) return { low: null, high: null, reason }
  const undefinedIn = values.reduce((count, value) => count + +Number.isNaN(value), 0)
  if (undefinedIn > 0) {
    const found = `It is not defined in ${undefinedIn} of ${values.length} resamples`
    return { low: null, high: null, reason: `${found}: there are too few rows of some kind for an interval.` }
  }
  return percentileInterval(values, confidence)
}

function oneValue(values: Float64Array): string | undefined {
  if (values.some((value) => value !== values[0])) return undefined
  return 'It is the same in every resample, so the hold-out cannot tell how sure it is.'
}
