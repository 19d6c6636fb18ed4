import type { DuckDBConnection } from '@duckdb/node-api'
import { type Problem, UserError } from '@modelyard/spec'
import { keptType, storedName } from './stored.ts'
import type { TextFile, TextSource } from './text-source.ts'
import { castText, fits, guessType, typeBy, typesOfText } from './types.ts'

/** Rows, and values of them, by which the types of columns are first guessed. */
const SAMPLE_ROWS = 2048
const SAMPLE_VALUES = 400_000
const MOST_CASTS = 500
const SHOWN = 10

/** What the types of columns seem to be by their first values; undefined where there are none to go by. */
export async function guessTypes(connection: DuckDBConnection, { path }: TextFile, source: TextSource) {
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

/**
 * The types of columns by all values of all files. Only those are looked at whose values are not all of the guessed type.
 * Throws a `UserError` that names the lines of the few values that do not parse.
 */
export async function exactTypes(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
  guessed: ReadonlyArray<string | undefined>,
): Promise<string[]> {
  const asked = guessed.flatMap((type, index) =>
    source.types[index] === undefined && type !== 'VARCHAR' ? [{ index, types: type === undefined ? [] : [type] }] : [],
  )
  const suspects: Asked[] = []
  for (const [at, [values = 0, fitting = 0]] of (await countFits(connection, files, source, asked)).entries()) {
    if (values > fitting) suspects.push({ index: asked[at]!.index, types: typesOfText })
  }
  const types = guessed.map((type) => ({ type: type ?? 'VARCHAR', broken: 0 }))
  for (const [at, counts] of (await countFits(connection, files, source, suspects)).entries()) {
    types[suspects[at]!.index] = typeBy(counts)
  }
  await refuseBroken(connection, files, source, types)
  return types.map(({ type }) => type)
}

interface Asked {
  index: number
  types: readonly string[]
}

/** For each column that is asked for: how many values it has in all files, and how many are of each of the types. */
async function countFits(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
  asked: readonly Asked[],
): Promise<number[][]> {
  const counts: number[][] = []
  // A query of more is planned more slowly than the files are read again.
  const many = Math.max(1, Math.floor(MOST_CASTS / Math.max(1, ...asked.map(({ types }) => types.length))))
  for (let from = 0; from < asked.length; from += many) {
    const some = asked.slice(from, from + many)
    const totals = some.map(({ types }) => [0, ...types.map(() => 0)])
    for (const { path } of files) {
      const found = await countsOf(connection, some, source.from(path))
      for (const [at, each] of found.entries()) totals[at] = each.map((count, type) => count + totals[at]![type]!)
    }
    counts.push(...totals)
  }
  return counts
}

async function countsOf(connection: DuckDBConnection, asked: readonly Asked[], from: string): Promise<number[][]> {
  const casts = asked.flatMap(({ index, types }) =>
    types.map((type, at) => `${castText(storedName(index), type)} AS v${index}_${at}`),
  )
  const counts = asked.map(({ index, types }) => {
    const text = storedName(index)
    return `[count(${text}), ${types.map((type, at) => `count_if(${fits(text, `v${index}_${at}`, type)})`).join(', ')}]`
  })
  const reader = await connection.runAndReadAll(
    `SELECT [${counts.join(', ')}]::VARCHAR FROM (SELECT ${[...asked.map(({ index }) => storedName(index)), ...casts].join(', ')} FROM ${from})`,
  )
  return JSON.parse(String(reader.getRows()[0]![0])) as number[][]
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
    `SELECT n::DOUBLE FROM (SELECT row_number() OVER () AS n, ${column}, ${castText(column, type)} AS v FROM ${source.from(file.path)})
    WHERE ${column} IS NOT NULL AND NOT ${fits(column, 'v', type)} LIMIT ${SHOWN}`,
  )
  const rows = reader.getRows().map(([row]) => Number(row))
  return (await source.lines(file.path, rows)).map((line) => ({
    message: `The value of ${source.names[index]} is no ${type}, as nearly all others are. Mend it, or write Parquet, where columns have types.`,
    place: { file: file.name, line },
  }))
}
