import { type Dataset, quoteIdentifier } from '@modelyard/data'
import type { Check } from '../checks/check.ts'
import { counted, number } from '../checks/plan.ts'
import { familyOf, isNull, isNumeric } from '../conditions.ts'
import { type About, check, columnIn, percent, type Role } from './finding.ts'
import { hashOf, oneIn } from './hashes.ts'
import { collect } from './sample.ts'
import { factorOf, type Pair, type Products, sayPairs } from './served-values.ts'

/** So many values of served rows are held at once; of more, a share of the rows is compared, drawn by their ids. */
const HELD = 4_000_000

/** Numbers are equal that differ by so much of the greater one: serving may count in floats. */
const EQUAL = 1e-6

/** Of so many of the rows a value that differs fails; of fewer it is a warning, since data may be corrected later. */
const FAIL = 0.01

/** So many columns are named in a sentence. */
const NAMED = 20

/** Of so many columns that differ rows are shown, of each so many. */
const SHOWN_COLUMNS = 20
const SHOWN_ROWS = 3

/** Values of served rows, a column after the other, and where those of an id are. */
interface Held {
  rowsOf: Map<number, number[]>
  columns: Float64Array[]
}

/** What differs in a column: in how many rows, and the first of them. */
interface Difference {
  rows: number
  first: Pair[]
  products: Products
}

export interface ServedOptions {
  id: string | undefined
  features: readonly string[]
  /** Columns of which no value may be told. */
  masked?: ReadonlySet<string> | undefined
}

/**
 * Production makes features as training did: rows that were served are held against the rows of the same id in the
 * training data and the hold-out, feature by feature. Numbers are equal within a millionth, all else as text. Nobody
 * says which columns the model takes: one that is not served is asked about.
 */
export async function checkServed(
  served: Dataset,
  { train, holdout }: { train: Dataset; holdout: Dataset },
  { id, features, masked = new Set() }: ServedOptions,
): Promise<Check[]> {
  const about = (column: string | null, dataset: Role = 'train'): About => ({
    dataset,
    column,
    rule: 'served',
    expected: 'Production serves the features that the training data have for the same rows.',
  })
  const unknown = (found: string) => [check(about(null), { verdict: 'inconclusive', found })]
  if (id === undefined) return unknown('No rows can be held against each other: name their column of ids as data.id.')
  if (!columnIn(served, id)) return unknown(`The served rows have no column ${id}, so none can be found again.`)

  const missing = features.filter((name) => !columnIn(served, name))
  const compared = features.filter((name) => columnIn(served, name))
  if (compared.length === 0) return unknown('No feature of the training data is served, so none can be compared.')
  const every = Math.ceil((served.rows * (compared.length + 1)) / HELD)
  const held = await hold(served, train, id, compared, every)
  const differences = compared.map(
    (): Difference => ({ rows: 0, first: [], products: { data: 0, served: 0, both: 0 } }),
  )
  const learned = await compare(train, held, id, compared, { every, differences })
  const judged = await compare(holdout, held, id, compared, { every, differences })
  const rows = learned + judged
  if (rows === 0) return unknown(`None of ${counted(served.rows)} has an id of the training data or the hold-out.`)

  const where = learned === 0 ? 'holdout' : 'train'
  const of = learned > 0 && judged > 0 ? `, ${number(judged)} of them of the hold-out` : ''
  const differ = compared.flatMap((name, index) =>
    differences[index]!.rows > 0 ? [{ name, ...differences[index]! }] : [],
  )
  const shown = differ.filter(({ name }) => !masked.has(name)).slice(0, SHOWN_COLUMNS)
  const pairs = await sayPairs(shown, {
    sources: [train, holdout, served],
    key: { id, hash: key(id), isHidden: masked.has(id) },
    asNumber: (data, name) => asNumber(data, name, data === served ? train : data),
  })
  const skewed = differ.map(({ name, rows: failing, products }) => {
    const factor = masked.has(name) || !isNumber(train, name) ? '' : factorOf(products, failing)
    const found = `It differs in ${number(failing)} of ${counted(rows)} (${percent(failing / rows)})${of}.${factor}${pairs.get(name) ?? ''}`
    return check(about(name, where), { verdict: failing >= FAIL * rows ? 'fail' : 'warn', found, failing })
  })
  const lost = missing.length === 0 ? [] : [check(about(null, where), { verdict: 'warn', found: sayMissing(missing) })]
  if (lost.length + skewed.length > 0) return [...lost, ...skewed]
  const found = `All ${number(features.length)} features agree in ${counted(rows)}.`
  return [check(about(null, where), { verdict: 'pass', found })]
}

function sayMissing(names: readonly string[]): string {
  const list = `${names.slice(0, NAMED).join(', ')}${names.length > NAMED ? ', …' : ''}`
  return names.length === 1
    ? `One column of the training data is not served: ${list}; is it an input of the model?`
    : `${number(names.length)} columns of the training data are not served: ${list}; are they inputs of the model?`
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

/** How many served rows were found; notes, column by column, those that differ. */
async function compare(
  data: Dataset,
  { rowsOf, columns }: Held,
  id: string,
  names: readonly string[],
  { every, differences }: { every: number; differences: Difference[] },
): Promise<number> {
  let rows = 0
  const within = names.map((name) => (isNumber(data, name) ? EQUAL : 0))
  const expressions = [key(id), ...names.map((name) => asNumber(data, name, data))]
  for await (const [ids, ...values] of data.numbers(expressions, { where: drawn(data, id, every) })) {
    for (const [row, each] of ids!.entries()) {
      for (const other of rowsOf.get(each) ?? []) {
        rows++
        for (const [index, column] of columns.entries()) {
          const [ours, theirs] = [values[index]![row]!, column[other]!]
          if (!areEqual(ours, theirs, within[index]!))
            note(differences[index]!, { id: each, data: ours, served: theirs })
        }
      }
    }
  }
  return rows
}

function note(difference: Difference, pair: Pair): void {
  const { products, first } = difference
  difference.rows++
  products.data += pair.data * pair.data
  products.served += pair.served * pair.served
  products.both += pair.data * pair.served
  if (first.length < SHOWN_ROWS) first.push(pair)
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
