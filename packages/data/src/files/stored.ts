import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '../dataset.ts'
import { quoteLiteral } from '../engine/quote.ts'

/** Values of a row group: what a thread holds in memory while it writes. */
const GROUP_VALUES = 600_000

/**
 * Data as Parquet files hold them that we wrote. There the columns are called `c0`, `c1`, …, so that no name can clash
 * with what the engine calls its own.
 */
export interface Stored {
  paths: string[]
  columns: Column[]
}

/** What the column at a place is called in a file that we wrote. */
export function storedName(index: number): string {
  return `c${index}`
}

/** Writes the rows of a SELECT as Parquet, in their order. */
export async function writeParquet(connection: DuckDBConnection, select: string, path: string, width: number) {
  const rows = Math.max(2048, Math.floor(GROUP_VALUES / width / 2048) * 2048)
  await connection.run(
    `COPY (${select}) TO ${quoteLiteral(path)} (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE ${rows})`,
  )
}

/** A column in a form in which Parquet keeps all of it: it would keep HUGEINT as DOUBLE. */
export function keptType(type: string): string {
  return type === 'HUGEINT' || type === 'UHUGEINT' ? 'DECIMAL(38,0)' : type
}
