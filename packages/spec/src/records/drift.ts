import { z } from 'zod'
import { Verdict } from '../verdict.ts'
import { FileDigest, Sha256 } from './parts.ts'

const Share = z.number().min(0).max(1)

/** A picture has a dozen bins. */
const shares = z.array(Share).max(1000)

/** A distance between production and what the champion learned, and the three questions that an alarm must pass. */
export const DriftMeasure = z.strictObject({
  metric: z.enum(['ks', 'psi', 'jensen_shannon', 'new_categories', 'nulls', 'out_of_range', 'single_value']),
  /** What the number is made of: a distance without its binning rule is not a number. Null for shares. */
  method: z
    .strictObject({
      binning: z.string(),
      bins: z.int().positive(),
      zero_rule: z.string(),
      base: z.enum(['e', '2']).nullable(),
    })
    .nullable(),
  value: z.number().nullable(),
  /** Why there is no value. */
  missing: z.string().optional(),
  /** Beyond noise: the test's p-value, corrected for all that were made (Benjamini–Hochberg); null without a value. */
  p: z.number().nullable(),
  /** Large enough to matter: from where it warns and from where it alarms. */
  floor: z.strictObject({ warn: z.number(), alarm: z.number() }),
  /** What the reference's own windows vary among themselves, but for one that is an alarm; null where too few can tell. */
  usual: z.strictObject({ low: z.number(), high: z.number(), windows: z.int().positive() }).nullable(),
  verdict: Verdict,
})

export type DriftMeasure = z.infer<typeof DriftMeasure>

export const DriftColumn = z.strictObject({
  name: z.string(),
  kind: z.enum(['number', 'category']),
  verdict: Verdict,
  /** A full sentence. */
  reason: z.string(),
  /** The one that decides comes first. */
  measures: z.array(DriftMeasure),
  /** The first measure in this and earlier windows, oldest first. */
  trend: z.array(z.strictObject({ start: z.iso.datetime().nullable(), value: z.number().nullable() })),
  /** When the first of the uninterrupted windows starts in which it is beyond the alarm; null where it is not. */
  since: z.iso.datetime().nullable(),
  /** Shares of rows, for a picture: reference and production, in the same coarse bins. */
  picture: z.strictObject({ labels: z.array(z.string()).max(1000), before: shares, after: shares }),
})

export type DriftColumn = z.infer<typeof DriftColumn>

/** What is particular to a drift record; the verdict `fail` is the alarm. */
export const driftFields = {
  champion: z.strictObject({ version: z.string(), stage: z.string().nullable(), sha256: Sha256 }),
  /** What the champion learned, as its release keeps it; null where the release has none. */
  profile: z.strictObject({ sha256: Sha256, rows: z.int().nonnegative(), windows: z.int().nonnegative() }).nullable(),
  /** What production saw. */
  data: z.strictObject({ sha256: Sha256, files: z.array(FileDigest), rows: z.int().nonnegative() }),
  /** The newest part of it, up to when the run started, which is judged; the times are null where the rows have none. */
  window: z.strictObject({
    span: z.string(),
    start: z.iso.datetime().nullable(),
    end: z.iso.datetime().nullable(),
    rows: z.int().nonnegative(),
  }),
  columns: z.array(DriftColumn),
  /** What it most looks like, as sentences: a change of unit, a placeholder value, … */
  hints: z.array(z.string()),
}
