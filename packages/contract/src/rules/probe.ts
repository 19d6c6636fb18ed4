import type { Dataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import type { Probe } from '../checks/plan.ts'
import { LIMIT, sentenceOf, unpreparable, withoutData } from './own-query.ts'

/** A sentence on why DuckDB cannot evaluate what a check rests on; undefined where it can. */
export async function whyNot({ text, values, of, reads, why }: Probe, dataset: Dataset): Promise<string | undefined> {
  const query = `SELECT ${text}`
  const unclear = reads && (await unpreparable(query, dataset))
  if (unclear) return `${of} cannot be evaluated: ${unclear}`
  try {
    await dataset.query(query, values, LIMIT)
    return undefined
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `${of} cannot be evaluated: ${why ?? (reads ? withoutData(error) : sentenceOf(error))}`
  }
}
