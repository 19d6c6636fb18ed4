import { metricFacts, type PredictionMetric, type RowMetric, type Task } from '@modelyard/spec'
import type { Truth } from '../sample/sample.ts'
import { BINARY } from './binary.ts'
import { defect } from './defects.ts'
import { FORECASTING } from './forecasting.ts'
import type { Builders, Measure, Measured } from './kinds.ts'
import { MULTICLASS } from './multiclass.ts'
import { MULTILABEL } from './multilabel.ts'
import { RANKING } from './queries.ts'
import { REGRESSION } from './regression.ts'

const BUILDERS: Record<Task, Builders> = {
  'binary-classification': BINARY,
  'multiclass-classification': MULTICLASS,
  'multilabel-classification': MULTILABEL,
  regression: REGRESSION,
  ranking: RANKING,
  forecasting: { ...REGRESSION, ...FORECASTING },
}

/**
 * A metric of predictions, with the values of scikit-learn's function of that name. Where that one makes a number up
 * (the precision without a predicted positive is 0 there, R² of constant labels 0 or 1) there is a reason instead.
 */
export function measure(name: PredictionMetric, truth: Truth, predictions: Float64Array, whose: string): Measured {
  const wrong = defect(name, truth, predictions, whose)
  if (wrong) return { reason: wrong }
  const build = BUILDERS[truth.task][name]
  if (!build) throw new RangeError(`${name} says nothing about ${truth.task}`)
  return finite(build(truth, predictions, whose), name, truth.labels, predictions)
}

/**
 * What was measured, if a record can hold it: the value must be a number, and so must the fourth powers of what the rows
 * add to it, of which intervals are made. `from` are the numbers that it was measured from.
 */
export function finite(measured: Measured, name: RowMetric, ...from: Float64Array[]): Measured {
  if ('reason' in measured || isFiniteMeasure(measured)) return measured
  const greatest = from.reduce((most, values) => values.reduce((of, value) => Math.max(of, Math.abs(value)), most), 0)
  return {
    reason: `The ${metricFacts(name).label} of values as great as ${greatest} is beyond the numbers that can be computed with.`,
  }
}

function isFiniteMeasure(measured: Measure): boolean {
  if (!Number.isFinite(measured.value)) return false
  if (!('influences' in measured)) return true
  const fourths = measured.influences.reduce((sum, influence) => sum + (influence ** 2) ** 2, 0)
  return Number.isFinite(fourths) && (measured.grows === undefined || isFiniteMeasure(measured.grows.mean))
}
