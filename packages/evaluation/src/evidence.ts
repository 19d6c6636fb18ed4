import type { RowMetric } from '@modelyard/spec'
import type { Interval } from '@modelyard/stats'
import type { Estimate } from './comparison.ts'
import type { Sample } from './sample.ts'

/** With fewer, the spread of what was seen says nothing about what was not. */
export const FEWEST_ROWS = 30
export const FEWEST_GROUPS = 10
const FEWEST_OF_A_CLASS = 10
/** Of each class. With fewer, the simulation passes candidates that are worse by the margin too often. */
const FEWEST_THAT_DIFFER = 20

/** Why there are too few rows for an interval from their own spread, as a sentence; undefined where there are enough. */
export function tooFew({ labels, groups }: Sample, name: RowMetric): string | undefined {
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

/**
 * Why two models' scores differ on too few rows of a class to compare their AUCs: the rows that were seen say little of
 * those that were not. Undefined where enough differ, or none.
 */
export function tooFewDiffer({ labels, candidate, champion }: Sample): string | undefined {
  let [ofNegatives, ofPositives] = [0, 0]
  for (const [row, label] of labels.entries()) {
    if (candidate[row] === champion![row]) continue
    if (label === 1) ofPositives++
    else ofNegatives++
  }
  const fewer = Math.min(ofPositives, ofNegatives)
  if (fewer >= FEWEST_THAT_DIFFER || ofPositives + ofNegatives === 0) return undefined
  const class_ = fewer === ofPositives ? 'positive' : 'negative'
  return `The models differ on only ${fewer} ${class_} rows; an interval needs ${FEWEST_THAT_DIFFER} of each class.`
}

/** Where every row, or every resample, says the same. */
export const UNTOLD = 'It is the same in every resample, so the hold-out cannot tell how sure it is.'

/** Ends that are numbers, or why there are none. */
export function bounded({ low, high }: Interval): Omit<Estimate, 'value'> {
  if (Number.isFinite(low) && Number.isFinite(high)) return { low, high }
  return { low: null, high: null, reason: 'Too few rows make the difference for an interval.' }
}
