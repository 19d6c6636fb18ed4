import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '@modelyard/spec'

/** Functions that do something where a SELECT names them, or run SQL that is given as text. */
const effects =
  /^(?:(?:en|dis)able_\w+|truncate_\w+|force_checkpoint|checkpoint|write_log|query|query_table|json_execute_serialized_sql)$/i
const suspect = new RegExp(effects.source.slice(1, -1), 'i')

/** What the parser makes of SQL. */
interface Serialized {
  error: boolean
  error_type?: string
  error_message?: string
}

/** Refuses a SELECT that changes the engine: some of its functions do, even where its configuration is locked. */
export async function refuseEffects(connection: DuckDBConnection, sql: string): Promise<void> {
  // A function can only be called by its name as it stands.
  if (!suspect.test(sql)) return
  const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql])
  const parsed = JSON.parse(String(reader.getRows()[0]![0])) as Serialized
  // What cannot be looked through is not run.
  if (parsed.error) {
    throw new UserError(
      parsed.error_type === 'parser' ? `Parser Error: ${parsed.error_message}` : 'Only a SELECT may be run on data.',
    )
  }
  const found = functionsOf(parsed).find((name) => effects.test(name))
  if (found) throw new UserError(`${found} may not be called on data: it does more than read them.`)
}

function functionsOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  const name = 'function_name' in node && typeof node.function_name === 'string' ? [node.function_name] : []
  return [...name, ...Object.values(node).flatMap(functionsOf)]
}
