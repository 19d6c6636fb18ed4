import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Problem, UserError } from '@modelyard/spec'
import type { Column } from './dataset.ts'
import { type Format, readable } from './formats.ts'
import { quoteLiteral } from './quote.ts'
import { refuseRejects } from './rejects.ts'
import { firstBrokenLine } from './text.ts'
import { countTypes, fromText, typeBy } from './types.ts'

/** Rows by which the types of columns are first guessed. */
const SAMPLE = 2048
/** Values of a row group: what a thread holds in memory while it writes. */
const GROUP_VALUES = 600_000
const SHOWN = 10

export interface TextFile {
  name: string
  path: string
}

/** How text files are read as a relation of columns `c0`, `c1`, …. */
export interface TextSource {
  /** What the columns are called. */
  names: string[]
  /** Their types; undefined where it is text whose type is to be found out. */
  types: Array<string | undefined>
  from(path: string): string
  /** The lines at which rows begin, given in rising order; both from 1. */
  lines(path: string, rows: readonly number[]): Promise<number[]>
}

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
  const write = async (types: readonly string[]) => {
    const stored: Array<{ path: string; lost: boolean }> = []
    for (const [index, file] of files.entries()) {
      const path = join(folder, `${index}.parquet`)
      stored.push({
        path,
        lost: await read(format, file, () => writeTyped(connection, source.from(file.path), source, types, path)),
      })
      if (format === 'CSV') await refuseRejects(connection, file)
    }
    return { paths: stored.map(({ path }) => path), lost: stored.some(({ lost }) => lost) }
  }
  const guessed = await read(format, files[0]!, () => guessTypes(connection, files[0]!, source))
  const types = guessed.map((type) => type ?? 'VARCHAR')
  const first = await write(types)
  const columns = (as: readonly string[]) => source.names.map((name, index) => ({ name, type: as[index]! }))
  if (!first.lost && !guessed.includes(undefined)) return { paths: first.paths, columns: columns(types) }
  const exact = await exactTypes(connection, files, source)
  if (exact.every((type, index) => type === types[index])) return { paths: first.paths, columns: columns(types) }
  return { paths: (await write(exact)).paths, columns: columns(exact) }
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

function read<T>(format: Format, { name, path }: TextFile, use: () => Promise<T>): Promise<T> {
  return readable(format, name, use, async () => (format === 'JSON Lines' ? firstBrokenLine(path) : undefined))
}

/** Answers whether there is text that is not of its column's type. */
async function writeTyped(
  connection: DuckDBConnection,
  from: string,
  { types: known }: TextSource,
  types: readonly string[],
  path: string,
): Promise<boolean> {
  const names = types.map((_, index) => storedName(index))
  const typed = names.map(
    (name, index) =>
      `${known[index] ? `TRY_CAST(${name} AS ${types[index]})` : fromText(name, types[index]!)} AS v${index}`,
  )
  const stored = names.map((name, index) => `v${index} AS ${name}`)
  const lost = names.map((name, index) => `${name} IS NOT NULL AND v${index} IS NULL`)
  await writeParquet(
    connection,
    `SELECT ${stored.join(', ')}, greatest(false, ${lost.join(', ')}) AS lost FROM (SELECT *, ${typed.join(', ')} FROM ${from})`,
    path,
    types.length,
  )
  const reader = await connection.runAndReadAll(`SELECT bool_or(lost) FROM read_parquet(${quoteLiteral(path)})`)
  return reader.getRows()[0]![0] === true
}

/** The types of columns by their first values; undefined where there are none to go by. */
async function guessTypes(connection: DuckDBConnection, { path }: TextFile, source: TextSource) {
  const counts = await countColumns(connection, `(FROM ${source.from(path)} LIMIT ${SAMPLE})`, source)
  return source.types.map((type, index) => {
    const count = counts.get(index)
    return count ? (count[0] === 0 ? undefined : typeBy(count).type) : keptType(type!)
  })
}

/** The types of columns by all values of all files. */
async function exactTypes(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
): Promise<string[]> {
  const totals = new Map<number, number[]>()
  for (const { path } of files) {
    for (const [index, counts] of await countColumns(connection, source.from(path), source)) {
      totals.set(
        index,
        counts.map((count, at) => count + (totals.get(index)?.[at] ?? 0)),
      )
    }
  }
  const found = source.types.map((type, index) =>
    type === undefined ? typeBy(totals.get(index)!) : { type: keptType(type), broken: 0 },
  )
  const broken = found.reduce((sum, each) => sum + each.broken, 0)
  if (broken === 0) return found.map(({ type }) => type)
  const shown: Problem[] = []
  for (const file of files) {
    for (const [index, { type, broken: some }] of found.entries()) {
      if (some > 0 && shown.length < SHOWN) shown.push(...(await brokenValues(connection, file, source, index, type)))
    }
  }
  shown.splice(SHOWN)
  const rest = broken - shown.length
  throw new UserError(rest > 0 ? [...shown, { message: `And ${rest} more values that do not parse.` }] : shown)
}

async function countColumns(connection: DuckDBConnection, from: string, { types }: TextSource) {
  const asked = types.flatMap((type, index) => (type === undefined ? [index] : []))
  if (asked.length === 0) return new Map<number, number[]>()
  const counts = asked.map((index) => countTypes(storedName(index))).join(', ')
  const reader = await connection.runAndReadAll(`SELECT [${counts}]::BIGINT[][]::VARCHAR FROM ${from}`)
  const found = JSON.parse(String(reader.getRows()[0]![0])) as number[][]
  return new Map(asked.map((index, at) => [index, found[at]!]))
}

async function brokenValues(
  connection: DuckDBConnection,
  file: TextFile,
  source: TextSource,
  index: number,
  type: string,
): Promise<Problem[]> {
  const column = storedName(index)
  const reader = await connection.runAndReadAll(
    `SELECT n::DOUBLE FROM (SELECT row_number() OVER () AS n, ${column} FROM ${source.from(file.path)})
    WHERE ${column} IS NOT NULL AND ${fromText(column, type)} IS NULL LIMIT ${SHOWN}`,
  )
  const rows = reader.getRows().map(([row]) => Number(row))
  return (await source.lines(file.path, rows)).map((line) => ({
    message: `The value of ${source.names[index]} is no ${type}, as nearly all others are. Mend it, or write Parquet, where columns have types.`,
    place: { file: file.name, line },
  }))
}
