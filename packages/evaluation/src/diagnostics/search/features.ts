import { type Column, type ColumnValues, type Dataset, quoteIdentifier, quoteLiteral } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import { quantileSorted } from '@modelyard/stats'

/** A column of the hold-out in a few bins, of which the parts are made that are looked at. */
export interface Feature {
  name: string
  /** The bin of each row; `NO_BIN` for a value that too few rows share to be named. */
  of: Uint8Array
  bins: number
  /** So many of the bins, the first ones, are in order: neighbours among them make a part together. */
  ordered: number
  /** SQL that is true of the rows in the bins from the one to the other. */
  where(from: number, to: number): string
}

export const NO_BIN = 255

/** A value that fewer rows share is not named: it would speak of single people. Each half of a part has half as many. */
export const FEWEST_ROWS = 100

const MOST_COLUMNS = 50
const MOST_VALUES = 30
/** Longer text is prose. */
const LONGEST_VALUE = 60
/** With more different numbers than these, they are looked at in ranges. */
const MOST_NUMBERS = 12
const QUANTILES = [0.05, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 0.95]
/** The quantiles are of so many rows at most. */
const MOST_SORTED = 100_000

/**
 * The columns of a dataset by their values, or in ranges. Ids, free text and whatever else has values that few rows share
 * has no bins; the ranges end at round numbers, so that no single row's value shows.
 */
export async function readFeatures(dataset: Dataset, exclude: readonly string[]): Promise<Feature[]> {
  const columns = dataset.columns.filter(({ name }) => !exclude.includes(name)).slice(0, MOST_COLUMNS)
  const keywords = new Set(
    (await dataset.query("SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'")).map(
      ({ keyword_name: word }) => word,
    ),
  )
  const features: Feature[] = []
  for (const column of columns) {
    const plain = /^[a-z_][a-z0-9_]*$/i.test(column.name) && !keywords.has(column.name.toLowerCase())
    const values = await readColumn(dataset, column.name)
    const sql = plain ? column.name : quoteIdentifier(column.name)
    if (values) features.push(...binned(column, values, sql, await holdsNaN(dataset, column)))
  }
  return features
}

/** Whether some values are not a number, which SQL takes for greater than all others, and not for missing. */
async function holdsNaN(dataset: Dataset, { name, type }: Column): Promise<boolean> {
  if (type !== 'DOUBLE' && type !== 'FLOAT') return false
  const [found] = await dataset.query(`SELECT bool_or(isnan(${quoteIdentifier(name)})) AS nan FROM data`)
  return found!.nan === true
}

/** Undefined for numbers that cannot be read as such: ids, mostly. */
async function readColumn(dataset: Dataset, name: string): Promise<ColumnValues | undefined> {
  try {
    return (await dataset.readColumns([name]))[name]!
  } catch (cause) {
    if (cause instanceof UserError) return undefined
    throw cause
  }
}

/**
 * The column as a feature, or nothing where it has no two bins. `sql` is its name in a query; `nan` says that some of the
 * values that are missing are there, but not a number.
 */
export function binned(column: Column, values: ColumnValues, sql: string, nan = false): Feature[] {
  const feature =
    values instanceof Float64Array ? binnedNumbers(column, values, sql, nan) : binnedText(column, values, sql)
  return feature && feature.bins > 1 ? [feature] : []
}

function binnedText({ name }: Column, values: ReadonlyArray<string | null>, sql: string): Feature | undefined {
  const short = (value: string | null) => value === null || (value.length <= LONGEST_VALUE && !/\p{C}/u.test(value))
  const write = (value: string | null) => (value === null ? `${sql} is null` : `${sql} = ${quoteLiteral(value)}`)
  return byValue(name, values, short, write)
}

function binnedNumbers({ name, type }: Column, values: Float64Array, sql: string, nan: boolean): Feature | undefined {
  const missing = nan ? `(${sql} is null or isnan(${sql}))` : `${sql} is null`
  const write = (value: number) => {
    if (Number.isNaN(value)) return missing
    return `${sql} = ${type === 'BOOLEAN' ? value === 1 : value}`
  }
  // SQL has no plain word for infinity.
  const mayBeNamed = (value: number) => Number.isNaN(value) || Number.isFinite(value)
  if (isDiscrete(values)) return byValue(name, values, mayBeNamed, write)
  return byRange(name, values, sql, { missing, above: nan ? ` and not isnan(${sql})` : '' })
}

function isDiscrete(values: Float64Array): boolean {
  const different = new Set<number>()
  for (const value of values) {
    different.add(value)
    if (different.size > MOST_NUMBERS) return false
  }
  return true
}

/** A bin for each of the most frequent values. Undefined where they are the smaller part of the rows. */
function byValue<Value>(
  name: string,
  values: ArrayLike<Value>,
  mayBeNamed: (value: Value) => boolean,
  write: (value: Value) => string,
): Feature | undefined {
  const counts = new Map<Value, number>()
  for (let row = 0; row < values.length; row++) counts.set(values[row]!, (counts.get(values[row]!) ?? 0) + 1)
  const named = [...counts]
    .filter(([value, count]) => count >= FEWEST_ROWS && mayBeNamed(value))
    .sort(([one, first], [other, second]) => second - first || (write(one) < write(other) ? -1 : 1))
    .slice(0, MOST_VALUES)
  if (2 * named.reduce((sum, [, count]) => sum + count, 0) < values.length) return undefined
  const bins = new Map(named.map(([value], bin) => [value, bin]))
  const of = Uint8Array.from(values, (value) => bins.get(value) ?? NO_BIN)
  return { name, of, bins: named.length, ordered: 0, where: (bin) => write(named[bin]![0]) }
}

/** Ranges between round numbers near the quantiles, and a bin for the missing ones. `above` follows a range without end. */
function byRange(
  name: string,
  values: Float64Array,
  sql: string,
  { missing, above }: { missing: string; above: string },
): Feature {
  const cuts = roundCuts(values)
  const of = Uint8Array.from(values, (value) => {
    let bin = 0
    // Not-a-number is below no cut, and past them all.
    while (bin < cuts.length && !(value < cuts[bin]!)) bin++
    return Number.isNaN(value) ? cuts.length + 1 : bin
  })
  const ordered = cuts.length + 1
  return {
    name,
    of,
    ordered,
    bins: ordered + +of.includes(ordered),
    where(from, to) {
      if (from === ordered) return missing
      const low = from > 0 ? `${sql} >= ${cuts[from - 1]}` : ''
      if (to === cuts.length) return `${low}${above}`
      return `${low === '' ? '' : `${low} and `}${sql} < ${cuts[to]}`
    },
  }
}

function roundCuts(values: Float64Array): number[] {
  const stride = Math.ceil(values.length / MOST_SORTED)
  const sorted = values.filter((value, row) => row % stride === 0 && Number.isFinite(value)).sort()
  if (sorted.length === 0) return []
  const quantiles = QUANTILES.map((share) => quantileSorted(sorted, share))
  const spread = quantiles.at(-1)! - quantiles[0]!
  if (!(spread > 0 && Number.isFinite(spread))) return []
  const step = 10 ** Math.floor(Math.log10(spread / 10))
  // Twelve digits, so that multiples of 0.1 are written as people write them.
  const cuts = quantiles.map((quantile) => Number((Math.round(quantile / step) * step).toPrecision(12)))
  return [...new Set(cuts)].filter((cut) => sorted[0]! < cut && cut <= sorted.at(-1)!)
}
