import { UserError } from '@modelyard/spec'
import { columnsOf, refuseTwins } from '../engine/columns.ts'
import type { Engine } from '../engine/engine.ts'
import { quoteIdentifier } from '../engine/quote.ts'
import { failure, prepareSelect } from '../engine/read.ts'
import { rowsOf } from './parquet.ts'
import { keptType, storedName, writeParquet } from './stored.ts'
import type { Scanned } from './views.ts'

/**
 * Runs a SELECT over the table `files` in the locked engine, and makes its rows the table `data`. They are sorted by
 * their values: an answer has no order of its own, and the shards of a dataset must not overlap.
 */
export async function selectOver(engine: Engine, sql: string, path: string, signal?: AbortSignal): Promise<Scanned> {
  return engine.connected(async (connection) => {
    const select = sql.trim().replace(/;$/, '')
    const statement = await prepareSelect(connection, select)
    try {
      const columns = await columnsOf(connection, `(${select}\n)`)
      refuseTwins(
        'The answer of the SQL',
        columns.map((_, index) => statement.columnName(index)),
      )
      const kept = columns.map(({ name, type }) => ({ name, type: keptType(type) }))
      const stored = kept.map(
        ({ name, type }, index) => `CAST(${quoteIdentifier(name)} AS ${type}) AS ${storedName(index)}`,
      )
      await writeParquet(connection, `SELECT ${stored.join(', ')} FROM (${select}\n) ORDER BY ALL`, path, kept.length)
      const scanned: Scanned = {
        paths: [path],
        rows: await rowsOf(connection, [path]),
        columns: kept,
        stored: true,
        partitions: [],
      }
      return scanned
    } catch (cause) {
      if (cause instanceof UserError) throw cause
      throw failure(cause)
    }
  }, signal)
}
