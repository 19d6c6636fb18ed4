import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '@modelyard/spec'
import type { Column } from '../dataset.ts'
import { columnsOf, refuseDifferences, refuseTwins } from '../engine/columns.ts'
import { quoteIdentifier, quoteLiteral } from '../engine/quote.ts'
import { readable, unreadable, withoutGlob } from './formats.ts'
import { linesOfRecords } from './records.ts'
import { refuseBytes } from './refuse-bytes.ts'
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
    // The engine takes what is cut short where a block ends for complete.
    if (/\.(?:gz|zst)$/i.test(file.name)) await refuseBytes(file)
    const columns = await readable(
      'JSON Lines',
      file.name,
      () => foundColumns(connection, [file]),
      async () => {
        await refuseBytes(file)
        return firstBrokenLine(file.path)
      },
    )
    // What the engine calls a column of values that are no objects.
    const line = columns[0]?.name === 'json' ? await firstBrokenLine(file.path) : undefined
    if (line !== undefined) throw unreadable('JSON Lines', file.name, line)
    if (isMap(columns[0]) && (await keysOf(connection, file)).length === 0) {
      throw new UserError(`No line of ${file.name} has a key: each is {}. The keys of JSON Lines name the columns.`)
    }
    if (columns.some(({ name }) => /_\d+$/.test(name))) refuseTwins(file.name, await keysOf(connection, file))
    described.push({ name: file.name, columns })
  }
  refuseDifferences(described, false)
  const columns = files.length === 1 ? described[0]!.columns : await foundColumns(connection, files)
  const untyped = await untypedOf(connection, files, columns)
  const isOpen = ({ name, type }: Column) => isTime(type) || untyped.has(name)
  const asked = columns.map(
    (column) => `${quoteIdentifier(column.name)}: ${quoteLiteral(isOpen(column) ? 'VARCHAR' : column.type)}`,
  )
  const stored = columns.map((column, index) => `${asText(column)} AS ${storedName(index)}`)
  return {
    names: columns.map(({ name }) => name),
    types: columns.map((column) => (isOpen(column) ? undefined : column.type === 'JSON' ? 'VARCHAR' : column.type)),
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
  if (!isMap(found[0])) return found
  const keys = await columnsOf(
    connection,
    relation(files, 'sample_size = -1, map_inference_threshold = -1, field_appearance_threshold = 0'),
  )
  const isKey = keys.length === 1 && keys[0]!.name === 'json'
  return isKey ? found : keys
}

/** So the engine calls objects that it takes for maps. */
function isMap(first: Column | undefined): boolean {
  return first?.name === 'json' && first.type.startsWith('MAP(')
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

/** Columns whose types say nothing: without values, or with integers that are as DOUBLE less than is written. */
async function untypedOf(
  connection: DuckDBConnection,
  files: ReadonlyArray<{ path: string }>,
  columns: readonly Column[],
): Promise<Set<string>> {
  const some = columns.filter(({ type }) => type === 'JSON' || type === 'DOUBLE')
  if (some.length === 0) return new Set()
  const asked = some.map(({ name, type }) => `${quoteIdentifier(name)}: ${quoteLiteral(type)}`)
  const from = relation(files, `auto_detect = false, columns = {${asked.join(', ')}}`)
  const untyped = some.map(({ name, type }) => {
    const column = quoteIdentifier(name)
    return type === 'JSON' ? `count(${column}) = 0` : `coalesce(max(abs(${column})) >= 2::DOUBLE ** 63, false)`
  })
  const reader = await connection.runAndReadAll(`SELECT [${untyped.join(', ')}]::VARCHAR FROM ${from}`)
  const found = JSON.parse(String(reader.getRows()[0]![0])) as boolean[]
  return new Set(some.filter((_, at) => found[at]).map(({ name }) => name))
}

function isTime(type: string): boolean {
  return /^(?:DATE|TIME|TIMESTAMP)/.test(type)
}

function asText({ name, type }: Column): string {
  return type === 'JSON' ? `${quoteIdentifier(name)} ->> '$'` : quoteIdentifier(name)
}
