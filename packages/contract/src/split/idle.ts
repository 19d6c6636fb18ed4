import { type Column, type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { familyOf, isNumeric } from '../conditions.ts'
import { type About, check, type Found } from './finding.ts'

/** So many columns are hashed in one scan. */
const AT_ONCE = 100

/** So many are named in a sentence. */
const NAMED = 10

/** Columns that have one value in all but fewer rows are equal by chance: flags that are set in the same one row. */
const TELLING = 5

/** What the values of a column come to, in any order. */
interface Print {
  column: Column
  constant: boolean
  sum: string
}

/**
 * Columns of the training data that say nothing: those of one value, and those that are equal to another one in all
 * rows. One that is equal to a label tells it, and fails. What a sample of the rows does not rule out is looked at in all
 * of them.
 */
export async function checkIdle(
  train: Dataset,
  features: readonly string[],
  labels: readonly string[],
): Promise<Check[]> {
  const columns = [...labels, ...features].flatMap((name) => train.columns.filter((column) => column.name === name))
  const drawn = await printsOf(train, columns, 'modelyard_sample')
  const alike = (print: Print) => print.constant || drawn.some((other) => other !== print && other.sum === print.sum)
  const prints = await printsOf(
    train,
    drawn.filter(alike).map(({ column }) => column),
  )
  const constant = prints.filter(
    ({ constant, column: { name } }) => constant && !labels.includes(name) && !isFolder(train, name),
  )
  const others = prints.filter((print) => !constant.includes(print))
  return [checkConstant(constant, features.length, train), ...(await checkEqual(train, others, labels))]
}

/** Whether a column is folders that the files lie in: data of one year are no mistake, and the next year is another. */
function isFolder({ files }: Dataset, name: string): boolean {
  return files.every((file) =>
    file.name
      .split('/')
      .slice(0, -1)
      .some((folder) => folder.startsWith(`${name}=`)),
  )
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
    { verdict: constant.length === 0 ? 'pass' : 'warn', found, failing: rows },
  )
}

async function checkEqual(train: Dataset, prints: readonly Print[], labels: readonly string[]): Promise<Check[]> {
  const about = (column: string | null): About => ({
    dataset: 'train',
    column,
    rule: 'equal columns',
    expected: 'No column is equal to another one in all rows.',
  })
  const known = new Map<string, Column[]>()
  const problems: Check[] = []
  for (const { column, sum } of prints) {
    const like = known.get(sum) ?? []
    const first = labels.includes(column.name) ? undefined : await firstEqual(train, like, column)
    if (first === undefined) known.set(sum, [...like, column])
    else problems.push(check(about(column.name), judge(first, labels.includes(first.name), train)))
  }
  if (problems.length > 0) return problems
  return [check(about(null), { verdict: 'pass', found: 'None is.' })]
}

function judge({ name }: Column, isLabel: boolean, { rows }: Dataset): Found {
  if (!isLabel) return { verdict: 'warn', found: `It is equal to ${name}.`, failing: rows }
  const found = `It is equal to the label ${name}. Whoever has the one needs no model for the other: leave it out.`
  return { verdict: 'fail', found, failing: rows }
}

async function printsOf(data: Dataset, columns: readonly Column[], table = 'data'): Promise<Print[]> {
  const prints: Print[] = []
  for (let from = 0; from < columns.length; from += AT_ONCE) {
    const some = columns.slice(from, from + AT_ONCE)
    const hashes = some.map((column, index) => `hash(${plain(column)}) AS h${index}`).join(', ')
    const sums = some.map((_, at) => `min(h${at}) = max(h${at}) AS c${at}, sum(h${at} >> 24)::VARCHAR AS s${at}`)
    const [row] = await data.query(`SELECT ${sums.join(', ')} FROM (SELECT ${hashes} FROM ${table})`)
    // A sample without rows rules nothing out.
    prints.push(
      ...some.map((column, at) => ({ column, constant: row![`c${at}`] !== false, sum: String(row![`s${at}`]) })),
    )
  }
  return prints
}

/** Numbers and truths of any type are equal as doubles. */
function plain(column: Column): string {
  return `${quoteIdentifier(column.name)}${isLoose(column) ? '::DOUBLE' : ''}`
}

function isLoose({ type }: Column): boolean {
  return isNumeric(type) || familyOf(type) === 'boolean'
}

/** The first of some columns that another one is equal to in all rows. */
async function firstEqual(data: Dataset, like: readonly Column[], other: Column): Promise<Column | undefined> {
  for (const one of like) if (await areEqual(data, one, other)) return one
  return undefined
}

async function areEqual(data: Dataset, one: Column, other: Column): Promise<boolean> {
  const typed = one.type === other.type
  if (!typed && isLoose(one) !== isLoose(other)) return false
  const [a, b] = [one, other].map((column) => (typed ? quoteIdentifier(column.name) : plain(column)))
  const [row] = await data.query(`SELECT count(*) FILTER (WHERE ${a} IS DISTINCT FROM ${b}) AS rows FROM data`)
  return Number(row!.rows) === 0 && (await areTelling(data, quoteIdentifier(one.name)))
}

/** Whether enough rows have another value than most. Those of many different ones are not counted, which takes memory. */
async function areTelling(data: Dataset, column: string): Promise<boolean> {
  const [values] = await data.query(`SELECT approx_count_distinct(${column}) AS different FROM data`)
  if (Number(values!.different) > 2 * TELLING) return true
  const [row] = await data.query(
    `SELECT sum(n) - max(n) AS rows FROM (SELECT count(*) AS n FROM data GROUP BY ${column})`,
  )
  return Number(row!.rows) >= TELLING
}
