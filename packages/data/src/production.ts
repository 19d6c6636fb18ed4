import type { ColumnCounts, Profile } from '@modelyard/spec'
import type { Dataset } from './dataset.ts'

export interface ProductionOptions {
  /** The column by which rows are put into windows; without one, all rows are one window. */
  time?: string
  /** The span of a window, as `7d`. */
  span: string
  /** An ISO time: rows after it are not looked at. */
  until?: string
}

/** Production, counted by the reference's bins and categories. */
export interface Production {
  span: string
  /** At most the twelve newest, oldest first; the last one is judged. Empty ones are among them. */
  windows: ProductionWindow[]
  /** In the order of the reference's columns. */
  columns: ProductionColumn[]
  /** Rows that have no time and so are in no window. */
  untimed: number
}

/** The rows of (start, end]; the ends are null where rows have no time. */
export interface ProductionWindow {
  start: string | null
  end: string | null
  rows: number
  /** In the order of the reference's columns; null where production has no such column. */
  columns: Array<ColumnCounts | null>
}

/** What else is known of a column in the newest window. */
export interface ProductionColumn {
  /** Its type in the data; null where there is none of that name. */
  type: string | null
  /** Whether it can be counted like the reference: numbers as numbers, categories as categories. */
  comparable: boolean
  /** Of finite numbers. */
  quartiles: [number, number, number] | null
  /** The most frequent numbers, or categories that the reference has not, with their counts in each window. */
  frequent: Array<{ value: number | string; counts: number[] }>
}

/** Counts production by the reference's bins and categories, in windows that end with the newest row. */
export async function countLike(
  _reference: Profile,
  _dataset: Dataset,
  _options: ProductionOptions,
): Promise<Production> {
  throw new Error('being written')
}
