import { type Column, type Dataset, firstOfPart, placesOf, quoteIdentifier, type Value } from '@modelyard/data'
import { isNull, type Sql } from '../conditions.ts'
import { type Asked, type Example, type Finding, type Measured, type Whole, written } from './plan.ts'

/** How many rows are shown of those that break a rule. */
export const SHOWN = 5

/** A value is cut after so many characters. */
const LONGEST = 40

/** In how many rows repeats are looked for first; each further look is at so many times more. */
const FIRST_LOOK = 100_000
const GROWTH = 32

/** The first rows that break a check, as it is measured; nothing where none does. */
export async function breakingRows(
  check: Asked & Measured,
  [failing]: ReadonlyArray<string | null>,
  dataset: Dataset,
): Promise<{ examples?: Example[] }> {
  if (!check.breaking || !(Number(failing) > 0)) return {}
  return shown(await rowsWhere(dataset, check.breaking, valueColumn(check, dataset)))
}

/** What is found of all rows together, as it is written down, with the first rows that break it or repeat others. */
export async function findWhole(check: Asked & Whole, dataset: Dataset): Promise<Finding> {
  const { rows, ...found } = await check.find(dataset)
  const finding = written(found, check)
  if (rows) return { ...finding, ...shown(await examplesAt(dataset, rows, valueColumn(check, dataset))) }
  if (!check.repeats || finding.failing === 0) return finding
  return { ...finding, ...shown(await rowsThatRepeat(dataset, check.repeats, valueColumn(check, dataset))) }
}

function shown(examples: Example[]): { examples?: Example[] } {
  return examples.length > 0 ? { examples } : {}
}

/** The column whose values are shown. */
function valueColumn({ column, personal }: Asked, { columns }: Dataset): Column | undefined {
  return personal ? undefined : columns.find(({ name }) => name === column)
}

interface Found {
  number: number
  value: Value
}

/**
 * The first rows of the part that meet a condition, in the order of the rows, with their value of the column where it
 * may be told.
 */
async function rowsWhere(dataset: Dataset, { text, values }: Sql, told?: Column): Promise<Example[]> {
  const number = numberName(dataset)
  const rows = await dataset.query(
    `SELECT ${number} AS number, ${textOf(told)} AS value
      FROM (SELECT row_number() OVER () - 1 AS ${number}, * FROM modelyard_part) WHERE ${text} LIMIT ${SHOWN}`,
    values,
  )
  return examplesOf(dataset, rows as unknown as Found[], firstOfPart(dataset), told)
}

/** Rows by their numbers from 0, with their value of the column where it may be told. */
export async function examplesAt(dataset: Dataset, numbers: readonly number[], told?: Column): Promise<Example[]> {
  if (numbers.length === 0) return []
  const number = numberName(dataset)
  const rows = await dataset.query(
    `SELECT ${number} AS number, ${textOf(told)} AS value FROM (SELECT row_number() OVER () - 1 AS ${number}, * FROM data)
      WHERE ${number} IN (${numbers.join(', ')}) ORDER BY ${number}`,
  )
  return examplesOf(dataset, rows as unknown as Found[], 0, told)
}

/** The first rows of all that repeat the values of an earlier one. Rows without a value are not compared. */
async function rowsThatRepeat(dataset: Dataset, columns: readonly Column[], told?: Column): Promise<Example[]> {
  const number = numberName(dataset)
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ')
  const known = columns.map((column) => `NOT (${isNull(column)})`).join(' AND ')
  let found: Found[] = []
  for (let rows = FIRST_LOOK; ; rows *= GROWTH) {
    found = (await dataset.query(
      `SELECT ${number} AS number, ${textOf(told)} AS value FROM (
        SELECT *, row_number() OVER (PARTITION BY ${names} ORDER BY ${number}) AS ${number}_of_value
        FROM (SELECT row_number() OVER () - 1 AS ${number}, ${names} FROM data LIMIT ${rows}) WHERE ${known}
      ) WHERE ${number}_of_value > 1 ORDER BY ${number} LIMIT ${SHOWN}`,
    )) as unknown as Found[]
    if (found.length === SHOWN || rows >= dataset.rows) return examplesOf(dataset, found, 0, told)
  }
}

async function examplesOf(
  dataset: Dataset,
  found: readonly Found[],
  before: number,
  told: Column | undefined,
): Promise<Example[]> {
  const places = await placesOf(
    dataset,
    found.map(({ number }) => before + Number(number)),
  )
  return places.map((place, index) => (told ? { ...place, value: cut(found[index]!.value) } : place))
}

/** One character more than is shown tells that there is more. */
function textOf(column: Column | undefined): string {
  return column ? `left(${quoteIdentifier(column.name)}::VARCHAR, ${LONGEST + 1})` : 'NULL'
}

function cut(value: Value): string | null {
  if (value === null) return null
  const characters = [...String(value)]
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join('')}…` : characters.join('')
}

/** A name that no column has: SQL's names differ by more than case. */
function numberName({ columns }: Dataset): string {
  const taken = columns.map(({ name }) => name.toLowerCase())
  let name = 'row_at'
  while (taken.some((each) => each.startsWith(name))) name += '_'
  return name
}
