import type { Dataset } from '@modelyard/data'
import type { Evidence, Model } from '@modelyard/spec'
import { FEWEST_ROWS } from '../comparison/evidence.ts'
import { findGateSlices } from '../gates/gate-slices.ts'
import { readKinship } from '../sample/kinship.ts'
import { compares, evidenceAhead, type Known, type Size } from './ahead.ts'

/** What is known of how much models differ, for a hold-out whose rows vary in so many groups, or each on its own. */
export type Knowing = (size: Pick<Size, 'groups'>) => Known[]

/**
 * What a hold-out can tell at the margins of the model's gates. Throws a `UserError` for a gate's slice that is no
 * condition, and for rows without the query or series that they need.
 */
export async function tellAhead(model: Model, holdout: Dataset, knowing: Knowing): Promise<Evidence[]> {
  const { gates, min_slice: fewest } = model.evaluate
  if (!gates.some(compares)) return []
  const { groups } = await readKinship(model, holdout)
  const countIn = (rows: Uint32Array) => groups && new Set(Array.from(rows, (row) => groups.of[row]!)).size
  const whole = { rows: holdout.rows, groups: groups?.count ?? null, fewest: FEWEST_ROWS }
  const slices = await findGateSlices(holdout, gates)
  const parts = new Map(
    [...slices].map(([condition, rows]) => [condition, { rows: rows.length, groups: countIn(rows), fewest }]),
  )
  return evidenceAhead(gates, { whole, parts }, knowing(whole))
}
