import type { Column } from '@modelyard/data'
import { UserError, type Verdict } from '@modelyard/spec'
import { SHOWN } from '../../checks/examples.ts'
import { inCommon } from '../../checks/in-common.ts'
import { type Asked, counted, number, type Whole } from '../../checks/plan.ts'
import { isNull } from '../../conditions.ts'
import { kindOf } from '../../kinds.ts'
import { columnIn } from '../../split/finding.ts'
import { countShared, firstRowsBy } from '../../split/shared.ts'
import type { Leakage } from './implementation.ts'
import { type Reference, refuseItself, withReference } from './reference.ts'

/** At most a share of the rows may have a key that a row of other files has. Rows without a key are not compared. */
export function planLeakage(
  asked: Asked,
  columns: readonly Column[],
  { max_overlap }: Leakage,
  reference: Reference,
  failed: Verdict,
): Asked & Whole {
  return {
    ...asked,
    kind: 'whole',
    find: (dataset) =>
      withReference(reference, columns, async (other) => {
        refuseItself(dataset, other)
        const known = columns.map((column) => `NOT ${isNull(column)}`).join(' AND ')
        const key = columns.map((column) => comparable(column, columnIn(other, column.name)!))
        const shared = await countShared(dataset, other, key, { where: known })
        const [row] = await dataset.query(`SELECT count(*) AS keys FROM data WHERE ${known}`)
        const keys = Number(row!.keys)
        if (keys === 0) return { verdict: 'inconclusive', found: 'No row has a key.', failing: 0 }
        const found = `${number(shared)} of ${counted(keys)} with a key are there, too.`
        const holds = shared / keys <= max_overlap
        if (holds) return { verdict: 'pass', found, failing: 0 }
        const rows = await firstRowsBy('shared', dataset, other, key, { where: known, most: SHOWN })
        return { verdict: failed, found, failing: shared, rows }
      }),
  }
}

/** As text, numbers would be in no list of codes that look like them, and the rule would pass. */
function comparable(column: Column, there: Column): string {
  const common = inCommon(column, there)
  if (common !== undefined) return common
  throw new UserError(
    `${column.name} has ${kindOf(column.type)} in the data and ${kindOf(there.type)} there, which cannot be compared. Write both in one type.`,
  )
}
