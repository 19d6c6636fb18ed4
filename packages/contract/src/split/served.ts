import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../check.ts'
import { familyOf, isNull, isNumeric } from '../conditions.ts'
import { counted, number } from '../plan.ts'
import { type About, check, columnIn, type Found, percent } from './finding.ts'
import { hashOf, oneIn } from './hashes.ts'
import { collect } from './sample.ts'

/** So many values of served rows are held at once; of more, a share of the rows is compared, drawn by their ids. */
const HELD = 4_000_000

/** Numbers are equal that differ by so much of the greater one: serving may count in floats. */
const EQUAL = 1e-6

/** Of so many of the rows a value that differs fails; of fewer it is a warning, since data may be corrected later. */
const FAIL = 0.01

/** Values of served rows, a column after the other, and where those of an id are. */
interface Held {
  rowsOf: Map<number, number[]>
  columns: Float64Array[]
}

/**
 * Production makes features as training did: rows that were served are held against the rows of the same id in the
 * training data and the hold-out, feature by feature. Numbers are equal within a millionth, all else as text.
 */
export async function checkServed(
  served: Dataset,
  data: readonly Dataset[],
  id: string | undefined,
  features: readonly string[],
): Promise<Check[]> {
  const about = (column: string | null): About => ({
    dataset: 'train',
    column,
    rule: 'served',
    expected: 'Production serves the features that the training data have for the same rows.',
  })
  const unknown = (found: string) => [check(about(null), { verdict: 'inconclusive', found })]
  if (id === undefined) return unknown('No rows can be held against each other: name their column of ids as data.id.')
  if (!columnIn(served, id)) return unknown(`The served rows have no column ${id}, so none can be found again.`)

  const missing = features.filter((name) => !columnIn(served, name))
  const compared = features.filter((name) => columnIn(served, name))
  const every = Math.ceil((served.rows * (compared.length + 1)) / HELD)
  const held = await hold(served, data[0]!, id, compared, every)
  const differing = compared.map(() => 0)
  let rows = 0
  for (const each of data) rows += await compare(each, held, id, compared, { every, differing })
  if (rows === 0) return unknown(`None of ${counted(served.rows)} has an id of the training data or the hold-out.`)

  const lost = missing.map((name) => check(about(name), { verdict: 'fail', found: 'It is not served.', failing: rows }))
  const skewed = compared.flatMap((name, index) => {
    const failing = differing[index]!
    return failing === 0 ? [] : [check(about(name), judge(failing, rows))]
  })
  if (lost.length + skewed.length > 0) return [...lost, ...skewed]
  const found = `All ${number(features.length)} features agree in ${counted(rows)}.`
  return [check(about(null), { verdict: 'pass', found })]
}

function judge(failing: number, rows: number): Found {
  const found = `It differs in ${number(failing)} of ${counted(rows)} (${percent(failing / rows)}).`
  return { verdict: failing >= FAIL * rows ? 'fail' : 'warn', found, failing }
}

async function hold(
  served: Dataset,
  like: Dataset,
  id: string,
  names: readonly string[],
  every: number,
): Promise<Held> {
  const expressions = [key(id), ...names.map((name) => asNumber(served, name, like))]
  const where = drawn(served, id, every)
  const [ids, ...columns] = await collect(served.numbers(expressions, { where }), expressions.length)
  const rowsOf = new Map<number, number[]>()
  for (const [row, each] of ids!.entries()) rowsOf.set(each, [...(rowsOf.get(each) ?? []), row])
  return { rowsOf, columns }
}

/** How many served rows were found; counts, column by column, those that differ. */
async function compare(
  data: Dataset,
  { rowsOf, columns }: Held,
  id: string,
  names: readonly string[],
  { every, differing }: { every: number; differing: number[] },
): Promise<number> {
  let rows = 0
  const within = names.map((name) => (isNumber(data, name) ? EQUAL : 0))
  const expressions = [key(id), ...names.map((name) => asNumber(data, name, data))]
  for await (const [ids, ...values] of data.numbers(expressions, { where: drawn(data, id, every) })) {
    for (const [row, each] of ids!.entries()) {
      for (const other of rowsOf.get(each) ?? []) {
        rows++
        for (const [index, column] of columns.entries()) {
          if (!areEqual(values[index]![row]!, column[other]!, within[index]!)) differing[index]!++
        }
      }
    }
  }
  return rows
}

function areEqual(a: number, b: number, within: number): boolean {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return true
  return Number.isFinite(a) && Number.isFinite(b) && Math.abs(a - b) <= within * Math.max(Math.abs(a), Math.abs(b))
}

/** Ids are compared as text, since files may type them differently. */
function key(id: string): string {
  return hashOf([`${quoteIdentifier(id)}::VARCHAR`])
}

function drawn(data: Dataset, id: string, every: number): string {
  return `NOT ${isNull(columnIn(data, id)!)} AND ${oneIn(every, [`${quoteIdentifier(id)}::VARCHAR`])}`
}

/** A value as a number that is equal where the values are, as the training data type them. */
function asNumber(data: Dataset, name: string, like: Dataset): string {
  const column = quoteIdentifier(name)
  if (isNumber(like, name)) {
    // What is no number, where there should be one, is unlike all numbers, and unlike none.
    return `coalesce(TRY_CAST(${column} AS DOUBLE), CASE WHEN ${column} IS NOT NULL THEN 'infinity'::DOUBLE END)`
  }
  const { type } = columnIn(like, name)!
  const text =
    columnIn(data, name)!.type === type
      ? `${column}::VARCHAR`
      : `coalesce(TRY_CAST(${column} AS ${type})::VARCHAR, ${column}::VARCHAR)`
  return `CASE WHEN ${column} IS NOT NULL THEN ${hashOf([text])} END`
}

function isNumber(data: Dataset, name: string): boolean {
  const { type } = columnIn(data, name)!
  return isNumeric(type) || familyOf(type) === 'boolean'
}
