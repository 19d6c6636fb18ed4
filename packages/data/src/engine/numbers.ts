import type { DuckDBDataChunk } from '@duckdb/node-api'
import type { NumbersOptions } from '../dataset.ts'
import { failure, type Table } from './read.ts'

/** What SQL expressions make of each row, chunk by chunk as DuckDB hands them out. See `Dataset.numbers`. */
export async function* numbers(
  { engine }: Pick<Table, 'engine'>,
  expressions: readonly string[],
  { where = 'true', table = 'data' }: NumbersOptions = {},
): AsyncGenerator<Float64Array[]> {
  const list = expressions.map((expression) => `coalesce((${expression})::DOUBLE, 'nan'::DOUBLE)`).join(', ')
  const connection = await engine.connect()
  let next: Promise<DuckDBDataChunk | null> | undefined
  try {
    const result = await connection.stream(`SELECT ${list} FROM ${table} WHERE ${where}`)
    // DuckDB makes the next chunk while this one is worked on.
    next = result.fetchChunk()
    for (let chunk = await next; chunk?.rowCount; chunk = await next) {
      next = result.fetchChunk()
      const rows = chunk.rowCount
      yield expressions.map((_, index) => {
        const vector = chunk.getColumnVector(index)
        const values = new Float64Array(rows)
        for (let row = 0; row < rows; row++) values[row] = vector.getItem(row) as number
        return values
      })
    }
  } catch (cause) {
    throw failure(cause)
  } finally {
    // Who wants no more rows leaves a chunk behind that is still being made.
    await next?.catch(() => undefined)
    connection.closeSync()
  }
}
