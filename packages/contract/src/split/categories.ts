import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { familyOf } from '../conditions.ts'
import { byChance, CHANCE } from './chance.ts'
import { type About, check, columnIn, percent } from './finding.ts'

/** Text of more different values is no category, nor is text whose values are not in two training rows each. */
const CATEGORIES = 1000
const ROWS_EACH = 2

/** So many of the rows with categories that were never learned, beyond what is to be expected, are worth a warning. */
const WARN = 0.01

/**
 * Categories of the hold-out that no training row has: what a model does with those it cannot have learned. They are
 * counted and not named. Of a column with rare categories, some are always new: by Good and Turing, the share of rows
 * is that of the training rows whose category no other one has (Good, "The population frequencies of species", 1953).
 */
export async function checkCategories(train: Dataset, holdout: Dataset, features: readonly string[]): Promise<Check[]> {
  const about = (column: string | null): About => ({
    dataset: 'holdout',
    column,
    rule: 'new categories',
    expected: `At most ${percent(WARN)} of the hold-out rows, beyond what chance explains, have a category that no training row has.`,
  })
  const few = await withFewValues(
    train,
    features.filter((name) => familyOf(columnIn(train, name)!.type) === 'text'),
  )
  const problems: Check[] = []
  let most = 0
  for (const name of few) {
    const { categories, rows, single } = await countNew(train, holdout, name)
    most = Math.max(most, rows)
    const expected = single / train.rows
    const beyond = rows / holdout.rows - expected
    const p = byChance({ rows, of: holdout.rows }, { rows: single, of: train.rows })
    if (beyond < WARN || p >= CHANCE) continue
    const chance = single === 0 ? '' : ` Chance explains ${percent(expected)}.`
    const found = `${number(categories)} new ${categories === 1 ? 'one is' : 'ones are'} in ${number(rows)} of ${counted(holdout.rows)} (${percent(rows / holdout.rows)}).${chance}`
    problems.push(check(about(name), { verdict: 'warn', found, failing: rows }))
  }
  if (problems.length > 0) return problems
  const found = `Of ${number(few.length)} columns of categories, none has them in more than ${counted(most)}.`
  return few.length > 0 ? [check(about(null), { verdict: 'pass', found })] : []
}

/** Those of the columns that have few different values; estimated first, which is quick, and the same on all machines. */
async function withFewValues(data: Dataset, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return []
  const list = names.map((name, index) => `approx_count_distinct(${quoteIdentifier(name)}) AS n${index}`).join(', ')
  const [row] = await data.query(`SELECT ${list} FROM data`)
  const most = Math.min(CATEGORIES, data.rows / ROWS_EACH)
  return names.filter((_, index) => Number(row![`n${index}`]) <= most)
}

/** New categories, the rows that have one, and the training rows whose category no other training row has. */
async function countNew(train: Dataset, holdout: Dataset, name: string) {
  const column = `${quoteIdentifier(name)}::VARCHAR`
  const learned = await train.query(
    `SELECT ${column} AS c, count(*) AS n FROM data WHERE ${column} IS NOT NULL GROUP BY ALL`,
  )
  const values = learned.map((row) => row.c as string)
  const among = values.length > 0 ? `AND c NOT IN (${values.map(() => '?').join(', ')})` : ''
  const [row] = await holdout.query(
    `SELECT count(*) AS categories, coalesce(sum(n), 0)::BIGINT AS rows
      FROM (SELECT ${column} AS c, count(*) AS n FROM data GROUP BY ALL) WHERE c IS NOT NULL ${among}`,
    values,
  )
  const single = learned.filter(({ n }) => Number(n) === 1).length
  return { categories: Number(row!.categories), rows: Number(row!.rows), single }
}
