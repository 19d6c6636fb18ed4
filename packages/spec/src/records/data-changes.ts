import { z } from 'zod'
import { DriftColumn, DriftMeasure } from './drift.ts'
import { Sha256 } from './parts.ts'

const count = z.int().nonnegative()
const names = z.array(z.string()).max(50)
/** Values that at least twenty rows share, and how many do. */
const categories = z.array(z.strictObject({ name: z.string(), rows: count })).max(10)

/** A column of the training data that is not what the champion learned. */
export const ColumnChange = z.strictObject({
  name: z.string(),
  kind: z.enum(['number', 'category']),
  /** A full sentence on the measure that is most beyond its floor. */
  reason: z.string(),
  /** What it most looks like, as a sentence: a change of unit, a placeholder value, … */
  hint: z.string().optional(),
  /** The measures that are beyond noise (false discoveries at most 1 %) and large enough to matter, the most telling first. */
  measures: z.array(DriftMeasure.pick({ metric: true, method: true, value: true, p: true })),
  /** Shares of the rows with a value: the champion's training data and the candidate's, in the same coarse bins. */
  picture: DriftColumn.shape.picture,
  new_categories: categories.optional(),
  lost_categories: categories.optional(),
})
export type ColumnChange = z.infer<typeof ColumnChange>

/** How the candidate's training data differ from those that the champion learned; advice, no verdict. */
export const DataChanges = z.strictObject({
  /** What the champion learned, by the digest of its release's profile; null where there is none that can be read. */
  reference: z.strictObject({ sha256: Sha256, rows: count }).nullable(),
  /** The candidate's training data. */
  data: z.strictObject({ sha256: Sha256, rows: count }),
  /** Why nothing was compared. */
  reason: z.string().optional(),
  /** How many columns were compared. */
  compared: count,
  /** Those that differ beyond noise, and enough to matter; the farthest apart first. */
  changed: z.array(ColumnChange).max(20),
  /** How many more have changed than are listed. */
  more: count,
  /** Columns that only one of the two has, or that hold numbers in one and categories in the other. */
  added: names,
  lost: names,
  retyped: names,
})
export type DataChanges = z.infer<typeof DataChanges>
