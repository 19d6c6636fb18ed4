import type { Predicate } from '@modelyard/spec'
import { type Arm, analyticArm, analyticDifference } from './analytic.ts'
import { bootstrap, type Replicated } from './bootstrap.ts'
import { type Measured, measure, type PredictionMetric } from './metrics/measure.ts'
import type { Sample } from './sample.ts'

/** A metric as the gate record holds it. */
export type MetricRecord = Predicate<'gate'>['metrics'][number]
export type Estimate = MetricRecord['candidate']
export type Difference = NonNullable<MetricRecord['difference']>

/** A metric of candidate and champion, and how surely the one is worse. */
export interface Comparison extends MetricRecord {
  /**
   * One-sided p-value against "the candidate is worse by at most `margin`" (in the metric's unit): small where it is
   * worse by more. Null where there is no interval of the difference.
   */
  worseBeyond: ((margin: number) => number) | null
}

export interface CompareOptions {
  /** Two-sided confidence of every interval, 0 to 1. */
  confidence: number
  seed: number
  /** Of the bootstrap. */
  replicates?: number
}

/**
 * Measures candidate and champion on the same rows. Accuracy and recall are compared by Tango's score interval, AUCs by
 * DeLong, everything else by a paired bootstrap (percentiles); where rows come in groups, all of them by a bootstrap of
 * whole groups. The interval of one model's share of rows is Wilson's, of one AUC DeLong's on the logit scale. A value
 * that is not defined is null with a reason, and so are the ends of an interval for which there is too little data.
 */
export function compareMetrics(
  sample: Sample,
  metrics: readonly PredictionMetric[],
  { confidence, seed, replicates = 2000 }: CompareOptions,
): Comparison[] {
  const pairs = metrics.map((name) => ({
    name,
    candidate: measure(name, sample, sample.candidate, 'The candidate'),
    champion: sample.champion && measure(name, sample, sample.champion, 'The champion'),
  }))
  const needed = pairs.filter(({ name, champion }) => sample.groups || !isAnalytic(name, champion !== null))
  const replicated = bootstrap(sample, needed, { confidence, seed, replicates })
  return pairs.map((pair) => compare(sample, pair, replicated.get(pair.name), confidence))
}

export interface Pair {
  name: PredictionMetric
  candidate: Measured
  champion: Measured | null
}

/** Whether all intervals of a metric come from a formula: those of precision do, save that of a difference. */
function isAnalytic(name: PredictionMetric, paired: boolean): boolean {
  return ['accuracy', 'recall', 'roc_auc'].includes(name) || (name === 'precision' && !paired)
}

function compare(sample: Sample, pair: Pair, replicated: Replicated | undefined, confidence: number): Comparison {
  const arm = (measured: Measured, which: Arm): Estimate => {
    if ('reason' in measured) return { value: null, low: null, high: null, reason: measured.reason }
    const formula = sample.groups ? undefined : analyticArm(sample, pair.name, measured, which, confidence)
    return formula ?? replicated![which]!
  }
  const candidate = arm(pair.candidate, 'candidate')
  const champion = pair.champion && arm(pair.champion, 'champion')
  const found = { name: pair.name, candidate, champion }
  if (!champion || !pair.champion) return { ...found, difference: null, worseBeyond: null }
  if (candidate.value === null || champion.value === null) {
    const reason = (candidate.value === null ? candidate.reason : champion.reason)!
    return { ...found, difference: { value: null, low: null, high: null, reason, method: 'none' }, worseBeyond: null }
  }
  const formula = sample.groups ? undefined : analyticDifference(sample, pair, confidence)
  return { ...found, ...(formula ?? replicated!.paired!) }
}
