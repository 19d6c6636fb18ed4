import { isOwnMetric, type RowMetric } from '@modelyard/spec'
import { type Measure, type Measured, meanOf } from '../metrics/kinds.ts'
import { finite, measure } from '../metrics/measure.ts'
import type { Sample } from '../sample/sample.ts'
import { compareShares, estimateMeanOfShares, estimateShare } from './analytic.ts'
import { bootstrap, type Replicated } from './bootstrap.ts'
import { compareClusteredShares } from './clustered-shares.ts'
import type { Comparison, Estimate } from './comparison.ts'
import { tooFew } from './evidence.ts'
import { compareLinear, estimateLinear } from './linear.ts'

export interface CompareOptions {
  /** Two-sided confidence of every interval, 0 to 1. */
  confidence: number
  seed: number
  /** Of the bootstrap. */
  replicates?: number
}

/**
 * Measures candidate and champion on the same rows. Accuracy and recall are compared by Tango's score interval; AUCs by
 * DeLong's variance, means over rows and what is nearly one by that of their differences, all with the interval ABC;
 * everything else by a paired bootstrap (BCa). Where rows come in groups, whole groups are what varies; a share of rows of
 * which too few change for that has Tango's interval at the effective number of rows. The interval of one model's share
 * of rows is Wilson's, of one AUC DeLong's on the logit scale; that of one balanced accuracy, where too few rows are wrong
 * for their spread to tell, Clopper and Pearson's of its classes. A value that is not defined is null with a reason, and
 * so are the ends of an interval for which there is too little data.
 */
export function compareMetrics(
  sample: Sample,
  metrics: readonly RowMetric[],
  { confidence, seed, replicates = 2000 }: CompareOptions,
): Comparison[] {
  const pairs = metrics.map((name) => ({
    name,
    candidate: measureArm(sample, name, 'candidate'),
    champion: sample.champion && measureArm(sample, name, 'champion'),
  }))
  const needed = pairs.flatMap(({ name, candidate, champion }) => {
    const arms = { candidate: resampledOf(candidate), champion: champion && resampledOf(champion) }
    const formula = !sample.groups && 'share' in candidate && (champion === null || candidate.share?.byLabel)
    return formula || !(arms.candidate || arms.champion) ? [] : [{ name, ...arms }]
  })
  const replicated = bootstrap(sample, needed, { confidence, seed, replicates })
  return pairs.map((pair) => compare(sample, pair, replicated.get(pair.name), confidence))
}

/** A metric of one model, that of the repository's own from its scores. */
export function measureArm(sample: Sample, name: RowMetric, arm: 'candidate' | 'champion'): Measured {
  if (!isOwnMetric(name)) {
    return measure(name, sample, sample[arm]!, arm === 'candidate' ? 'The candidate' : 'The champion')
  }
  const scores = sample.scores?.get(name)?.[arm]
  if (!scores) return { reason: `There are no scores of the ${arm}: evaluate.scores did not give them.` }
  return scores.length === 0 ? { reason: 'There are no rows to measure on.' } : finite(meanOf(scores), name, scores)
}

function resampledOf(measured: Measured) {
  return 'statistic' in measured ? measured : null
}

interface Pair {
  name: RowMetric
  candidate: Measured
  champion: Measured | null
}

function compare(sample: Sample, pair: Pair, replicated: Replicated | undefined, confidence: number): Comparison {
  const { name } = pair
  const arm = (measured: Measured, which: 'candidate' | 'champion'): Estimate => {
    if ('reason' in measured) return { value: null, low: null, high: null, reason: measured.reason }
    if (measured.share && !sample.groups) return estimateShare(measured.share, confidence)
    if ('influences' in measured) return estimateLinear(sample, name, measured, confidence)
    if ('unbounded' in measured) return { value: measured.value, low: null, high: null, reason: measured.unbounded }
    const { value, ...interval } = replicated![which]!
    const spreadless = interval.low === null && measured.shares && !sample.groups
    return { value, ...(spreadless ? estimateMeanOfShares(measured.shares!, confidence) : interval) }
  }
  const candidate = arm(pair.candidate, 'candidate')
  const champion = pair.champion && arm(pair.champion, 'champion')
  const found = { name, candidate, champion }
  if (!champion || !pair.champion) return { ...found, difference: null, worseBeyond: null }
  for (const measured of [pair.candidate, pair.champion]) {
    if (!('reason' in measured)) continue
    const { reason } = measured
    return { ...found, difference: { value: null, low: null, high: null, reason, method: 'none' }, worseBeyond: null }
  }
  const [first, second] = [pair.candidate as Measure, pair.champion as Measure]
  if (first.share?.byLabel && second.share && !sample.groups) {
    return { ...found, ...compareShares(first.share, second.share, confidence) }
  }
  if ('unbounded' in first) {
    const value = first.value - second.value
    return {
      ...found,
      difference: { value, low: null, high: null, reason: first.unbounded, method: 'none' },
      worseBeyond: null,
    }
  }
  const linear = 'influences' in first && 'influences' in second
  const paired = linear ? compareLinear(sample, name, first, second, confidence) : replicated!.paired!
  const shares = paired.difference!.low === null && first.share?.byLabel && second.share && !tooFew(sample, name)
  const counted = shares ? compareClusteredShares(sample, first.share!, second.share!, confidence) : undefined
  return { ...found, ...(counted ?? paired) }
}
