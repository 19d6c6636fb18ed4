import type { ColumnBins, DriftMeasure } from '@modelyard/spec'

export type Metric = DriftMeasure['metric']

/** What is measured of a column, in the order in which it decides. */
export const METRICS: Record<ColumnBins['kind'], readonly Metric[]> = {
  number: ['ks', 'psi', 'nulls', 'out_of_range', 'single_value'],
  category: ['jensen_shannon', 'psi', 'nulls', 'new_categories'],
}

/**
 * From where a measure warns and alarms. The distances have the field's usual floors (PSI 0.1 and 0.2 are the banks'
 * rule; the others are where most tools have theirs). The shares are of rows on which the model has to guess: one in a
 * hundred with a value that it never learned is an alarm, two in a hundred with one and the same number, since honest
 * numbers also gather at a round one. Nulls a model has mostly learned to live with: one in twenty more, or fewer.
 */
export const FLOORS: Record<Metric, DriftMeasure['floor']> = {
  ks: { warn: 0.05, alarm: 0.1 },
  psi: { warn: 0.1, alarm: 0.2 },
  jensen_shannon: { warn: 0.1, alarm: 0.2 },
  nulls: { warn: 0.01, alarm: 0.05 },
  new_categories: { warn: 0.005, alarm: 0.01 },
  out_of_range: { warn: 0.005, alarm: 0.01 },
  single_value: { warn: 0.01, alarm: 0.02 },
}

/** The rate of false discoveries among all tests of a record. */
export const FALSE_DISCOVERIES = 0.01

/** How many times what the reference's windows differ by at most. */
export const BEYOND_USUAL = 2

/** With fewer comparable windows nothing is known of what is usual, and nothing alarms. */
export const LEAST_WINDOWS = 6

/**
 * From so many comparable windows on, one that would itself be an alarm among the others does not count: one bad week
 * among the training data must not excuse every bad week after it. One only, since with a season there are two; and not
 * simply the highest of all, since between samples of one population that made a false alarm in 200 weeks of 500 rows.
 */
export const SPARED_FROM = 8

/** A share of a bin below which it counts as this: an empty bin would be infinitely far away. */
export const ZERO_SHARE = 1e-4

/** Categories that are expected fewer times than this are one cell: Cochran's rule for the chi-square test. */
export const LEAST_EXPECTED = 5

/**
 * How many values production must have for a Kolmogorov–Smirnov distance of the alarm's size to be beyond noise at
 * all, if it were the only one of so many tests (the first term of Kolmogorov's limit); with fewer, silence says
 * nothing. Null where the reference itself has too few.
 */
export function valuesNeeded(reference: number, tests: number): number | null {
  const size = Math.log((2 * Math.max(1, tests)) / FALSE_DISCOVERIES) / (2 * FLOORS.ks.alarm ** 2)
  return reference > size ? Math.ceil((size * reference) / (reference - size)) : null
}
