import type { Dataset } from './dataset.ts'

/** About as many rows are looked at to choose bins: an edge is off by a third of a hundredth of the rows, at most. */
export const SAMPLE = 100_000

/** 2^32 divided by the golden ratio. */
const STEP = 2_654_435_761
const RANGE = 2 ** 32

/**
 * An expression's values `x` in about 100,000 rows of `data`, or in all where there are not many more. Which rows is
 * decided by their number alone, so that it is the same in every shard; multiples of the golden ratio lie evenly and
 * keep step with no period in the data.
 */
export function sampled(dataset: Dataset, expression: string): string {
  if (dataset.rows <= SAMPLE) return `SELECT ${expression} AS x FROM data`
  const limit = Math.floor((RANGE / dataset.rows) * SAMPLE)
  // The window is computed on one thread, in the order of the rows.
  return `SELECT x FROM (SELECT ${expression} AS x, row_number() OVER () AS r FROM data)
    WHERE (r::UBIGINT * ${STEP}) % ${RANGE} < ${limit}`
}
