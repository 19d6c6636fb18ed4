import { normalCdf } from '@modelyard/stats'
import type { PredictionMetric } from './metrics/measure.ts'
import type { Sample } from './sample.ts'

/** With fewer, the spread of what was seen says nothing about what was not. */
const FEWEST_ROWS = 30
const FEWEST_GROUPS = 10
const FEWEST_OF_A_CLASS = 10

/** Why there are too few rows for an interval from their own spread, as a sentence; undefined where there are enough. */
export function tooFew({ labels, groups }: Sample, name: PredictionMetric): string | undefined {
  if (groups && groups.count < FEWEST_GROUPS) {
    return `There are only ${groups.count} groups of rows; an interval needs ${FEWEST_GROUPS}.`
  }
  if (labels.length < FEWEST_ROWS) return `There are only ${labels.length} rows; an interval needs ${FEWEST_ROWS}.`
  if (name === 'roc_auc' || name === 'average_precision') {
    const positives = labels.reduce((sum, label) => sum + label, 0)
    const fewer = Math.min(positives, labels.length - positives)
    if (fewer < FEWEST_OF_A_CLASS) {
      const class_ = fewer === positives ? 'positive' : 'negative'
      return `Only ${fewer} rows are ${class_}; an interval needs ${FEWEST_OF_A_CLASS} of each class.`
    }
  }
  return undefined
}

/** The chance of an excess this low or lower, if there is none in truth, by the normal curve. */
export function oneSided(excess: number, error: number): number {
  if (error === 0) return excess < 0 ? 0 : 1
  return normalCdf(excess / error)
}
