import type { Dataset } from '@modelyard/data'
import { chiSquareContingency } from '@modelyard/stats'
import type { Check } from '../check.ts'
import { counted, number } from '../plan.ts'
import { type About, check, percent } from './finding.ts'
import { inBoth, oneIn } from './hashes.ts'
import { countShared } from './shared.ts'

/** How often training rows repeat each other is counted in a sample of about so many. */
const SAMPLE = 1_000_000

/** So many columns are compared first. */
const FEW = 3

/** The chance of an excess that is noise. */
const CHANCE = 0.001

/** Above what chance explains, so many of the rows are worth a warning, and so many fail. */
const WARN = 0.001
const FAIL = 0.01

/**
 * Rows of the hold-out whose values are those of a training row, in all columns but those that name or date it. In a
 * table of few different rows there are such by chance: as many as training rows have a twin among the other training
 * rows, for a hold-out row is to them what any one of them is to the others. Only what exceeds that, and twice it, says
 * that rows were copied.
 */
export async function checkContent(
  train: Dataset,
  holdout: Dataset,
  columns: readonly string[],
  but: readonly string[],
): Promise<Check> {
  const key = columns.map((name) => inBoth(name, holdout, train))
  const about: About = {
    dataset: 'holdout',
    column: null,
    rule: 'repeated rows',
    expected: `No more rows of the hold-out data are equal to training rows${but.length > 0 ? `, but for ${but.join(' and ')},` : ''} than chance explains.`,
  }
  const shared = await countRepeated(train, holdout, key)
  if (shared === 0) return check(about, { verdict: 'pass', found: `None of ${counted(holdout.rows)} is.` })
  const { rows, repeated } = await repeatsWithin(train, key)
  const found = `${number(shared)} of ${counted(holdout.rows)} (${percent(shared / holdout.rows)}) are; of the training rows, ${percent(repeated / rows)} are equal to another one.`
  return check(about, { verdict: judge(shared, holdout.rows, repeated, rows), found, failing: shared })
}

/** Rows that are equal in all columns are so in a few, which are compared sooner and mostly rule the rest out. */
async function countRepeated(train: Dataset, holdout: Dataset, key: readonly string[]): Promise<number> {
  const few = key.slice(0, FEW)
  const mayBe = key.length === few.length || (await countShared(holdout, train, few)) > 0
  return mayBe ? countShared(holdout, train, key) : 0
}

function judge(shared: number, of: number, repeated: number, rows: number): Check['verdict'] {
  const { p } = chiSquareContingency([shared, of - shared], [repeated, rows - repeated])
  const excess = shared / of - repeated / rows
  if (p >= CHANCE || excess < WARN || excess < repeated / rows) return 'pass'
  return excess < FAIL ? 'warn' : 'fail'
}

/** How many rows of a sample, in which equal rows are together, have a twin. */
async function repeatsWithin(data: Dataset, key: readonly string[]): Promise<{ rows: number; repeated: number }> {
  const where = oneIn(Math.ceil(data.rows / SAMPLE), key)
  const [row] =
    await data.query(`SELECT sum(n)::BIGINT AS rows, coalesce(sum(n) FILTER (WHERE n > 1), 0)::BIGINT AS repeated
    FROM (SELECT count(*) AS n FROM data WHERE ${where} GROUP BY hash(${key.join(', ')}))`)
  // No row in a sample says that a few values are those of all rows, none of them among the sampled.
  return row!.rows === null ? { rows: 1, repeated: 1 } : { rows: Number(row!.rows), repeated: Number(row!.repeated) }
}
