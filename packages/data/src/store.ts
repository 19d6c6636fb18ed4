import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type Problem, UserError } from '@modelyard/spec'
import type { Column } from './dataset.ts'
import { type Format, readable } from './formats.ts'
import { quoteLiteral } from './quote.ts'
import { refuseRejects } from './rejects.ts'
import { firstBrokenLine } from './text.ts'
import { countTypes, fromText, guessType, typeBy } from './types.ts'

/** Rows, and values of them, by which the types of columns are first guessed. */
const SAMPLE_ROWS = 2048
const SAMPLE_VALUES = 400_000
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
  const exact = await exactTypes(connection, files, source, guessed)
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

/** What the types of columns seem to be by their first values; undefined where there are none to go by. */
async function guessTypes(connection: DuckDBConnection, { path }: TextFile, source: TextSource) {
  const asked = source.types.flatMap((type, index) => (type === undefined ? [index] : []))
  if (asked.length === 0) return source.types.map((type) => keptType(type!))
  const rows = Math.max(64, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / asked.length)))
  const reader = await connection.runAndReadAll(
    `SELECT ${asked.map(storedName).join(', ')} FROM ${source.from(path)} LIMIT ${rows}`,
  )
  const values = reader.getColumns() as Array<Array<string | null>>
  const guessed = new Map(asked.map((index, at) => [index, guessType(values[at] ?? [])]))
  return source.types.map((type, index) => (type === undefined ? guessed.get(index) : keptType(type)))
}

/** The types of columns by all values of all files. Only those are looked at whose values are not all of the guessed type. */
async function exactTypes(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
  guessed: ReadonlyArray<string | undefined>,
): Promise<string[]> {
  const suspects = new Set<number>()
  for (const { path } of files) {
    const wrong = guessed.map((type, index) => {
      const name = storedName(index)
      if (source.types[index] !== undefined || type === 'VARCHAR') return 'false'
      return type === undefined ? `count(${name}) > 0` : `count(${name}) > count(${fromText(name, type)})`
    })
    const found = await listOf<boolean>(connection, `[${wrong.join(', ')}]`, source.from(path))
    for (const [index, suspect] of found.entries()) if (suspect) suspects.add(index)
  }
  const types = guessed.map((type) => ({ type: type ?? 'VARCHAR', broken: 0 }))
  for (const index of suspects) {
    const totals: number[] = []
    for (const { path } of files) {
      const counts = await listOf<number>(connection, countTypes(storedName(index)), source.from(path))
      for (const [at, count] of counts.entries()) totals[at] = (totals[at] ?? 0) + count
    }
    types[index] = typeBy(totals)
  }
  await refuseBroken(connection, files, source, types)
  return types.map(({ type }) => type)
}

async function listOf<T>(connection: DuckDBConnection, list: string, from: string): Promise<T[]> {
  const reader = await connection.runAndReadAll(`SELECT ${list}::VARCHAR FROM ${from}`)
  return JSON.parse(String(reader.getRows()[0]![0])) as T[]
}

/** Names the lines of the few values that are not of their column's type. */
async function refuseBroken(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
  types: ReadonlyArray<{ type: string; broken: number }>,
): Promise<void> {
  const broken = types.reduce((sum, each) => sum + each.broken, 0)
  if (broken === 0) return
  const shown: Problem[] = []
  for (const file of files) {
    for (const [index, { type, broken: some }] of types.entries()) {
      if (some > 0 && shown.length < SHOWN) shown.push(...(await brokenValues(connection, file, source, index, type)))
    }
  }
  shown.splice(SHOWN)
  const rest = broken - shown.length
  throw new UserError(rest > 0 ? [...shown, { message: `And ${rest} more values that do not parse.` }] : shown)
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
