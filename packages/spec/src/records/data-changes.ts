import { z } from 'zod'
import { DriftColumn, DriftMeasure } from './drift.ts'
import { Sha256 } from './parts.ts'

const count = z.int().nonnegative()
const names = z.array(z.string()).max(50)
/** Values that at least twenty rows share, and how many do. */
const categories = z.array(z.strictObject({ name: z.string(), rows: count })).max(10)

/** A column of the training data that is not what it was in the reference. */
export const ColumnChange = z.strictObject({
  name: z.string(),
  kind: z.enum(['number', 'category']),
  /** A full sentence on the measure that is most beyond its floor. */
  reason: z.string(),
  /** What it most looks like, as a sentence: a change of unit, a placeholder value, … */
  hint: z.string().optional(),
  /** The measures that are beyond noise (false discoveries at most 1 %) and large enough to matter, the most telling first. */
  measures: z.array(DriftMeasure.pick({ metric: true, method: true, value: true, p: true })),
  /** Shares of the rows with a value: the reference's and the training data's, in the same coarse bins. */
  picture: DriftColumn.shape.picture,
  new_categories: categories.optional(),
  lost_categories: categories.optional(),
})
export type ColumnChange = z.infer<typeof ColumnChange>

/** What a profile says of a column's values. */
const ColumnFacts = z.strictObject({
  /** DuckDB's. */
  type: z.string(),
  nulls: count,
  /** How many different values there are, estimated where they are more than a few hundred. */
  distinct: count.nullable(),
  /** Least and greatest value, as text of the type. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Of finite numbers. */
  mean: z.number().nullable(),
  /** Of texts, in characters. */
  lengths: z.strictObject({ min: count, max: count, mean: z.number() }).nullable(),
})
export type ColumnFacts = z.infer<typeof ColumnFacts>

/** A column of the two by what their profiles say: one that has changed, or of which something is to be told. */
export const SummaryChange = z.strictObject({
  name: z.string(),
  /** Whether the contract marks it as personal: nothing but counts is told. */
  masked: z.literal(true).optional(),
  /** What is to be told of it beside the distances, as full sentences. */
  reasons: z.array(z.string()).max(5),
  before: ColumnFacts,
  after: ColumnFacts,
})
export type SummaryChange = z.infer<typeof SummaryChange>

/**
 * How training data differ from a reference: from those that the champion learned, or those of the base branch. Advice,
 * no verdict.
 */
export const DataChanges = z.strictObject({
  /** The reference by the digest of its profile; null where there is none that can be read. */
  reference: z.strictObject({ sha256: Sha256, rows: count }).nullable(),
  /** The training data. */
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
  /** Where both profiles have summaries, in the order of the data's columns. */
  summaries: z.array(SummaryChange).max(50).optional(),
})
export type DataChanges = z.infer<typeof DataChanges>
