import type { Column } from '../dataset.ts'
import { quoteIdentifier, quoteLiteral } from '../engine/quote.ts'
import { withoutGlob } from './formats.ts'
import { listOfValues, type Partition } from './partitions.ts'
import { type Run, runByFile } from './shard.ts'
import { storedName } from './stored.ts'

/** Parquet files as they lie, or as we wrote them. */
export interface Scanned {
  paths: string[]
  /** Rows of each file. */
  rows: number[]
  columns: Column[]
  /** Whether we wrote them, with columns called `c0`, `c1`, …. */
  stored: boolean
  partitions: Partition[]
}

/** A SELECT of all rows, in the order of the files. */
export function selectAll(scanned: Scanned): string {
  return select(scanned, 0, scanned.paths.length)
}

/** A SELECT of a run of rows. Of the files only those are read that hold some: the first and the last one in part. */
export function selectRun(scanned: Scanned, run: Run): string {
  const parts = runByFile(run, scanned.rows)
  const selects: string[] = []
  for (let at = 0; at < parts.length; ) {
    const cut = parts.findIndex(({ file, start, end }, index) => index >= at && end - start < scanned.rows[file]!)
    const end = cut === -1 ? parts.length : cut
    if (end > at) {
      selects.push(select(scanned, parts[at]!.file, parts[end - 1]!.file + 1))
      at = end
    } else {
      const { file, start, end } = parts[at]!
      selects.push(select(scanned, file, file + 1, `file_row_number >= ${start} AND file_row_number < ${end}`))
      at++
    }
  }
  return selects.join(' UNION ALL ') || `SELECT * FROM (${selectAll(scanned)}) WHERE false`
}

/** As many rows are about as good as all to choose bins: an edge is off by less than a third of a hundredth of the rows. */
export const SAMPLE = 100_000

/** 2^32 divided by the golden ratio. */
const STEP = 2_654_435_761
const RANGE = 2 ** 32

/**
 * A SELECT of about a hundred thousand of all rows, and of all where there are not more. Which, is decided by the numbers
 * of the file and of the row in it: multiples of the golden ratio lie evenly and keep step with no period in the data.
 */
export function selectSample(scanned: Scanned): string {
  const rows = scanned.rows.reduce((sum, count) => sum + count, 0)
  if (rows <= SAMPLE) return selectAll(scanned)
  const row = '(file_index::UBIGINT + file_row_number::UBIGINT)'
  const limit = Math.floor((RANGE / rows) * SAMPLE)
  return select(scanned, 0, scanned.paths.length, `(${row} * ${STEP}) & ${RANGE - 1} < ${limit}`)
}

/** Of the files from one up to but not including another, all rows or those that meet a condition. */
function select({ paths, columns, stored, partitions }: Scanned, from: number, to: number, where?: string): string {
  const own = columns.map(({ name }, index) =>
    stored ? `${storedName(index)} AS ${quoteIdentifier(name)}` : quoteIdentifier(name),
  )
  const folders = partitions.map(
    ({ name, type, values }) =>
      `${listOfValues({ type, values: values.slice(from, to) })}[file_index::BIGINT + 1] AS ${quoteIdentifier(name)}`,
  )
  const list = paths.slice(from, to).map((path) => quoteLiteral(withoutGlob(path)))
  return `SELECT ${[...own, ...folders].join(', ')} FROM read_parquet([${list.join(', ')}], hive_partitioning = false)${where ? ` WHERE ${where}` : ''}`
}
