import { isOwnMetric, type RowMetric } from '@modelyard/spec'
import type { Interval } from '@modelyard/stats'
import { needsOrderOnly } from '../metrics/defects.ts'
import { telling } from '../metrics/queries.ts'
import { rarestClass } from '../sample/rarest-class.ts'
import { rowsOf, type Sample } from '../sample/sample.ts'
import type { Estimate } from './comparison.ts'

/** With fewer, the spread of what was seen says nothing about what was not. */
export const FEWEST_ROWS = 30
export const FEWEST_GROUPS = 10
const FEWEST_OF_A_CLASS = 10
/** Of each class. With fewer, the simulation passes candidates that are worse by the margin too often. */
const FEWEST_THAT_DIFFER = 20

/** Why there are too few rows for an interval from their own spread, as a sentence; undefined where there are enough. */
export function tooFew(sample: Sample, name: RowMetric): string | undefined {
  const { groups, queries } = sample
  if (groups && groups.count < FEWEST_GROUPS) {
    return `There are only ${groups.count} groups of rows; an interval needs ${FEWEST_GROUPS}.`
  }
  const rows = rowsOf(sample)
  if (rows < FEWEST_ROWS) return `There are only ${rows} rows; an interval needs ${FEWEST_ROWS}.`
  if (queries && !isOwnMetric(name)) {
    const asked = telling({ ...sample, queries }).length
    return asked < FEWEST_GROUPS
      ? `Only ${asked} queries have several rows of which one is relevant; an interval needs ${FEWEST_GROUPS}.`
      : undefined
  }
  if (!needsOrderOnly(name)) return undefined
  const rarest = rarestClass(sample, () => true)
  return rarest.rows < FEWEST_OF_A_CLASS
    ? `Only ${rarest.rows} rows are ${rarest.name}; an interval needs ${FEWEST_OF_A_CLASS} of each class.`
    : undefined
}

/**
 * Why two models' scores differ on too few rows of a class to compare their AUCs: the rows that were seen say little of
 * those that were not. Undefined where enough differ, or none.
 */
export function tooFewDiffer(sample: Sample): string | undefined {
  const { candidate, champion } = sample
  const differs = (at: number) => candidate[at] !== champion![at]
  const rarest = rarestClass(sample, differs)
  if (rarest.rows >= FEWEST_THAT_DIFFER || !candidate.some((_, at) => differs(at))) return undefined
  return `The models differ on only ${rarest.rows} ${rarest.name} rows; an interval needs ${FEWEST_THAT_DIFFER} of each class.`
}

/** Where every row, or every resample, says the same. */
export const UNTOLD = 'It is the same in every resample, so the hold-out cannot tell how sure it is.'

/** Ends that are numbers, or why there are none. */
export function bounded({ low, high }: Interval): Omit<Estimate, 'value'> {
  if (Number.isFinite(low) && Number.isFinite(high)) return { low, high }
  return { low: null, high: null, reason: 'Too few rows make the difference for an interval.' }
}
