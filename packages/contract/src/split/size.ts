import type { Dataset } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted } from '../checks/plan.ts'
import { check } from './finding.ts'

/** With fewer rows chance explains too much: of equal columns, of columns that tell the label, of labels that moved. */
export const ENOUGH = 100

/** A hold-out of more rows, for each row to learn from, may be the training data. */
const SWAPPED = 2

/** Whether both have rows enough to say more of than what must be so. */
export function areEnough(train: Dataset, holdout: Dataset): boolean {
  return train.rows >= ENOUGH && holdout.rows >= ENOUGH
}

/** What a hold-out is worth is said by what it can tell; this is about sizes that are a mistake. */
export function checkSize(train: Dataset, holdout: Dataset): Check {
  return check(
    {
      dataset: 'holdout',
      column: null,
      rule: 'size',
      expected: `Training and hold-out data have ${ENOUGH} rows each, and the hold-out has at most ${SWAPPED} for each training row.`,
    },
    {
      verdict: areEnough(train, holdout) && holdout.rows <= SWAPPED * train.rows ? 'pass' : 'warn',
      found: `The hold-out has ${counted(holdout.rows)}, the training data ${counted(train.rows)}.${areEnough(train, holdout) ? '' : ' Of so few, neither equal columns, labels that moved, new categories nor columns that tell the label are looked for.'}`,
      failing: 0,
    },
  )
}
