import { z } from 'zod'
import { NAME } from './names.ts'
import { Sha256 } from './records/parts.ts'

const Count = z.int().nonnegative()

/** How a column's values are counted; fixed when the reference is made, so that later data are counted the same way. */
const ColumnBins = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    name: z.string(),
    /** Ascending. The bins are (−∞, e₀], (e₀, e₁], …, (eₙ, ∞): one more than there are edges. */
    edges: z.array(z.number()),
    min: z.number().nullable(),
    max: z.number().nullable(),
  }),
  z.strictObject({
    kind: z.literal('category'),
    name: z.string(),
    /** The most frequent first; all others are counted as `other`. */
    categories: z.array(z.string()),
  }),
])
export type ColumnBins = z.infer<typeof ColumnBins>

const ColumnCounts = z.strictObject({
  /** One for each bin or category. */
  counts: z.array(Count),
  nulls: Count,
  /** Numbers that are not finite; categories that are not listed. */
  other: Count,
})
export type ColumnCounts = z.infer<typeof ColumnCounts>

/**
 * A statistical summary of a dataset in integers only, by windows of time: what production is compared with when the
 * rows are gone. Profiles with the same columns merge exactly, by adding counts.
 */
export const Profile = z.strictObject({
  schema: z.literal('https://modelyard.dev/profile/v1'),
  model: z.string().regex(NAME),
  /** The dataset's digest. */
  data: Sha256,
  rows: Count,
  /** The column by which rows are put into windows, and the first and last time in it; null without such a column. */
  time: z.strictObject({ column: z.string(), first: z.iso.datetime(), last: z.iso.datetime() }).nullable(),
  /** The span of a window (`7d`); null where the rows have no time. */
  span: z.string().nullable(),
  columns: z.array(ColumnBins),
  windows: z.array(
    z.strictObject({
      /** When it starts; null for rows without a time. */
      start: z.iso.datetime().nullable(),
      rows: Count,
      /** In the order of `columns`. */
      columns: z.array(ColumnCounts),
    }),
  ),
})
export type Profile = z.infer<typeof Profile>
