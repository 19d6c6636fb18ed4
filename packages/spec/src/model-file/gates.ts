import { z } from 'zod'
import { amount, text } from './words.ts'
import { writtenMetric } from './written-metric.ts'

/** What becomes of a verdict where there is not enough evidence to say. */
export const ON_INCONCLUSIVE = ['block', 'warn', 'require-approval'] as const

/** What predictions may do when a column is changed. */
export const EXPECTATIONS = ['unchanged', 'increases', 'decreases', 'no_increase', 'no_decrease'] as const

/** A rule on a metric, with MLflow's names for it as well. */
export const Gate = z
  .strictObject({
    metric: writtenMetric.describe('The metric that this gate looks at.'),
    min: amount.optional().describe('The least value that the candidate may have.'),
    max: amount.optional().describe('The greatest value that the candidate may have.'),
    max_regression: amount
      .optional()
      .describe(
        'How much worse than the champion the candidate may be (non-inferiority margin): a number, or "20%" of the champion\'s value.',
      ),
    must_improve: z
      .union([z.literal(true), amount], { error: 'must be true, a number or a percentage like "5%"' })
      .optional()
      .describe(
        'The candidate must be better than the champion, beyond doubt; with a number, or "5%" of the champion\'s value, by so much.',
      ),
    threshold: z.number().optional().describe("MLflow's name for min, or for max where less is better."),
    min_absolute_change: z.number().positive().optional().describe("MLflow's name for must_improve with a number."),
    min_relative_change: z
      .number()
      .positive()
      .optional()
      .describe("MLflow's name for must_improve with a percentage: 0.05 is 5 %."),
    greater_is_better: z
      .boolean()
      .optional()
      .describe('As MLflow has it; every metric here knows it, and the two must agree.'),
    slice: text.optional().describe('The part of the hold-out that this gate looks at: a boolean SQL expression.'),
    by: text.optional().describe('For a fairness metric: the column that names the groups.'),
    on_inconclusive: z
      .enum(ON_INCONCLUSIVE)
      .optional()
      .describe(
        'What not enough evidence comes to: block, unless it says otherwise; warn; or require-approval, which lets the version into those stages only that have an environment, where a person approves.',
      ),
  })
  .refine(
    ({ metric: _, greater_is_better: __, slice: ___, by: ____, on_inconclusive: _____, ...rules }) =>
      Object.values(rules).some((rule) => rule !== undefined),
    { error: 'has no rule: give it min, max, max_regression or must_improve' },
  )

/** What the model says of the hold-out's rows after a change to one column: robustness, invariance and direction. */
export const Behaviour = z
  .strictObject({
    column: text.describe('The feature that is changed.'),
    noise: z
      .number()
      .positive()
      .optional()
      .describe("Add normal noise, of so many of the column's standard deviations."),
    missing: z.number().positive().max(1).optional().describe('Empty the cell, in this share of the rows.'),
    scale: z.number().optional().describe('Multiply by this: 1.609344 makes kilometres of miles.'),
    add: z.number().optional().describe('Add this.'),
    set: z.union([z.string(), z.number(), z.boolean()]).optional().describe('Write this value into every row.'),
    expect: z.enum(EXPECTATIONS).optional().describe('What the prediction does: without it, the metric is looked at.'),
    tolerance: z
      .number()
      .nonnegative()
      .optional()
      .describe('A prediction that moves by no more than this counts as unchanged.'),
    min_share: z.number().positive().max(1).optional().describe('The least share of rows that do as expected.'),
    metric: writtenMetric.optional().describe('Without expect: the metric; by default that of the first gate.'),
    max_regression: amount.optional().describe('Without expect: how much of the metric the change may cost.'),
    on_inconclusive: z.enum(ON_INCONCLUSIVE).optional().describe('What not enough evidence comes to.'),
  })
  .describe('A change to one column, and what the model must still do.')

export type Behaviour = z.infer<typeof Behaviour>
