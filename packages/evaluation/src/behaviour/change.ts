import type { Columns, ColumnValues, Dataset } from '@modelyard/data'
import { type Behaviour, UserError } from '@modelyard/spec'
import { normalQuantile, type RandomSource } from '@modelyard/stats'
import { percent } from '../wording/numbers.ts'

/** A column as it is and as a test of behaviour changes it, one entry a row. */
export interface Change {
  values: ColumnValues
  /** The rows whose value is another than before, in ascending order. */
  rows: Uint32Array
}

/** A change in words, to follow the column's name: `times 1.609344`. */
export function sayChange({ noise, missing, scale, add, set }: Behaviour): string {
  if (noise !== undefined) return `with noise of ${noise} standard deviations`
  if (missing !== undefined) return missing === 1 ? 'missing' : `missing in ${percent(missing)} of the rows`
  if (scale !== undefined) return `times ${scale}`
  if (add !== undefined) return add < 0 ? `less ${-add}` : `plus ${add}`
  return `set to ${JSON.stringify(set)}`
}

/**
 * Changes a column: numbers and booleans (0 and 1), or text. What is missing stays so, unless a value is set. `path` names
 * the test in messages. Throws a `UserError` for a change that values of this kind do not allow.
 */
export function changeColumn(before: ColumnValues, test: Behaviour, random: RandomSource, path: string): Change {
  const values = changed(before, test, random, path)
  const other = (row: number) => before[row] !== values[row] && !(isNothing(before[row]) && isNothing(values[row]))
  return { values, rows: Uint32Array.from(before.keys()).filter(other) }
}

function changed(before: ColumnValues, test: Behaviour, random: RandomSource, path: string): ColumnValues {
  const { column, noise, missing, scale, add, set } = test
  if (missing !== undefined) {
    const drop = () => missing === 1 || uniform(random) < missing
    if (before instanceof Float64Array) return before.map((value) => (drop() ? Number.NaN : value))
    return before.map((value) => (drop() ? null : value))
  }
  if (before instanceof Float64Array) {
    if (noise !== undefined) {
      const deviation = standardDeviation(before)
      return before.map((value) => value + noise * deviation * normalQuantile(uniform(random)))
    }
    if (scale !== undefined) return before.map((value) => value * scale)
    if (add !== undefined) return before.map((value) => value + add)
    if (typeof set !== 'string') return new Float64Array(before.length).fill(Number(set))
    throw new UserError(`${path}.set is ${JSON.stringify(set)}, but ${column} holds numbers. Write one of them.`)
  }
  if (set !== undefined) return before.map(() => String(set))
  const key = (['noise', 'scale', 'add'] as const).find((each) => test[each] !== undefined)!
  throw new UserError(
    `${path}.${key} is ${test[key]}, but the model takes ${column} as text. Text can be missing, or set.`,
  )
}

function isNothing(value: number | string | null | undefined): boolean {
  return value === null || Number.isNaN(value)
}

/** Above 0 and below 1. */
function uniform(random: RandomSource): number {
  return (random.below(2 ** 32) + 0.5) / 2 ** 32
}

/** Of the values that are there. */
function standardDeviation(values: Float64Array): number {
  const there = values.filter(Number.isFinite)
  const mean = there.reduce((sum, value) => sum + value, 0) / there.length
  return Math.sqrt(there.reduce((sum, value) => sum + (value - mean) ** 2, 0) / there.length)
}

/** The same dataset, whose reader is given other values of one column in batches. */
export function withColumn(dataset: Dataset, name: string, values: ColumnValues): Dataset {
  return {
    ...dataset,
    async *batches(names, size, options) {
      let from = 0
      for await (const batch of dataset.batches(names, size, options)) {
        const rows = rowsOf(batch)
        yield { ...batch, [name]: values.slice(from, from + rows) }
        from += rows
      }
    },
  }
}

function rowsOf(batch: Columns): number {
  return Object.values(batch)[0]?.length ?? 0
}
