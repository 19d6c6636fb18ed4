import type { DuckDBConnection } from '@duckdb/node-api'
import { columnsOf, refuseDifferences, refuseTwins } from './columns.ts'
import type { Column } from './dataset.ts'
import { readable, unreadable, withoutGlob } from './formats.ts'
import { quoteIdentifier, quoteLiteral } from './quote.ts'
import { linesOfRecords } from './records.ts'
import { storedName } from './stored.ts'
import { firstBrokenLine } from './text.ts'
import type { TextFile, TextSource } from './text-source.ts'

/**
 * Files of JSON Lines. Columns and their types are those of all lines: JSON tells numbers from text; which text is a
 * time is found out as in CSV. A column that mixes numbers and text is text.
 */
export async function jsonSource(connection: DuckDBConnection, files: readonly TextFile[]): Promise<TextSource> {
  const described: Array<{ name: string; columns: Column[] }> = []
  for (const file of files) {
    const columns = await readable(
      'JSON Lines',
      file.name,
      () => foundColumns(connection, [file]),
      () => firstBrokenLine(file.path),
    )
    // What the engine calls a column of values that are no objects.
    const line = columns[0]?.name === 'json' ? await firstBrokenLine(file.path) : undefined
    if (line !== undefined) throw unreadable('JSON Lines', file.name, line)
    if (columns.some(({ name }) => /_\d+$/.test(name))) refuseTwins(file.name, await keysOf(connection, file))
    described.push({ name: file.name, columns })
  }
  refuseDifferences(described, false)
  const columns = files.length === 1 ? described[0]!.columns : await foundColumns(connection, files)
  const asked = columns.map(
    ({ name, type }) => `${quoteIdentifier(name)}: ${quoteLiteral(isTime(type) ? 'VARCHAR' : type)}`,
  )
  const stored = columns.map((column, index) => `${asText(column)} AS ${storedName(index)}`)
  return {
    names: columns.map(({ name }) => name),
    types: columns.map(({ type }) => (isTime(type) ? undefined : type === 'JSON' ? 'VARCHAR' : type)),
    from: (path) =>
      `(SELECT ${stored.join(', ')} FROM ${relation([{ path }], `auto_detect = false, columns = {${asked.join(', ')}}`)})`,
    lines: (path, rows) =>
      linesOfRecords(
        path,
        rows.map((row) => row - 1),
        { quotes: false, blank: false },
      ),
  }
}

/** Keys are columns, however many they are and however few lines have them. Those of nested objects may be a map's. */
async function foundColumns(connection: DuckDBConnection, files: ReadonlyArray<{ path: string }>): Promise<Column[]> {
  const found = await columnsOf(connection, relation(files, 'sample_size = -1'))
  const [first] = found
  // So the engine calls objects that it takes for maps.
  if (first?.name !== 'json' || !first.type.startsWith('MAP(')) return found
  const keys = await columnsOf(
    connection,
    relation(files, 'sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0'),
  )
  const isKey = keys.length === 1 && keys[0]!.name === 'json'
  return isKey ? found : keys
}

function relation(files: ReadonlyArray<{ path: string }>, options: string): string {
  const list = files.map(({ path }) => quoteLiteral(withoutGlob(path))).join(', ')
  return `read_json([${list}], format = 'newline_delimited', hive_partitioning = false, ${options})`
}

/** The keys as they are written: of two that differ in case only, the engine renames one. */
async function keysOf(connection: DuckDBConnection, { path }: TextFile): Promise<string[]> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT unnest(json_keys(json)) AS key FROM read_ndjson_objects(${quoteLiteral(withoutGlob(path))}) ORDER BY key`,
  )
  return reader.getRows().map(([key]) => String(key))
}

function isTime(type: string): boolean {
  return /^(?:DATE|TIME|TIMESTAMP)/.test(type)
}

function asText({ name, type }: Column): string {
  return type === 'JSON' ? `${quoteIdentifier(name)} ->> '$'` : quoteIdentifier(name)
}
