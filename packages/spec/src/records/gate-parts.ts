import { z } from 'zod'
import { EXPECTATIONS, ON_INCONCLUSIVE } from '../model-file/gates.ts'
import { RULES } from '../model-file/rules.ts'
import { metric } from '../model-file/words.ts'
import { Verdict } from '../verdict.ts'
import { Difference, Estimate, Line } from './parts.ts'

const count = z.int().nonnegative()

/** A metric of both models on the same rows. */
export const Metric = z.strictObject({
  name: metric,
  candidate: Estimate,
  champion: Estimate.nullable(),
  /** Candidate minus champion, on the same rows. */
  difference: Difference.nullable(),
})

/** A rule of a gate, and what it came to. */
export const GateResult = z.strictObject({
  metric,
  rule: z.enum(RULES),
  /** The part of the hold-out that it looked at; all of it where it names none. */
  slice: z.string().optional(),
  /** The metric on that part; on all rows it is among the metrics. */
  candidate: Estimate.optional(),
  champion: Estimate.nullable().optional(),
  difference: Difference.nullable().optional(),
  /** The column whose groups it compared. */
  by: z.string().optional(),
  /** In the metric's unit; what a relative one came to. */
  limit: z.number(),
  /** As the model file writes it. */
  written: z.string(),
  verdict: Verdict,
  reason: z.string(),
  /** Hold-out rows that would settle an inconclusive verdict, about. */
  rows_needed: z.int().positive().nullable(),
  /** What an inconclusive verdict comes to, where that is not to block. */
  on_inconclusive: z.enum(ON_INCONCLUSIVE).optional(),
  /** The model file's line that asks for it. */
  line: Line.optional(),
})

/** A part of the hold-out. */
export const SliceResult = z.strictObject({
  name: z.string(),
  rows: count,
  metric,
  candidate: Estimate,
  champion: Estimate.nullable(),
  difference: Difference.nullable(),
  verdict: Verdict,
  reason: z.string(),
})

/** How a rate differs between groups: the candidate's, in each group and the spread over all of them. */
export const Fairness = z.strictObject({
  metric,
  by: z.string(),
  /** What the groups' rates are; of two, the one that differs more. */
  rate: z.enum(['selection_rate', 'true_positive_rate', 'false_positive_rate', 'precision', 'accuracy']),
  /** The groups that are large enough, the most frequent first. A rate is undefined where no row decides it. */
  groups: z.array(z.strictObject({ name: z.string(), rows: count, rate: Estimate })).max(100_000),
  /** Groups that are too small to be compared, and their rows. */
  left_out: z.strictObject({ groups: count, rows: count }),
  candidate: Estimate,
  champion: Estimate.nullable(),
  /** Permutation test: how often groups without any difference would spread as widely; null where it cannot be said. */
  p_value: z.number().nullable(),
})

/** What the candidate does when a column is changed. */
export const BehaviourResult = z.strictObject({
  column: z.string(),
  /** The change in words: `times 1.609344`. */
  change: z.string(),
  /** What is asked of the predictions; null where a metric is looked at. */
  expect: z.enum(EXPECTATIONS).nullable(),
  /** By how much a prediction may move and be unchanged, or has to move and be another. */
  tolerance: z.number().nonnegative().optional(),
  metric: metric.nullable(),
  /** Rows that were changed. */
  rows: count,
  /** The share of rows that do as expected, or what the change does to the metric (after minus before). */
  found: Estimate,
  limit: z.number(),
  verdict: Verdict,
  reason: z.string(),
  on_inconclusive: z.enum(ON_INCONCLUSIVE).optional(),
})

/** Whether probabilities are what they say. */
export const Calibration = z.strictObject({
  /** Expected calibration error in bins of equal width and of equal mass, each beside what a calibrated model would have. */
  equal_width: z.strictObject({ bins: z.int().positive(), error: z.number(), expected: z.number() }),
  equal_mass: z.strictObject({ bins: z.int().positive(), error: z.number(), expected: z.number() }),
  /** Spiegelhalter's test; null where every probability is 0, ½ or 1. */
  spiegelhalter: z.strictObject({ z: z.number(), p_value: z.number() }).nullable(),
  /** The bins of equal mass: the mean probability, and the share of positive rows with its interval. */
  curve: z.array(z.strictObject({ rows: count, predicted: z.number(), observed: Estimate })).max(20),
})

/** Points of a ROC curve, from 0, 0 to 1, 1. */
export const RocCurve = z
  .array(z.strictObject({ false_positive_rate: z.number(), true_positive_rate: z.number() }))
  .max(41)

/** Where the candidate does worst: advice, no verdict. */
export const WeakSlice = z.strictObject({
  where: z.string(),
  rows: count,
  metric,
  candidate: Estimate,
  /** The metric on all other rows. */
  rest: Estimate,
})

/** Rows that only one of the two models gets right. */
export const Changed = z.strictObject({
  newly_right: count,
  newly_wrong: count,
  /** Parts of the hold-out in which they gather more than chance would; values that few rows share are not named. */
  gathered: z
    .array(z.strictObject({ where: z.string(), rows: count, newly_right: count, newly_wrong: count }))
    .optional(),
})
