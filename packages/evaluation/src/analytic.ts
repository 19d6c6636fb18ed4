import {
  aucInterval,
  delong,
  normalCdf,
  normalQuantile,
  tangoInterval,
  tangoTest,
  wilsonInterval,
} from '@modelyard/stats'
import type { Comparison, Estimate, Pair } from './compare.ts'
import { oneSided, tooFew } from './evidence.ts'
import type { Measure, PredictionMetric } from './metrics/measure.ts'
import type { Sample } from './sample.ts'

export type Arm = 'candidate' | 'champion'
type Paired = Pick<Comparison, 'difference' | 'worseBeyond'>

/** The interval of one model's metric where there is a formula; undefined where the bootstrap is asked. */
export function analyticArm(
  sample: Sample,
  name: PredictionMetric,
  { statistic, share }: Measure,
  which: Arm,
  confidence: number,
): Estimate | undefined {
  if (share) {
    const [successes, trials] = [total(share.hits), total(share.trials)]
    return { value: successes / trials, ...wilsonInterval(successes, trials, confidence) }
  }
  if (name !== 'roc_auc') return undefined
  const reason = tooFew(sample, name)
  if (reason) return { value: statistic(new Int32Array(sample.labels.length).fill(1)), low: null, high: null, reason }
  const { auc, covariance, positives, negatives } = delong(sample.labels, [sample[which]!])
  const estimate = { auc: auc[0]!, variance: covariance[0]![0]!, positives, negatives }
  return { value: estimate.auc, ...aucInterval(estimate, confidence) }
}

/** The interval of a difference where there is a formula. */
export function analyticDifference(sample: Sample, pair: Pair, confidence: number): Paired | undefined {
  if (pair.name === 'roc_auc') return aucDifference(sample, confidence)
  if (pair.name === 'accuracy' || pair.name === 'recall') {
    return tango(pair.candidate as Measure, pair.champion as Measure, confidence)
  }
  return undefined
}

function tango({ share: candidate }: Measure, { share: champion }: Measure, confidence: number): Paired {
  const { hits: first, trials } = candidate!
  const { hits: second } = champion!
  return tangoOf(
    { first: countAbove(first, second), second: countAbove(second, first), rows: total(trials) },
    confidence,
  )
}

function tangoOf(counts: { first: number; second: number; rows: number }, confidence: number): Paired {
  const value = (counts.first - counts.second) / counts.rows
  return {
    difference: { value, ...tangoInterval(counts, confidence), method: 'tango' },
    worseBeyond: (margin) => normalCdf(tangoTest(counts, Math.max(-1, Math.min(1, -margin))).z),
  }
}

function aucDifference(sample: Sample, confidence: number): Paired {
  const { auc, covariance, positives, negatives } = delong(sample.labels, [sample.candidate, sample.champion!])
  const [candidate, champion] = auc as [number, number]
  const value = candidate - champion
  const reason = tooFew(sample, 'roc_auc')
  if (reason) return { difference: { value, low: null, high: null, reason, method: 'delong' }, worseBeyond: null }
  if (candidate % 1 === 0 && champion % 1 === 0) {
    // Perfect order has no variance to go by; as many pairs of different rows as the smaller class has are independent.
    const pairs = Math.min(positives, negatives)
    return tangoOf({ first: Math.max(0, value) * pairs, second: Math.max(0, -value) * pairs, rows: pairs }, confidence)
  }
  const variance = covariance[0]![0]! + covariance[1]![1]! - 2 * covariance[0]![1]!
  const error = Math.sqrt(Math.max(0, variance))
  const half = normalQuantile((1 + confidence) / 2) * error
  return {
    difference: { value, low: value - half, high: value + half, method: 'delong' },
    worseBeyond: (margin) => oneSided(value + margin, error),
  }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function countAbove(one: Float64Array, other: Float64Array): number {
  return one.reduce((count, value, row) => count + +(value > other[row]!), 0)
}
