import { isOwnMetric, isScore, metricFacts, type RowMetric } from '@modelyard/spec'
import { abcInterval, abcTail, aucInterval, type Interval, isPerfect, type Scatter, scatterOf } from '@modelyard/stats'
import type { Linear, Measure } from '../metrics/kinds.ts'
import type { Sample } from '../sample/sample.ts'
import { tango } from './analytic.ts'
import type { Estimate, Paired } from './comparison.ts'
import { bounded, saySame, tooFew, tooFewDiffer, UNTOLD } from './evidence.ts'

type LinearMeasure = Measure & Linear

/** The interval of one model's metric: of an AUC on the logit scale, of a mean ABC. */
export function estimateLinear(
  sample: Sample,
  name: RowMetric,
  { value, influences, rounding, pairs, grows }: LinearMeasure,
  confidence: number,
): Estimate {
  if (grows) {
    const { low, high, ...why } = estimateLinear(sample, name, grows.mean, confidence)
    return { ...why, value, low: low === null ? null : grows.as(low), high: high === null ? null : grows.as(high) }
  }
  const reason = tooFew(sample, name)
  if (reason) return { value, low: null, high: null, reason }
  const scatter = scatterOfRows(sample, influences, rounding)
  const inOrder = pairs && !sample.groups && isPerfect(value)
  if (scatter.error === 0 && !inOrder) return { value, low: null, high: null, reason: UNTOLD }
  if (pairs) {
    const degreesOfFreedom = sample.groups ? scatter.degreesOfFreedom : Infinity
    return { value, ...intervalOfAuc(pairs, value, scatter, confidence, degreesOfFreedom) }
  }
  const { low, high } = abcInterval(value, scatter, confidence)
  // The repository's own metrics know no bounds, and a skill none below.
  const own = isOwnMetric(name)
  const least = !own && (isScore(name) || metricFacts(name).better === 'lower') ? 0 : Number.NEGATIVE_INFINITY
  const most = !own && metricFacts(name).better === 'higher' ? 1 : Number.POSITIVE_INFINITY
  return { value, ...bounded({ low: Math.max(least, low), high: Math.min(most, high) }) }
}

/** The interval ABC of the difference of two models' metrics on the same rows. */
export function compareLinear(
  sample: Sample,
  name: RowMetric,
  candidate: LinearMeasure,
  champion: LinearMeasure,
  confidence: number,
): Paired {
  let value = candidate.value - champion.value
  const { pairs } = candidate
  const method = METHODS[pairs ? 'auc' : 'mean'][sample.groups ? 'groups' : 'rows']
  const unsure = (reason: string): Paired => ({
    difference: { value, low: null, high: null, reason, method },
    worseBeyond: null,
  })
  const few = tooFew(sample, name)
  if (few) return unsure(few)
  const perfect = pairs && isPerfect(candidate.value) && isPerfect(champion.value)
  if (perfect && !sample.groups && !saySame(sample, name)) {
    return perfectOrder(pairs, Math.round(value), confidence)
  }
  const alike = pairs ? tooFewDiffer(sample) : undefined
  if (alike) return unsure(alike)
  const scatter = scatterOfRows(
    sample,
    candidate.influences.map((influence, row) => influence - champion.influences[row]!),
    candidate.rounding + champion.rounding,
  )
  if (scatter.error === 0) {
    // Models that say the same of every row, or order all rows alike, differ by nothing: no row scatters for a good
    // reason. That all rows of an area are alike to one model is no order to compare.
    const ordered = pairs && !candidate.flat && !champion.flat
    if (!(ordered ? value === 0 : saySame(sample, name))) return unsure(UNTOLD)
    value = 0
  }
  const sign = metricFacts(name).better === 'higher' ? 1 : -1
  const turned = { ...scatter, acceleration: sign * scatter.acceleration }
  return {
    difference: { value, ...bounded(abcInterval(value, scatter, confidence)), method },
    worseBeyond: (margin) => abcTail(sign * value, turned, -margin),
  }
}

const METHODS = {
  auc: { rows: 'delong', groups: 'cluster-delong' },
  mean: { rows: 'abc', groups: 'cluster-abc' },
}

/** Rows that belong together move an estimate together. */
function scatterOfRows({ groups }: Sample, influences: Float64Array, rounding: number): Scatter {
  const { length } = influences
  if (!groups) return scatterOf(influences, length, rounding / length)
  const sums = new Float64Array(groups.count)
  for (let row = 0; row < influences.length; row++) sums[groups.of[row]!]! += influences[row]!
  return scatterOf(sums, groups.count, rounding / groups.count)
}

function intervalOfAuc(
  pairs: number,
  auc: number,
  { error }: Scatter,
  confidence: number,
  degreesOfFreedom: number,
): Interval {
  const sample = { auc, variance: error ** 2, positives: pairs, negatives: pairs }
  return aucInterval(sample, confidence, degreesOfFreedom)
}

/** Perfect order has no variance to go by; as many pairs of different rows as the smallest class has are independent. */
function perfectOrder(pairs: number, value: number, confidence: number): Paired {
  return tango({ first: Math.max(0, value) * pairs, second: Math.max(0, -value) * pairs, rows: pairs }, confidence)
}
