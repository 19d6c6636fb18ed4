import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '@modelyard/spec'
import type { Column } from '../dataset.ts'
import { lookLikeData, sayNoHeader } from '../files/say-columns.ts'

/** The columns of a relation. */
export async function columnsOf(connection: DuckDBConnection, from: string): Promise<Column[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)
  return reader.getRowObjects().map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
}

/** Refuses two columns of one name. SQL does not tell upper from lower case, and the engine would rename one. */
export function refuseTwins(file: string, names: readonly string[]): void {
  const seen = new Map<string, string>()
  for (const name of names) {
    const key = name.toLowerCase()
    const other = seen.get(key)
    if (other !== undefined && lookLikeData(names))
      throw new UserError(`${file} has two columns of one name. ${sayNoHeader(file)}`)
    if (other === name) throw new UserError(`${file} has two columns ${name}. Give each column a name of its own.`)
    if (other !== undefined) {
      throw new UserError(
        `${file} has columns ${other} and ${name}, which SQL takes for the same. Give each column a name of its own.`,
      )
    }
    seen.set(key, name)
  }
}

/** Refuses files whose columns differ from those of the first. `typed` compares types, too. */
export function refuseDifferences(
  files: ReadonlyArray<{ name: string; columns: readonly Column[] }>,
  typed: boolean,
): void {
  const first = files[0]!
  for (const file of files) {
    const difference = differs(first.columns, file.columns, typed)
    if (!difference) continue
    const strange = typed
      ? undefined
      : [file, first].find(({ columns }) => lookLikeData(columns.map(({ name }) => name)))
    const why = strange ? `have other columns. ${sayNoHeader(strange.name)}` : `differ: ${difference}.`
    throw new UserError(`${file.name} and ${first.name} ${why}`)
  }
}

/** How two files' columns differ, as the end of a sentence. */
function differs(first: readonly Column[], other: readonly Column[], typed: boolean): string | undefined {
  const types = new Map(first.map(({ name, type }) => [name, type]))
  for (const { name, type } of other) {
    const before = types.get(name)
    if (before === undefined) return `the first has a column ${name}, the second has none`
    if (typed && before !== type) return `${name} is ${type} in the first and ${before} in the second`
  }
  const names = new Set(other.map(({ name }) => name))
  const missing = first.find(({ name }) => !names.has(name))
  if (missing) return `the second has a column ${missing.name}, the first has none`
  if (other.some(({ name }, index) => name !== first[index]!.name)) return 'their columns are in another order'
  return undefined
}
