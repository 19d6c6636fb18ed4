import type { FileDigest } from '@modelyard/spec'

/** A column by name and DuckDB type (`DOUBLE`, `VARCHAR`, `TIMESTAMP`, …). */
export interface Column {
  name: string
  type: string
  /** Of text files: there is no value by which it has a type, so that it goes with any. */
  empty?: true
}

/** A value of a query's answer: integers beyond 2^53 are bigints; dates, times and nested values are DuckDB's text. */
export type Value = number | bigint | string | boolean | null
export type Row = Record<string, Value>

/**
 * The values of one column, in row order. Numbers and booleans (0 and 1) are a `Float64Array` with NaN for null;
 * everything else is text, or null.
 */
export type ColumnValues = Float64Array | Array<string | null>
export type Columns = Record<string, ColumnValues>

export interface QueryOptions {
  /** The query is broken off after this many seconds; it is not begun where an earlier one runs on (`endLeftWork`). */
  seconds?: number
  /** Breaks the query off; the signal's reason is thrown. */
  signal?: AbortSignal
  /** Asks `data` with one thread, so that sums of fractions are the same on any machine. */
  repeatable?: boolean
}

export interface ReadOptions {
  /** Columns to read as text whatever their type: ids and groups. */
  text?: readonly string[]
}

export interface NumbersOptions {
  /** A condition of SQL; by default all rows. */
  where?: string
  /** By default `data`. */
  table?: 'data' | 'modelyard_sample'
}

/** A share of a dataset's rows: the `index`th of `of` runs of rows, as even as they can be. Both count from 1. */
export interface Shard {
  index: number
  of: number
}

/**
 * Files that are open as one table, `data`, in a sandboxed DuckDB. The table `modelyard_part` holds the rows of the
 * shard, all of them where there is none; `modelyard_sample` about 100,000 rows of `data`, whatever the shard. SQL that a
 * user wrote must ask `data` alone: the others are other rows in each job of a matrix. Close it when done.
 */
export interface Dataset {
  /** The files in the order in which their rows come: by name. */
  readonly files: readonly FileDigest[]
  /** SHA-256 over the files' names and digests (`datasetDigest`). */
  readonly sha256: string
  readonly columns: readonly Column[]
  readonly rows: number
  /** Which rows are in the table `modelyard_part`, and how many; null where all are. */
  readonly shard: (Shard & { rows: number }) | null
  /** How many rows each of the files has, in their order; nothing where the rows are the answer of SQL. */
  rowsByFile(): Promise<readonly number[]>
  /** What read it: DuckDB's version and the number of threads. */
  readonly engine: { duckdb: string; threads: number }
  /** Runs one SELECT over these tables. Values are bound (`?`, `$1`, `$name`), never pasted. */
  query(sql: string, parameters?: readonly Value[] | Record<string, Value>, options?: QueryOptions): Promise<Row[]>
  /**
   * Throws a `UserError` where SQL is no SELECT that could be run: what DuckDB says of it, and the columns that may be
   * meant. No value is looked at, so that none is told.
   */
  prepare(sql: string): Promise<void>
  /** Whole columns, in the order of the rows: file by file, row by row. */
  readColumns(names: readonly string[], options?: ReadOptions): Promise<Columns>
  /** The same in batches of `size` rows (the last may be smaller), so that memory is bounded. */
  batches(names: readonly string[], size: number, options?: ReadOptions): AsyncIterable<Columns>
  /**
   * What SQL expressions make of each row that a condition meets, as numbers, NaN for null: an array for each expression,
   * a few thousand rows at a time, in their order. For what is too long to be held, such as hashes.
   */
  numbers(expressions: readonly string[], options?: NumbersOptions): AsyncIterable<Float64Array[]>
  close(): void
}
