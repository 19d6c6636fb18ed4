import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { quoteLiteral } from '../engine/quote.ts'
import { exactTypes, guessTypes, type Written } from './find-types.ts'
import { type Format, readable } from './formats.ts'
import { refuseBytes } from './refuse-bytes.ts'
import { refuseRejects } from './rejects.ts'
import { type Stored, storedName, writeParquet } from './stored.ts'
import { firstBrokenLine } from './text.ts'
import type { TextFile, TextSource } from './text-source.ts'
import { castText, fits } from './types.ts'

/**
 * Parses text files into Parquet, in `folder`: all of them are known to parse, and can be scanned again and again
 * without being held in memory. A column has the narrowest type that takes all its values in all files, whatever the
 * threads. Throws a `UserError` that names the lines which do not parse.
 */
export async function storeText(
  connection: DuckDBConnection,
  format: Format,
  files: readonly TextFile[],
  source: TextSource,
  folder: string,
): Promise<Stored> {
  const write = async (types: readonly string[]): Promise<Written> => {
    const written: Written = { paths: [], rows: 0, lost: false }
    for (const [index, file] of files.entries()) {
      const path = join(folder, `${index}.parquet`)
      const found = await read(format, file, () => writeTyped(connection, source.from(file.path), source, types, path))
      if (format === 'CSV') await refuseRejects(connection, file)
      written.paths.push(path)
      written.rows += found.rows
      written.lost ||= found.lost
    }
    return written
  }
  const guessed = await read(format, files[0]!, () => guessTypes(connection, files[0]!, source))
  const types = guessed.map(({ type }) => type ?? 'VARCHAR')
  const first = await write(types)
  const exact = await exactTypes(connection, files, source, guessed, first)
  const columns = exact.map((each, index) => ({ name: source.names[index]!, ...each }))
  if (exact.every(({ type }, index) => type === types[index])) return { paths: first.paths, columns }
  return { paths: (await write(exact.map(({ type }) => type))).paths, columns }
}

function read<T>(format: Format, file: TextFile, use: () => Promise<T>): Promise<T> {
  return readable(format, file.name, use, async () => {
    await refuseBytes(file)
    return format === 'JSON Lines' ? firstBrokenLine(file.path) : undefined
  })
}

async function writeTyped(
  connection: DuckDBConnection,
  from: string,
  { types: known }: TextSource,
  types: readonly string[],
  path: string,
): Promise<Omit<Written, 'paths'>> {
  const names = types.map((_, index) => storedName(index))
  const typed = names.map(
    (name, index) =>
      `${known[index] ? `TRY_CAST(${name} AS ${types[index]})` : castText(name, types[index]!)} AS v${index}`,
  )
  const stored = names.map((name, index) => `v${index} AS ${name}`)
  const kept = names.map((name, index) =>
    known[index] ? `v${index} IS NOT NULL` : fits(name, `v${index}`, types[index]!),
  )
  const lost = names.map((name, index) => `${name} IS NOT NULL AND NOT ${kept[index]}`)
  await writeParquet(
    connection,
    `SELECT ${stored.join(', ')}, greatest(false, ${lost.join(', ')}) AS lost FROM (SELECT *, ${typed.join(', ')} FROM ${from})`,
    path,
    types.length,
  )
  const reader = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, bool_or(lost) FROM read_parquet(${quoteLiteral(path)})`,
  )
  const [rows, isLost] = reader.getRows()[0]!
  return { rows: Number(rows), lost: isLost === true }
}
