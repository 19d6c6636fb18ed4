import { isOwnMetric, isScore, metricFacts, type RowMetric } from '@modelyard/spec'
import { abcInterval, abcTail, aucInterval, type Interval, type Scatter, scatterOf } from '@modelyard/stats'
import type { Linear, Measure } from '../metrics/kinds.ts'
import type { Sample } from '../sample/sample.ts'
import { tango } from './analytic.ts'
import type { Estimate, Paired } from './comparison.ts'
import { bounded, tooFew, tooFewDiffer, UNTOLD } from './evidence.ts'

type LinearMeasure = Measure & Linear

/** The interval of one model's metric: of an AUC on the logit scale, of a mean ABC. */
export function estimateLinear(
  sample: Sample,
  name: RowMetric,
  { value, influences, pairs, grows }: LinearMeasure,
  confidence: number,
): Estimate {
  if (grows) {
    const { low, high, ...why } = estimateLinear(sample, name, grows.mean, confidence)
    return { ...why, value, low: low === null ? null : grows.as(low), high: high === null ? null : grows.as(high) }
  }
  const reason = tooFew(sample, name)
  if (reason) return { value, low: null, high: null, reason }
  const scatter = scatterOfRows(sample, influences)
  if (pairs && !sample.groups) return { value, ...intervalOfAuc(pairs, value, scatter, confidence) }
  if (scatter.error === 0) return { value, low: null, high: null, reason: UNTOLD }
  if (pairs) return { value, ...intervalOfAuc(pairs, value, scatter, confidence, scatter.degreesOfFreedom) }
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
  const value = candidate.value - champion.value
  const { pairs } = candidate
  const method = METHODS[pairs ? 'auc' : 'mean'][sample.groups ? 'groups' : 'rows']
  const unsure = (reason: string): Paired => ({
    difference: { value, low: null, high: null, reason, method },
    worseBeyond: null,
  })
  const few = tooFew(sample, name)
  if (few) return unsure(few)
  if (pairs && !sample.groups && candidate.value % 1 === 0 && champion.value % 1 === 0) {
    return perfectOrder(pairs, value, confidence)
  }
  const alike = pairs ? tooFewDiffer(sample) : undefined
  if (alike) return unsure(alike)
  const scatter = scatterOfRows(
    sample,
    candidate.influences.map((influence, row) => influence - champion.influences[row]!),
  )
  // Models that say the same of every row, or order all rows alike, differ by nothing: no row scatters for a good reason.
  const said = isOwnMetric(name) ? sample.scores!.get(name)! : sample
  const same = pairs ? value === 0 : said.candidate.every((one, row) => one === said.champion![row])
  if (scatter.error === 0 && !same) return unsure(UNTOLD)
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
function scatterOfRows({ groups }: Sample, influences: Float64Array): Scatter {
  if (!groups) return scatterOf(influences)
  const sums = new Float64Array(groups.count)
  for (let row = 0; row < influences.length; row++) sums[groups.of[row]!]! += influences[row]!
  return scatterOf(sums)
}

function intervalOfAuc(
  pairs: number,
  auc: number,
  { error }: Scatter,
  confidence: number,
  degreesOfFreedom?: number,
): Interval {
  const sample = { auc, variance: error ** 2, positives: pairs, negatives: pairs }
  return aucInterval(sample, confidence, degreesOfFreedom)
}

/** Perfect order has no variance to go by; as many pairs of different rows as the smallest class has are independent. */
function perfectOrder(pairs: number, value: number, confidence: number): Paired {
  return tango({ first: Math.max(0, value) * pairs, second: Math.max(0, -value) * pairs, rows: pairs }, confidence)
}
