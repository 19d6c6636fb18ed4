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

/** The 2,048 registers of a HyperLogLog, each 0 to 38, as one character of base64's alphabet. */
const Registers = z.string().regex(/^[A-Za-z0-9+/]{2048}$/)

/** The least of the registers' least hashes, of 48 bits, ascending, at most 128: eight characters of base64 each. */
const Hashes = z.string().regex(/^(?:[A-Za-z0-9+/]{8}){0,128}$/)

/** An integer that may be beyond 2^53. */
const Integer = z.string().regex(/^-?\d+$/)

/** Σ round(x · 2^scale), exactly; null where a value is too large for the scale. */
const Sum = z.strictObject({ scale: z.int(), sum: Integer.nullable() })

/**
 * Counts of magnitudes in (γ^(i−1), γ^i], in runs of i from `from` on; γ = (1 + error) / (1 − error). Those below 2^−1022
 * are in none.
 */
const Buckets = z.array(z.strictObject({ from: z.int(), counts: z.array(Count) }))
export type Buckets = z.infer<typeof Buckets>

/** What a column of any type holds, in what can be added up or joined exactly. Only counts where it is masked. */
const ColumnSummary = z.strictObject({
  name: z.string(),
  /** DuckDB's. */
  type: z.string(),
  /** Personal data: nothing but counts is told. */
  masked: z.boolean(),
  nulls: Count,
  /** Of numbers. */
  nan: Count,
  infinite: z.strictObject({ positive: Count, negative: Count }),
  zeros: Count,
  /** Texts without a character. */
  empty: Count,
  /** Of booleans. */
  true: Count,
  /** Finite least and greatest value as text of the type, cut after 200 characters; null where there is none, or no order. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Of finite numbers; null for other types. */
  sums: z.strictObject({ x: Sum, squares: Sum }).nullable(),
  /** DDSketch of finite numbers that are not zero, by their magnitude; null for other types. */
  sketch: z.strictObject({ negative: Buckets, positive: Buckets }).nullable(),
  /** Of texts, in characters: least, greatest and sum; null for other types and where there is none. */
  lengths: z.strictObject({ min: Count, max: Count, sum: Count }).nullable(),
  /** Sketches of the different values, of those in `values`; null where they are not compared: nested types. */
  distinct: z.strictObject({ hll: Registers, kmv: Hashes }).nullable(),
  /** All finite values with their counts, the most frequent first, cut after 200 characters; null where more than 256 differ. */
  values: z
    .array(z.strictObject({ value: z.string(), count: Count }))
    .max(256)
    .nullable(),
})
export type ColumnSummary = z.infer<typeof ColumnSummary>

const v1 = {
  model: z.string().regex(NAME),
  /** The dataset's digest. */
  data: Sha256,
  rows: Count,
  /** The column by which rows are put into windows, and the first and last time in it; null without such a column, or in a shard without times. */
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
}

const ProfileV1 = z.strictObject({ schema: z.literal('https://modelyard.dev/profile/v1'), ...v1 })
export type ProfileV1 = z.infer<typeof ProfileV1>

export const ProfileV2 = z.strictObject({
  schema: z.literal('https://modelyard.dev/profile/v2'),
  ...v1,
  /** How `summaries` were made: only what agrees in all of it can be merged. */
  method: z.strictObject({
    /** DuckDB's version. */
    duckdb: z.string(),
    /** The function whose answers `distinct` keeps. */
    hash: z.string(),
    /** The greatest relative error of a value from `sketch`. */
    error: z.number(),
  }),
  /** Of all columns, in the data's order. */
  summaries: z.array(ColumnSummary),
})
export type ProfileV2 = z.infer<typeof ProfileV2>

/**
 * A statistical summary of a dataset in integers only, by windows of time: what production is compared with when the
 * rows are gone. Profiles of one plan merge exactly, by adding counts. v1 has no summaries.
 */
export const Profile = z.discriminatedUnion('schema', [ProfileV1, ProfileV2])
export type Profile = z.infer<typeof Profile>

/** The milliseconds of a span like `7d` or `24h`. Throws a `UserError` for anything else, and for none at all. */
export function spanMilliseconds(span: string): number {
  const match = /^(\d+)([dh])$/.exec(span)
  const hours = match ? Number(match[1]) * (match[2] === 'd' ? 24 : 1) : 0
  if (!(hours > 0 && hours <= 24 * 36_525))
    throw new UserError(`drift.window is ${JSON.stringify(span)}: it must be a time like "7d" or "24h".`)
  return hours * 3_600_000
}
