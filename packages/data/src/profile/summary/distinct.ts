import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { finiteValue, hashSql, isSummarized } from './kinds.ts'
import { leastOf, REGISTERS, registersOf, writeHashes, writeRegisters } from './registers.ts'

export type Values = NonNullable<ColumnSummary['values']>

/** So many different values are listed with their counts. */
export const MOST_VALUES = 256

/**
 * The different values of a column in `modelyard_part`, and all of them while they are few. The least hash in each register says
 * both how many they are and which they are; it also shows whether they are too many to be listed, as no value is in
 * two registers.
 */
export async function summarizeValues(
  dataset: Dataset,
  column: ColumnPlan,
): Promise<Pick<ColumnSummary, 'distinct' | 'values'>> {
  const values = `SELECT ${finiteValue(column)} AS v FROM modelyard_part WHERE ${isSummarized(column)}`
  const rows = await dataset.query(
    `SELECT h & ${REGISTERS - 1} AS register, min(h) AS h FROM (SELECT ${hashSql('v')} AS h FROM (${values})) GROUP BY register`,
  )
  const least = rows.map(({ h }) => Number(h))
  return {
    distinct: distinctOf(least),
    values: least.length > MOST_VALUES ? null : await listValues(dataset, values),
  }
}

/** From the least hash in each register. */
export function distinctOf(least: readonly number[]): NonNullable<ColumnSummary['distinct']> {
  return { hll: writeRegisters(registersOf(least)), kmv: writeHashes(leastOf(least)) }
}

/** Values with their counts, or null where there are too many. */
async function listValues(dataset: Dataset, values: string): Promise<ColumnSummary['values']> {
  const rows = await dataset.query(
    `SELECT v::VARCHAR AS value, count(*) AS count FROM (${values}) GROUP BY v LIMIT ${MOST_VALUES + 1}`,
  )
  return firstValues(rows.map(({ value, count }) => ({ value: String(value), count: Number(count) })))
}

/** The most frequent first, equal ones in the order of their code units; null where there are too many. */
export function firstValues(values: Values): ColumnSummary['values'] {
  if (values.length > MOST_VALUES) return null
  return [...values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
