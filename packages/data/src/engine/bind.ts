import type { DuckDBPreparedStatement } from '@duckdb/node-api'
import type { Value } from '../dataset.ts'

/**
 * Gives a statement its values, in order or by name. A number without a fraction is a BIGINT to DuckDB, which throws
 * where it is beyond one: then it is a DOUBLE.
 */
export function bind(statement: DuckDBPreparedStatement, values: readonly Value[] | Record<string, Value>): void {
  for (const [key, value] of Object.entries(values)) {
    const index = Array.isArray(values) ? Number(key) + 1 : statement.parameterIndex(key)
    if (typeof value === 'number' && Math.abs(value) >= 2 ** 63) statement.bindDouble(index, value)
    else statement.bindValue(index, value)
  }
}
