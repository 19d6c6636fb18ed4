import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { summarized } from './kinds.ts'
import { LEAST, REGISTERS, registersOf, writeHashes, writeRegisters } from './registers.ts'

/** So many different values are listed with their counts. */
export const MOST_VALUES = 256

/**
 * The different values of a column in `part`, and all of them while they are few. The least hash of each register says
 * three things: the register; whether values are too many to be listed, as no two registers share one; and how far to
 * look for the least of all, which are not above the 128th of those.
 */
export async function summarizeValues(
  dataset: Dataset,
  column: ColumnPlan,
): Promise<Pick<ColumnSummary, 'distinct' | 'values'>> {
  const value = summarized(column)
  const rows = await dataset.query(
    `SELECT (h % ${REGISTERS})::INTEGER AS register, min(h)::VARCHAR AS h
    FROM (SELECT hash(v) AS h FROM (SELECT ${value} AS v FROM part) WHERE v IS NOT NULL) GROUP BY register`,
  )
  const least = new Map(rows.map(({ register, h }) => [Number(register), BigInt(String(h))]))
  const hll = writeRegisters(registersOf(least))
  const bound = [...least.values()].sort((a, b) => (a < b ? -1 : 1))[LEAST - 1]
  const kmv = writeHashes(await hashesUpTo(dataset, value, bound))
  return { distinct: { hll, kmv }, values: least.size > MOST_VALUES ? null : await listValues(dataset, value) }
}

async function hashesUpTo(dataset: Dataset, value: string, bound: bigint | undefined): Promise<bigint[]> {
  const rows = await dataset.query(
    `SELECT DISTINCT h::VARCHAR AS h FROM (SELECT hash(v) AS h FROM (SELECT ${value} AS v FROM part) WHERE v IS NOT NULL)
    ${bound === undefined ? '' : `WHERE h <= ${bound}::UBIGINT`}`,
  )
  return rows.map(({ h }) => BigInt(String(h)))
}

/** Values with their counts, or null where there are too many. */
async function listValues(dataset: Dataset, value: string): Promise<ColumnSummary['values']> {
  const rows = await dataset.query(
    `SELECT v::VARCHAR AS value, count(*) AS count FROM (SELECT ${value} AS v FROM part) WHERE v IS NOT NULL GROUP BY v LIMIT ${MOST_VALUES + 1}`,
  )
  return firstValues(rows.map(({ value, count }) => ({ value: String(value), count: Number(count) })))
}

/** The most frequent first, equal ones in the order of their code units; null where there are too many. */
export function firstValues(values: NonNullable<ColumnSummary['values']>): ColumnSummary['values'] {
  if (values.length > MOST_VALUES) return null
  return [...values].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
