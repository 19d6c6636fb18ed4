import type { DuckDBConnection } from '@duckdb/node-api'
import { type Problem, UserError } from '@modelyard/spec'
import type { Column } from '../dataset.ts'
import { quoteLiteral } from '../engine/quote.ts'
import { withoutGlob } from './formats.ts'
import { keptType, storedName } from './stored.ts'
import type { TextFile, TextSource } from './text-source.ts'
import { castText, fits, type Guess, guessType, isPaddedNumber, mostBroken, typeBy, typesOfText } from './types.ts'

/** Rows, and values of them, by which the types of columns are first guessed. */
const SAMPLE_ROWS = 2048
const SAMPLE_VALUES = 400_000
const MOST_CASTS = 500
const SHOWN = 10

/** What the types of columns seem to be by their first values. */
export async function guessTypes(
  connection: DuckDBConnection,
  { path }: TextFile,
  source: TextSource,
): Promise<Guess[]> {
  const asked = source.types.flatMap((type, index) => (type === undefined ? [index] : []))
  const known = source.types.map((type) => ({ type: type && keptType(type), misses: 0 }))
  if (asked.length === 0) return known
  const rows = Math.max(64, Math.min(SAMPLE_ROWS, Math.floor(SAMPLE_VALUES / asked.length)))
  const reader = await connection.runAndReadAll(
    `SELECT ${asked.map(storedName).join(', ')} FROM ${source.from(path)} LIMIT ${rows}`,
  )
  const values = reader.getColumns() as Array<Array<string | null>>
  const guessed = new Map(asked.map((index, at) => [index, guessType(values[at] ?? [])]))
  return known.map((each, index) => guessed.get(index) ?? each)
}

/** The files as they were written by guessed types. */
export interface Written {
  paths: string[]
  rows: number
  /** Whether there is text that is not of its column's type: what is stored in its place is not to be used. */
  lost: boolean
}

/** A type, and whether it is one for want of any value. */
export type Exact = Pick<Column, 'type' | 'empty'>

/**
 * The types of columns by all values of all files. Only those are looked at whose values are not all of the guessed type,
 * or that may be text for a few values only. Throws a `UserError` that names the lines of the few values that do not parse.
 */
export async function exactTypes(
  connection: DuckDBConnection,
  files: readonly TextFile[],
  source: TextSource,
  guessed: readonly Guess[],
  written: Written,
): Promise<Exact[]> {
  const isOpen = (index: number) => source.types[index] === undefined
  const texts = guessed.flatMap(({ type, misses }, index) =>
    isOpen(index) && type === 'VARCHAR' && misses <= mostBroken(written.rows) ? [index] : [],
  )
  const suspects = await withFewMisses(connection, written, texts)
  const types: Array<Exact & { broken: number }> = guessed.map(({ type }) => ({ type: type ?? 'VARCHAR', broken: 0 }))
  const asked = guessed.flatMap(({ type }, index) =>
    isOpen(index) && type !== 'VARCHAR' && (written.lost || type === undefined)
      ? [{ index, types: type === undefined ? [] : [type] }]
      : [],
  )
  const froms = files.map(({ path }) => source.from(path))
  for (const [at, [values = 0, , fitting = 0]] of (await countFits(connection, froms, asked)).entries()) {
    const { index } = asked[at]!
    if (values > fitting) suspects.push({ index, types: typesOfText })
    else if (values === 0) types[index] = { type: 'VARCHAR', broken: 0, empty: true }
  }
  for (const [at, counts] of (await countFits(connection, froms, suspects)).entries()) {
    types[suspects[at]!.index] = typeBy(counts)
  }
  await refuseBroken(connection, files, source, types)
  return types.map(({ broken, ...exact }) => exact)
}

interface Asked {
  index: number
  types: readonly string[]
}

/** Of columns of text, those that may be so for a few values. Most have too many such among so few rows as to be ruled out. */
async function withFewMisses(
  connection: DuckDBConnection,
  { paths, rows }: Written,
  texts: readonly number[],
): Promise<Asked[]> {
  const asked = texts.map((index) => ({ index, types: typesOfText }))
  const list = paths.map((path) => quoteLiteral(withoutGlob(path))).join(', ')
  const some = `(SELECT * FROM read_parquet([${list}]) LIMIT ${SAMPLE_ROWS + Math.ceil(2 * mostBroken(rows))})`
  const counts = await countFits(connection, [some], asked)
  return asked.filter((_, at) => {
    const [values = 0, , ...fitting] = counts[at]!
    return values - Math.max(...fitting) <= mostBroken(rows)
  })
}

/** For each column: how many values it has in all of some relations, how many are padded numbers or of each of the types. */
async function countFits(
  connection: DuckDBConnection,
  froms: readonly string[],
  asked: readonly Asked[],
): Promise<number[][]> {
  const counts: number[][] = []
  // A query of more is planned more slowly than the files are read again.
  const many = Math.max(1, Math.floor(MOST_CASTS / Math.max(1, ...asked.map(({ types }) => types.length))))
  for (let at = 0; at < asked.length; at += many) {
    const some = asked.slice(at, at + many)
    const totals = some.map(({ types }) => [0, 0, ...types.map(() => 0)])
    for (const from of froms) {
      const found = await countsOf(connection, some, from)
      for (const [column, each] of found.entries()) {
        totals[column] = each.map((count, place) => count + totals[column]![place]!)
      }
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
    const fitting = types.map((type, at) => `count_if(${fits(text, `v${index}_${at}`, type)})`)
    const padded = types === typesOfText ? `count_if(${isPaddedNumber(text)})` : '0'
    return `[${[`count(${text})`, padded, ...fitting].join(', ')}]`
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
