import type { PredictionMetric, Task } from '@modelyard/spec'
import type { Truth } from '../sample/sample.ts'
import { BINARY } from './binary.ts'
import { defect } from './defects.ts'
import { FORECASTING } from './forecasting.ts'
import type { Builders, Measured } from './kinds.ts'
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
  return build(truth, predictions, whose)
}
