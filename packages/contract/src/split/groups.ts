import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { check, columnIn } from './finding.ts'
import { inBoth } from './hashes.ts'
import { countShared } from './shared.ts'
import { isAllLater } from './time.ts'

/**
 * Rows of one group are not independent, so a model is judged too well on groups that it knows. A hold-out that is all
 * later meets those that production will meet again, too: there they are counted and no more.
 */
export async function checkGroups(
  train: Dataset,
  holdout: Dataset,
  group: string,
  time: string | undefined,
): Promise<Check> {
  const shared = await countShared(holdout, train, [inBoth(group, holdout, train)], {
    where: `${quoteIdentifier(group)} IS NOT NULL`,
  })
  const timed = time !== undefined && columnIn(train, time) !== undefined && columnIn(holdout, time) !== undefined
  const later = shared > 0 && timed && (await isAllLater(train, holdout, time))
  return check(
    {
      dataset: 'holdout',
      column: group,
      rule: 'groups',
      expected: 'No group is both in the training data and in the hold-out, unless all of the hold-out is later.',
    },
    {
      verdict: shared === 0 || later ? 'pass' : 'warn',
      found: `${number(shared)} of ${counted(holdout.rows)} are of groups that are in the training data.`,
      failing: shared,
    },
  )
}
