import { isClassification, isOwnMetric, metricFacts, type RowMetric } from '@modelyard/spec'
import { type Interval, ROUNDING } from '@modelyard/stats'
import { needsOrderOnly } from '../metrics/defects.ts'
import { telling } from '../metrics/queries.ts'
import { rarestClass } from '../sample/rarest-class.ts'
import { choose, rowsOf, type Sample } from '../sample/sample.ts'
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

/**
 * Whether two models say the same of every row, but for rounding. That makes them equal only where nothing scatters: near
 * certainty the smallest step is worth much to a log loss.
 */
export function saySame(sample: Sample, name: RowMetric): boolean {
  const { candidate, champion } = isOwnMetric(name) ? sample.scores!.get(name)! : sample
  return candidate.every((one, at) => {
    const other = champion![at]!
    return Math.abs(one - other) <= ROUNDING * Math.max(Math.abs(one), Math.abs(other))
  })
}

/** Where every row, or every resample, says the same. */
export const UNTOLD = 'It is the same in every resample, so the hold-out cannot tell how sure it is.'

/**
 * Why nothing can be told of a metric of chosen classes although the models' probabilities differ: no row is given
 * another class. Undefined where that is not so.
 */
export function noneChanges(sample: Sample, name: RowMetric): string | undefined {
  if (!isClassification(sample.task) || isOwnMetric(name) || needsOrderOnly(name)) return undefined
  const [now, before] = [choose(sample, sample.candidate), choose(sample, sample.champion!)]
  if (now.some((chosen, at) => chosen !== before[at])) return undefined
  const rows = rowsOf(sample).toLocaleString('en-US')
  const what = sample.task === 'multilabel-classification' ? 'labels' : 'class'
  return `Not one of ${rows} rows changes its ${what}, so none shows how ${metricFacts(name).label} would vary if one did. Ask max_regression of accuracy, which such rows decide, or let this warn with on_inconclusive: warn.`
}

/** Ends that are numbers, or why there are none. */
export function bounded({ low, high }: Interval): Omit<Estimate, 'value'> {
  if (Number.isFinite(low) && Number.isFinite(high)) return { low, high }
  return { low: null, high: null, reason: 'Too few rows make the difference for an interval.' }
}
