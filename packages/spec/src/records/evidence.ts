import { z } from 'zod'
import { metric } from '../model-file/words.ts'

/** What a hold-out can tell at a gate's margin, said before anything is trained. */
export const Evidence = z.strictObject({
  metric,
  /** The margin, in the metric's unit. */
  margin: z.number(),
  rows: z.int().nonnegative(),
  /** Rows with which an equal candidate passes in 80 % of cases. */
  rows_needed: z.int().positive(),
  /** The least true advantage with which a candidate passes on these rows in 80 % of cases; negative: it may even be worse. */
  detectable: z.number(),
  /** What is taken for how much two models differ. */
  basis: z.string(),
  sentence: z.string(),
})
