import type { Dataset } from '@modelyard/data'
import { isRowMetric, type Predicate, type RowMetric, UserError } from '@modelyard/spec'
import { holm } from '@modelyard/stats'
import { type CompareOptions, compareMetrics } from './compare.ts'
import type { Comparison } from './comparison.ts'
import { decideDifference, type Gate, marginOf, type Reading } from './gates.ts'
import { type Sample, subset } from './sample.ts'

export type SliceRecord = Predicate<'gate'>['slices'][number]

/** With fewer rows a slice is not looked at on its own. */
const FEWEST_ROWS = 200
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
 * boolean SQL expression. Throws a `UserError` for an expression that DuckDB does not take.
 */
export async function findSlices(
  dataset: Dataset,
  written: ReadonlyArray<string | readonly [string, string]>,
): Promise<Slices> {
  const found: Slices = { slices: [], leftOut: [] }
  const isColumn = (name: string) => dataset.columns.some((column) => column.name === name)
  for (const one of written) {
    if (typeof one === 'string' && !isColumn(one)) {
      found.slices.push({ name: one, rows: await rowsWhere(dataset, one) })
      continue
    }
    const columns = typeof one === 'string' ? [one] : [...one]
    const stranger = columns.find((name) => !isColumn(name))
    if (stranger !== undefined) {
      throw new UserError(
        `evaluate.slices names the pair ${columns.join(', ')}, but the hold-out has no column ${stranger}. It has ${dataset.columns.map(({ name }) => name).join(', ')}.`,
      )
    }
    const { slices, leftOut } = await sliceByValues(dataset, columns)
    found.slices.push(...slices)
    found.leftOut.push(...leftOut)
  }
  return found
}

async function sliceByValues(dataset: Dataset, columns: readonly string[]): Promise<Slices> {
  const read = await dataset.readColumns([...columns], { text: [...columns] })
  const values = columns.map((name) => read[name] as Array<string | null>)
  const parts = new Map<string, number[]>()
  for (let row = 0; row < dataset.rows; row++) {
    const name = columns.map((column, at) => nameOf(column, values[at]![row]!)).join(', ')
    const known = parts.get(name)
    if (known) known.push(row)
    else parts.set(name, [row])
  }
  const shown = [...parts]
    .filter(([, { length }]) => length >= FEWEST_ROWS)
    .sort(([one, { length: first }], [other, { length: second }]) => second - first || (one < other ? -1 : 1))
    .slice(0, MOST_VALUES)
  const rest = parts.size - shown.length
  const why = `fewer than ${FEWEST_ROWS} rows, or ${MOST_VALUES} others are more frequent`
  const of = columns.join(' and ')
  return {
    slices: shown.map(([name, rows]) => ({ name, rows: Uint32Array.from(rows) })),
    leftOut: rest === 0 ? [] : [`Of ${of}, ${rest} ${rest === 1 ? 'value has' : 'values have'} no slice: ${why}.`],
  }
}

function nameOf(column: string, value: string | null): string {
  return value === null ? `${column} is missing` : `${column} = ${value}`
}

async function rowsWhere(dataset: Dataset, expression: string): Promise<Uint32Array> {
  const limits = { seconds: 60 }
  try {
    // The line breaks keep a comment in the expression from swallowing what follows.
    const [type] = await dataset.query(`SELECT typeof((\n${expression}\n)) AS type FROM data LIMIT 1`, [], limits)
    if (type?.type !== 'BOOLEAN') throw new UserError(`it is ${type?.type}, not true or false`)
    const rows = await dataset.query(
      `SELECT place FROM (SELECT row_number() OVER () - 1 AS place, (\n${expression}\n) AS inside FROM data) WHERE inside ORDER BY place`,
      [],
      limits,
    )
    return Uint32Array.from(rows, ({ place }) => Number(place))
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause
    const message = cause.message.replace(/\.$/, '')
    throw new UserError(
      `evaluate.slices names ${JSON.stringify(expression)}, which is no column, and no condition on columns either: ${message}.`,
      { cause },
    )
  }
}

export interface SliceOptions extends CompareOptions {
  /** The gate whose metric and margin slices are held against. */
  gate: Gate
  champion: string
}

/** The gate that slices are held against: the first that compares rows with the champion's. */
export function sliceGate(gates: readonly Gate[]): Gate | undefined {
  return gates.find((gate) => gate.max_regression !== undefined && isRowMetric(gate.metric))
}

/**
 * Compares the models on each slice. A slice passes on its own interval, for the claim that all are well needs no
 * correction. It fails only if it is worse beyond the margin by its interval and after Holm's correction for the number
 * of slices; an absent one is inconclusive, anything else warns.
 */
export function judgeSlices(sample: Sample, slices: readonly Slice[], options: SliceOptions): SliceRecord[] {
  const looks = slices.map((slice) => look(sample, slice, options))
  const tested = looks.filter(({ pValue }) => pValue !== null)
  const adjusted = holm(tested.map(({ pValue }) => pValue!))
  const worse = new Set(tested.filter((_, index) => adjusted[index]! <= (1 - options.confidence) / 2))
  return looks.map((found) => {
    const { slice, reading, metric } = found
    const fails = reading.verdict === 'fail' && worse.has(found)
    const absent = slice.rows.length === 0
    const verdict = reading.verdict === 'pass' ? 'pass' : fails ? 'fail' : absent ? 'inconclusive' : 'warn'
    const { name, ...numbers } = metric
    return {
      ...numbers,
      name: slice.name,
      rows: slice.rows.length,
      metric: name,
      verdict,
      reason: `${slice.name}: ${reading.reason}`,
    }
  })
}

interface Look {
  slice: Slice
  metric: Omit<Comparison, 'worseBeyond'>
  reading: Reading
  pValue: number | null
}

function look(sample: Sample, slice: Slice, { gate, champion, ...options }: SliceOptions): Look {
  const name = gate.metric as RowMetric
  if (slice.rows.length < FEWEST_ROWS) {
    const reason = `It holds ${slice.rows.length} rows; ${FEWEST_ROWS} are needed.`
    const nothing = { value: null, low: null, high: null, reason }
    const metric = { name, candidate: nothing, champion: nothing, difference: { ...nothing, method: 'none' } }
    return { slice, metric, reading: { verdict: 'warn', reason, place: null }, pValue: null }
  }
  const [comparison] = compareMetrics(subset(sample, slice.rows), [name], options)
  const { worseBeyond, ...metric } = comparison!
  const margin = marginOf(gate.max_regression!, metric)
  const reading = decideDifference(metric, gate, margin, options.confidence, champion)
  return { slice, metric, reading, pValue: worseBeyond ? worseBeyond(margin) : null }
}
