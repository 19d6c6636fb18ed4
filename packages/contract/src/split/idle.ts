import { type Column, type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../check.ts'
import { familyOf, isNumeric } from '../conditions.ts'
import { counted, number } from '../plan.ts'
import { type About, check } from './finding.ts'

/** So many columns are hashed in one scan. */
const AT_ONCE = 100

/** So many are named in a sentence. */
const NAMED = 10

/** What all values of a column come to, in any order. */
interface Print {
  column: Column
  constant: boolean
  sum: string
}

/**
 * Columns of the training data that say nothing: those of one value, and those that are equal to another one in all
 * rows. One that is equal to a label tells it, and fails.
 */
export async function checkIdle(
  train: Dataset,
  features: readonly string[],
  labels: readonly string[],
): Promise<Check[]> {
  const prints = await printsOf(train, [...labels, ...features])
  const constant = prints.filter((print) => print.constant && !labels.includes(print.column.name))
  const others = prints.filter((print) => !print.constant)
  return [checkConstant(constant, features.length, train), ...(await checkEqual(train, others, labels))]
}

function checkConstant(constant: readonly Print[], of: number, { rows }: Dataset): Check {
  const names = constant.slice(0, NAMED).map(({ column }) => column.name)
  const found =
    constant.length === 0
      ? `None of ${number(of)} columns has.`
      : `${number(constant.length)} of ${number(of)} columns have, in ${counted(rows)}: ${names.join(', ')}${constant.length > NAMED ? ', …' : ''}.`
  return check(
    {
      dataset: 'train',
      column: constant.length === 1 ? names[0]! : null,
      rule: 'constant columns',
      expected: 'No column has the same value in all rows.',
    },
    { verdict: constant.length === 0 ? 'pass' : 'warn', found, failing: constant.length },
  )
}

async function checkEqual(train: Dataset, prints: readonly Print[], labels: readonly string[]): Promise<Check[]> {
  const about = (column: string | null): About => ({
    dataset: 'train',
    column,
    rule: 'equal columns',
    expected: 'No column is equal to another one in all rows.',
  })
  const firsts = new Map<string, Column>()
  const problems: Check[] = []
  for (const { column, sum } of prints) {
    const first = firsts.get(sum)
    if (first === undefined) firsts.set(sum, column)
    else if (!labels.includes(column.name) && (await areEqual(train, first, column))) {
      const label = labels.includes(first.name)
      const found = `It is equal to ${label ? `the label ${first.name}` : first.name}.${label ? ' Whoever has the one needs no model for the other: leave it out.' : ''}`
      problems.push(check(about(column.name), { verdict: label ? 'fail' : 'warn', found, failing: train.rows }))
    }
  }
  if (problems.length > 0) return problems
  return [check(about(null), { verdict: 'pass', found: 'None is.' })]
}

async function printsOf(data: Dataset, names: readonly string[]): Promise<Print[]> {
  const columns = names.flatMap((name) => data.columns.filter((column) => column.name === name))
  const prints: Print[] = []
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const some = columns.slice(from, from + AT_ONCE)
    const hashes = some.map((column, index) => `hash(${plain(column)}) AS h${index}`).join(', ')
    const sums = some.map(
      (_, index) => `min(h${index}) = max(h${index}) AS c${index}, sum(h${index} >> 24)::VARCHAR AS s${index}`,
    )
    const [row] = await data.query(`SELECT ${sums.join(', ')} FROM (SELECT ${hashes} FROM data)`)
    prints.push(
      ...some.map((column, index) => ({
        column,
        constant: row![`c${index}`] === true,
        sum: String(row![`s${index}`]),
      })),
    )
  }
  return prints
}

/** Numbers and truths of any type are equal as doubles. */
function plain({ name, type }: Column): string {
  const loose = isNumeric(type) || familyOf(type) === 'boolean'
  return loose ? `${quoteIdentifier(name)}::DOUBLE` : quoteIdentifier(name)
}

/** Equal sums of hashes are those of the same values, but perhaps in other rows. */
async function areEqual(data: Dataset, one: Column, other: Column): Promise<boolean> {
  const [a, b] =
    one.type === other.type ? [quoteIdentifier(one.name), quoteIdentifier(other.name)] : [plain(one), plain(other)]
  if (one.type !== other.type && plain(one).includes('::') !== plain(other).includes('::')) return false
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE ${a} IS DISTINCT FROM ${b}) AS rows FROM data`)
  return Number(row!.rows) === 0
}
