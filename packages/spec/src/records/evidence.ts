import { z } from 'zod'
import { metric } from '../model-file/words.ts'

/** What a hold-out can tell at a gate's margin, said before anything is trained. */
export const Evidence = z.strictObject({
  metric,
  rule: z.enum(['max_regression', 'must_improve']),
  /** How much worse than the champion a candidate may be, in the metric's unit; negative: how much better it must be. */
  margin: z.number(),
  /** The part of the hold-out that the gate looks at; all of it where it names none. */
  slice: z.string().optional(),
  rows: z.int().nonnegative(),
  /** Groups of rows, where they are what varies; then `rows_needed` is how many rows such groups would have. */
  groups: z.int().positive().nullable(),
  /** Rows with which an equal candidate passes in 80 % of cases; null where no number of rows lets it. */
  rows_needed: z.int().positive().nullable(),
  /** The least true advantage with which a candidate passes on these rows in 80 % of cases; negative: it may even be worse. */
  detectable: z.number(),
  /** The standard deviation of what one row, or one group, adds to the difference of two models. */
  spread: z.number().positive(),
  /** The champion's value, of which a relative margin is a share; null where it is not known. */
  level: z.number().nullable(),
  /** What is taken for how much two models differ: a phrase. */
  basis: z.string(),
  /** A full sentence. */
  sentence: z.string(),
})
export type Evidence = z.infer<typeof Evidence>
