import { type Dataset, sayColumns } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import { FEWEST_ROWS as FEWEST_NAMED } from '../diagnostics/search/features.ts'
import { unnamed } from '../sample/unnamed.ts'
import { firstOf } from '../wording/numbers.ts'

/** Of one column, the most frequent. */
const MOST_VALUES = 50

export interface Slice {
  name: string
  /** The rows that are in it, in ascending order. */
  rows: Uint32Array
}

export interface Slices {
  slices: Slice[]
  /** Sentences on what is left out. */
  leftOut: string[]
}

/**
 * The parts of a dataset that a model file names: a column is one slice for each of its values, anything else is a
 * boolean SQL expression. The values of masked columns are numbered. Throws a `UserError` for an expression that DuckDB does not take.
 */
export async function findSlices(
  dataset: Dataset,
  written: ReadonlyArray<string | readonly [string, string]>,
  fewest: number,
  masked: ReadonlySet<string> = new Set(),
): Promise<Slices> {
  const found: Slices = { slices: [], leftOut: [] }
  const isColumn = (name: string) => dataset.columns.some((column) => column.name === name)
  for (const one of written) {
    if (typeof one === 'string' && !isColumn(one)) {
      found.slices.push({ name: one, rows: await rowsWhere(dataset, one, 'evaluate.slices') })
      continue
    }
    const columns = typeof one === 'string' ? [one] : [...one]
    const stranger = columns.find((name) => !isColumn(name))
    if (stranger !== undefined) {
      throw new UserError(
        `evaluate.slices names the pair ${columns.join(', ')}, but the hold-out has no column ${stranger}. ${sayColumns(dataset)}`,
      )
    }
    const { slices, leftOut } = await sliceByValues(dataset, columns, fewest, masked)
    found.slices.push(...slices)
    found.leftOut.push(...leftOut)
  }
  return found
}

async function sliceByValues(
  dataset: Dataset,
  columns: readonly string[],
  fewest: number,
  masked: ReadonlySet<string>,
): Promise<Slices> {
  const read = await dataset.readColumns([...columns], { text: [...columns] })
  const values = columns.map((name) => {
    const own = read[name] as Array<string | null>
    return masked.has(name) ? unnamed(own) : own
  })
  // By the values: what is written of two different pairs may be the same.
  const parts = new Map<string, number[]>()
  for (let row = 0; row < dataset.rows; row++) {
    const key = JSON.stringify(values.map((column) => column[row]!))
    const known = parts.get(key)
    if (known) known.push(row)
    else parts.set(key, [row])
  }
  const shown = [...parts]
    .filter(([, { length }]) => length >= fewest)
    .sort(([one, { length: first }], [other, { length: second }]) => second - first || (one < other ? -1 : 1))
    .slice(0, MOST_VALUES)
  const nameAt = (row: number) => columns.map((column, at) => nameOf(column, values[at]![row]!)).join(', ')
  const valueAt = (row: number) => (columns.length > 1 ? nameAt(row) : (values[0]![row] ?? 'missing'))
  const taken = new Set(shown.map(([key]) => key))
  const rest = [...parts].filter(([key]) => !taken.has(key)).map(([, rows]) => rows)
  return {
    slices: shown.map(([, rows]) => ({ name: nameAt(rows[0]!), rows: Uint32Array.from(rows) })),
    leftOut: sayLeftOut(
      columns,
      rest.map((rows) => ({ name: valueAt(rows[0]!), rows: rows.length })),
      fewest,
    ),
  }
}

/** «Of place, 2 values have no slice, for each has fewer than 200 rows (evaluate.min_slice): north, south.» */
function sayLeftOut(columns: readonly string[], rest: ReadonlyArray<{ name: string; rows: number }>, fewest: number) {
  if (rest.length === 0) return []
  const few = `fewer than ${fewest} rows (evaluate.min_slice)`
  const why = rest.every(({ rows }) => rows < fewest) ? few : `${few}, or ${MOST_VALUES} others are more frequent`
  const one = rest.length === 1
  const many = `${rest.length.toLocaleString('en-US')} ${one ? 'value has' : 'values have'} no slice`
  const named = rest.filter(({ rows }) => rows >= FEWEST_NAMED).map(({ name }) => name)
  const those = named.length === 0 ? '' : `: ${firstOf(named)}`
  const hidden = named.length === rest.length ? '' : `; what fewer than ${FEWEST_NAMED} rows share is not named`
  return [`Of ${columns.join(' and ')}, ${many}, for ${one ? 'it' : 'each'} has ${why}${those}${hidden}.`]
}

function nameOf(column: string, value: string | null): string {
  return value === null ? `${column} is missing` : `${column} = ${value}`
}

/** The rows, in ascending order, for which an expression is true; `key` is the model file's that holds it. */
export async function rowsWhere(dataset: Dataset, expression: string, key: string): Promise<Uint32Array> {
  const limits = { seconds: 60 }
  try {
    // The line breaks keep a comment in the expression from swallowing what follows.
    const [type] = await dataset.query(`SELECT typeof((\n${expression}\n)) AS type FROM data LIMIT 1`, [], limits)
    if (type?.type !== 'BOOLEAN') throw new UserError(`it is ${type?.type}, not true or false`)
    const [found] = await dataset.query(
      `SELECT bitstring_agg(place, 0, ${dataset.rows - 1})::VARCHAR AS bits FROM (SELECT row_number() OVER () - 1 AS place, (\n${expression}\n) AS inside FROM data) WHERE inside`,
      [],
      limits,
    )
    return placesOf(found?.bits as string | null)
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    throw new UserError(
      `${key} names ${JSON.stringify(expression)}, which is no column, and no condition on columns either: ${whyNot(expression, cause, dataset)}`,
      { cause },
    )
  }
}

/** Why an expression is none: in our words where DuckDB misses a column or stumbles over our bracket, else in its own. */
function whyNot(expression: string, { message }: UserError, dataset: Dataset): string {
  const [, stranger] = /Referenced column "(.+?)" not found/.exec(message) ?? []
  if (stranger !== undefined) return `the hold-out has no column ${stranger}. ${sayColumns(dataset)}`
  if (!expression.includes(')') && message.includes('at or near ")"')) return 'it ends where more is expected.'
  return message.replace(/[.!]*$/, '.')
}

/** Where a text of noughts and ones has its ones. */
function placesOf(bits: string | null): Uint32Array {
  const places: number[] = []
  for (let place = bits?.indexOf('1') ?? -1; place >= 0; place = bits!.indexOf('1', place + 1)) places.push(place)
  return Uint32Array.from(places)
}
