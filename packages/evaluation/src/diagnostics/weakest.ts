import { isOwnMetric, isRowMetric, type MetricName, metricFacts, type Predicate, type RowMetric } from '@modelyard/spec'
import { compareMetrics, measureArm } from '../comparison/compare.ts'
import type { Estimate } from '../comparison/comparison.ts'
import { rowsOf, type Sample, subset } from '../sample/sample.ts'
import type { Feature } from './search/features.ts'
import { findParts } from './search/find.ts'
import { isIn, type Part, type Rate, whereOf } from './search/parts.ts'

type WeakSlice = NonNullable<Predicate<'gate'>['weakest']>[number]

export interface WeakestOptions {
  /** The metrics of the gates, then the others; the first that is a mean over rows is searched by. */
  metrics: readonly MetricName[]
  confidence: number
  seed: number
}

/**
 * Means of a loss over the rows, of which a part has its own. An AUC is none: within a part whose rows are alike it is
 * low, whatever the model.
 */
const MEANS: ReadonlySet<MetricName> = new Set([
  'brier_score',
  'log_loss',
  'hamming_loss',
  'mae',
  'mse',
  'mape',
  'msle',
  'mean_poisson_deviance',
  'mean_gamma_deviance',
  'pinball_0.05',
  'pinball_0.1',
  'pinball_0.25',
  'pinball_0.5',
  'pinball_0.75',
  'pinball_0.9',
  'pinball_0.95',
])

/** What is searched by where no metric that was asked for is a mean over rows. */
const INSTEAD: Partial<Record<Sample['task'], RowMetric>> = {
  'binary-classification': 'brier_score',
  'multiclass-classification': 'log_loss',
  'multilabel-classification': 'hamming_loss',
  regression: 'mae',
  forecasting: 'mae',
}

/**
 * The parts of the hold-out on which the candidate does worst, the worst first: those that are worse than the rest beyond
 * chance, however many were looked at. The estimates are of rows that had no say in the choice.
 */
export function findWeakest(sample: Sample, features: readonly Feature[], options: WeakestOptions): WeakSlice[] {
  const metric = [...options.metrics, INSTEAD[sample.task]].find((name) => name && rateOf(sample, name))
  if (metric === undefined || !isRowMetric(metric)) return []
  const { confidence, seed } = options
  const found = findParts(features, rateOf(sample, metric)!, { groups: sample.groups, confidence, seed })
  const estimate = (rows: Uint32Array): Estimate => {
    const [found] = compareMetrics({ ...subset(sample, rows), champion: null }, [metric], { confidence, seed })
    return found!.candidate
  }
  const sign = metricFacts(metric).better === 'higher' ? 1 : -1
  return found
    .map(({ part, others }) => ({
      where: whereOf(part),
      rows: rowsIn(sample, part),
      metric,
      candidate: estimate(others.filter((row) => isIn(part, row))),
      rest: estimate(others.filter((row) => !isIn(part, row))),
    }))
    .filter(({ candidate }) => candidate.low !== null)
    .sort((one, other) => sign * (one.candidate.value! - other.candidate.value!))
}

/** What each row adds to a metric, turned so that more is worse; undefined for a metric that is no mean over rows. */
function rateOf(sample: Sample, metric: MetricName): Rate | undefined {
  if (!isRowMetric(metric)) return undefined
  const measured = measureArm(sample, metric, 'candidate')
  if ('reason' in measured) return undefined
  const turned = metricFacts(metric).better === 'higher'
  if (measured.share?.trials.length === rowsOf(sample)) {
    const { hits, trials } = measured.share
    return { hits: turned ? trials.map((trial, row) => trial - hits[row]!) : hits, trials }
  }
  const isMean = isOwnMetric(metric) || MEANS.has(metric)
  if (!isMean || !('influences' in measured) || measured.influences.length !== rowsOf(sample)) return undefined
  const { value, influences } = measured
  const losses = influences.map((influence) => (turned ? -1 : 1) * (value + influence * influences.length))
  return { hits: losses, trials: new Float64Array(losses.length).fill(1) }
}

function rowsIn(sample: Sample, part: Part): number {
  let rows = 0
  for (let row = 0; row < rowsOf(sample); row++) rows += +isIn(part, row)
  return rows
}
