import type { Dataset } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { examplesAt, SHOWN } from '../checks/examples.ts'
import { counted, number } from '../checks/plan.ts'
import { repeatsIn } from '../checks/repeats.ts'
import { isNull } from '../conditions.ts'
import { columnIn, holds, type Role } from './finding.ts'
import { inBoth } from './hashes.ts'
import { countShared, firstRowsBy } from './shared.ts'

/** Every row has an id of its own. */
export async function checkId(dataset: Role, data: Dataset, id: string): Promise<Check> {
  const column = columnIn(data, id)!
  const failing = (await rowsWithout(data, id)) + (await repeatsIn(data, [column]))
  const found = `${number(failing)} of ${counted(data.rows)} have none, or that of an earlier row.`
  return holds(
    { dataset, column: id, rule: 'id', expected: 'Every row has an id of its own.' },
    failing === 0,
    found,
    failing,
  )
}

/** Rows that the model learned from say nothing of how it does on others. */
export async function checkLeakage(train: Dataset, holdout: Dataset, id: string, isMasked = false): Promise<Check> {
  const column = columnIn(holdout, id)!
  const where = `NOT ${isNull(column)}`
  const key = [inBoth(id, holdout, train)]
  const shared = await countShared(holdout, train, key, { where })
  const ids = holdout.rows - (await rowsWithout(holdout, id))
  const expected = 'No row of the hold-out data is in the training data.'
  const found = `${number(shared)} of ${number(ids)} ids are in the training data too.`
  const check = holds({ dataset: 'holdout', column: id, rule: 'leakage', expected }, shared === 0, found, shared)
  if (shared === 0) return check
  const rows = await firstRowsBy('shared', holdout, train, key, { where, most: SHOWN })
  const examples = await examplesAt(holdout, rows, isMasked ? undefined : column)
  return { ...check, ...(examples.length > 0 && { examples }) }
}

async function rowsWithout(data: Dataset, name: string): Promise<number> {
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE ${isNull(columnIn(data, name)!)}) AS rows FROM data`)
  return Number(row!.rows)
}
