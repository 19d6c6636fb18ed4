import { z } from 'zod'
import { NAME } from './names.ts'
import { Sha256 } from './records/parts.ts'
import { UserError } from './user-error.ts'

const Count = z.int().nonnegative()

/** How a column's values are counted; fixed when the reference is made, so that later data are counted the same way. */
const ColumnBins = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('number'),
    name: z.string(),
    /** Ascending. The bins are (−∞, e₀], (e₀, e₁], …, (eₙ, ∞): one more than there are edges. */
    edges: z.array(z.number()),
    /** Of the reference's finite values; null where it has none. */
    min: z.number().nullable(),
    max: z.number().nullable(),
    quartiles: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  }),
  z.strictObject({
    kind: z.literal('category'),
    name: z.string(),
    /** The most frequent first, cut after 200 characters; all others are counted as `other`. */
    categories: z.array(z.string()),
  }),
])
export type ColumnBins = z.infer<typeof ColumnBins>

/** Every row is in `counts`, `nulls`, `nan` or `infinite`, or is a category that is not listed. */
const ColumnCounts = z.strictObject({
  /** One for each bin or category. */
  counts: z.array(Count),
  nulls: Count,
  nan: Count,
  infinite: Count,
  /** What the reference does not know: categories that are not listed; of the numbers in `counts`, those outside its range. */
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
      /** When it starts: a multiple of the span since 1970. Null for rows without a time, or older than the newest 104. */
      start: z.iso.datetime().nullable(),
      rows: Count,
      /** In the order of `columns`. */
      columns: z.array(ColumnCounts),
    }),
  ),
})
export type Profile = z.infer<typeof Profile>

/** The milliseconds of a span like `7d` or `24h`. Throws a `UserError` for anything else, and for none at all. */
export function spanMilliseconds(span: string): number {
  const match = /^(\d+)([dh])$/.exec(span)
  const hours = match ? Number(match[1]) * (match[2] === 'd' ? 24 : 1) : 0
  if (!(hours > 0 && hours <= 24 * 36_525))
    throw new UserError(`drift.window is ${JSON.stringify(span)}: it must be a time like "7d" or "24h".`)
  return hours * 3_600_000
}
