import type { Column, Dataset } from '@modelyard/data'
import { countRepeats } from './conditions.ts'
import { type Asked, noneOf, type Whole } from './plan.ts'

/** How many rows repeat the values of an earlier one: three equal rows are two. Rows without a value are not compared. */
export async function repeatsIn(dataset: Dataset, columns: readonly Column[]): Promise<number> {
  const [row] = await dataset.query(`SELECT ${countRepeats(columns)} AS repeats FROM data`)
  return Number(row!.repeats)
}

/** A check that no row repeats the values of another. */
export function noRepeats(asked: Asked, columns: readonly Column[], breaks: string): Asked & Whole {
  return {
    ...asked,
    kind: 'whole',
    repeats: columns,
    find: async (dataset) => noneOf(await repeatsIn(dataset, columns), dataset.rows, breaks),
  }
}
