import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '../dataset.ts'
import { columnsOf, refuseDifferences, refuseTwins } from '../engine/columns.ts'
import { quoteIdentifier, quoteLiteral } from '../engine/quote.ts'
import { readable, withoutGlob } from './formats.ts'
import { type Stored, storedName, writeParquet } from './stored.ts'
import { unpacked } from './text.ts'
import type { TextFile } from './text-source.ts'

/** Names of the engine's own for what it knows of a row: columns that are called so would hide them. */
const own = /^(?:filename|file_row_number|file_index)$/i

/**
 * Parquet files are read where they lie, except those that are compressed as a whole and those whose columns are called
 * as the engine calls its own: these are written again in `folder`.
 */
export async function openParquet(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  folder: string,
): Promise<Stored & { stored: boolean }> {
  const paths: string[] = []
  const described: Array<{ name: string; columns: Column[] }> = []
  for (const [index, { name, path }] of files.entries()) {
    paths.push(/\.(?:gz|zst)$/i.test(path) ? await unpack(name, path, join(folder, `${index}.parquet`)) : path)
    described.push({ name, columns: await readable('Parquet', name, () => columnsOf(connection, scan(paths[index]!))) })
    await readable('Parquet', name, () => requireRows(connection, paths[index]!))
    refuseTwins(name, await topNames(connection, paths[index]!, described[index]!.columns))
  }
  refuseDifferences(described, true)
  const columns = described[0]!.columns
  if (!columns.some(({ name }) => own.test(name))) return { paths, columns, stored: false }
  const stored = columns.map(({ name }, index) => `${quoteIdentifier(name)} AS ${storedName(index)}`).join(', ')
  for (const [index, { name }] of files.entries()) {
    const path = join(folder, `${index}-stored.parquet`)
    await readable('Parquet', name, () =>
      writeParquet(connection, `SELECT ${stored} FROM ${scan(paths[index]!)}`, path, columns.length),
    )
    paths[index] = path
  }
  return { paths, columns, stored: true }
}

/** How many rows each file has, as its footer says. */
export async function rowsOf(connection: DuckDBConnection, paths: readonly string[]): Promise<number[]> {
  const list = paths.map((path) => quoteLiteral(withoutGlob(path))).join(', ')
  const reader = await connection.runAndReadAll(
    `SELECT file_name, num_rows::DOUBLE FROM parquet_file_metadata([${list}])`,
  )
  const rows = new Map(reader.getRows().map(([path, count]) => [String(path), Number(count)]))
  return paths.map((path) => rows.get(path)!)
}

/** A file has two counts of its rows: the footer's, and those of its row groups, by which it is read. */
async function requireRows(connection: DuckDBConnection, path: string): Promise<void> {
  const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${scan(path)}`)
  const [told] = await rowsOf(connection, [path])
  const read = reader.getRows()[0]![0]
  if (told !== read) throw new Error(`the footer tells of ${told} rows and the row groups of ${read}`)
}

/** The names as they are written: of two that differ in case only, the engine renames one. */
async function topNames(connection: DuckDBConnection, path: string, columns: readonly Column[]): Promise<string[]> {
  const names = columns.map(({ name }) => name)
  if (!names.some((name) => /_\d+$/.test(name))) return names
  const reader = await connection.runAndReadAll(
    `SELECT name, num_children FROM parquet_schema(${quoteLiteral(withoutGlob(path))})`,
  )
  const [, ...elements] = reader
    .getRows()
    .map(([name, children]) => ({ name: String(name), children: Number(children) }))
  const top: string[] = []
  for (let at = 0; at < elements.length; ) {
    top.push(elements[at]!.name)
    // An element's children follow it.
    for (let open = 1; open > 0; at++) open += elements[at]!.children - 1
  }
  return top
}

function scan(path: string): string {
  return `read_parquet(${quoteLiteral(withoutGlob(path))}, hive_partitioning = false)`
}

async function unpack(name: string, path: string, to: string): Promise<string> {
  await readable('Parquet', name, () => pipeline(unpacked(path), createWriteStream(to)))
  return to
}
