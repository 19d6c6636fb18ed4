import { resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { type FileDigest, UserError } from '@modelyard/spec'
import type { Column, Dataset, Shard } from './dataset.ts'
import { datasetDigest, digestFiles } from './digest.ts'
import { type Engine, startEngine } from './engine.ts'
import { type Format, firstBrokenLine, formatOf, relation } from './formats.ts'
import { numbers } from './numbers.ts'
import { quoteLiteral } from './quote.ts'
import { batches, query } from './read.ts'
import { runByFile, shardRun } from './shard.ts'

export interface OpenOptions {
  /** The folder that paths are relative to. */
  root: string
  /** Paths and globs, relative to `root`. */
  files: string | readonly string[]
  /** Named in messages. */
  role?: 'train' | 'holdout'
  /** Threads of DuckDB; by default as many as there are cores. */
  threads?: number
  /** Memory of DuckDB, as in "2GB"; beyond it, work goes to a temporary folder. By default half of the machine's. */
  memoryLimit?: string
  /** Which rows the table `part` holds; all of them where it is not given. */
  shard?: Shard
}

/** Opens files as one dataset. Throws a `UserError` for what is missing, empty, damaged or of mixed columns. */
export async function openDataset(options: OpenOptions): Promise<Dataset> {
  const files = await digestFiles(options.root, options.files)
  const names = files.map(({ name }) => name)
  const format = formatOf(names)
  const empty = files.find(({ bytes }) => bytes === 0)
  if (empty) throw new UserError(`${empty.name} is empty. Write it again.`)

  const paths = names.map((name) => resolve(options.root, name))
  const engine = await startEngine(options)
  try {
    await engine.connected((connection) => load(connection, format, files, paths))
    const shard = options.shard
      ? await engine.connected((connection) => viewPart(connection, format, paths, options.shard!))
      : null
    await engine.lock(paths)
    return await describe(engine, files, options.role, shard, () => countByFile(engine, format, paths))
  } catch (error) {
    engine.close()
    throw error
  }
}

/** Makes the table `data`. Parquet is read where it lies; text is parsed once, so that all of it is known to parse. */
async function load(connection: DuckDBConnection, format: Format, files: readonly FileDigest[], paths: string[]) {
  const schemas: Column[][] = []
  for (const [index, { name }] of files.entries()) {
    schemas.push(
      await readable(format, name, paths[index]!, () => columnsOf(connection, relation(format, [paths[index]!]))),
    )
  }
  for (const [index, schema] of schemas.entries()) {
    const difference = differs(schemas[0]!, schema, format === 'Parquet')
    if (difference) throw new UserError(`${files[index]!.name} and ${files[0]!.name} differ: ${difference}.`)
  }
  await readable(format, files.map(({ name }) => name).join(', '), paths[0]!, async () => {
    const what = format === 'Parquet' ? 'VIEW' : 'TABLE'
    await connection.run(`CREATE ${what} data AS SELECT * FROM ${relation(format, paths)}`)
    await connection.run('CREATE VIEW part AS SELECT * FROM data')
  })
  if (format === 'CSV') await refuseRejects(connection, files, paths)
}

/** Makes `part` the rows of a shard. Of Parquet only the files are read that hold some of them. */
async function viewPart(connection: DuckDBConnection, format: Format, paths: readonly string[], shard: Shard) {
  const rows = await rowsOf(connection, format, paths)
  const run = shardRun(
    rows.reduce((sum, count) => sum + count, 0),
    shard,
  )
  const selects =
    format === 'Parquet'
      ? runByFile(run, rows).map(
          ({ file, start, end }) =>
            `SELECT * FROM ${relation(format, [paths[file]!])} WHERE file_row_number >= ${start} AND file_row_number < ${end}`,
        )
      : [`SELECT * FROM data WHERE rowid >= ${run.start} AND rowid < ${run.end}`]
  await connection.run(
    `CREATE OR REPLACE VIEW part AS ${selects.join(' UNION ALL ') || 'SELECT * FROM data WHERE false'}`,
  )
  return { ...shard, rows: run.end - run.start }
}

async function rowsOf(connection: DuckDBConnection, format: Format, paths: readonly string[]): Promise<number[]> {
  const sql =
    format === 'Parquet'
      ? `SELECT sum(num_rows)::DOUBLE AS rows FROM parquet_file_metadata([${paths.map(quoteLiteral).join(', ')}]) GROUP BY file_name ORDER BY file_name`
      : 'SELECT count(*)::DOUBLE AS rows FROM data'
  const reader = await connection.runAndReadAll(sql)
  return reader.getRows().map(([rows]) => Number(rows))
}

/** Text is parsed again, file by file: whoever asks has found rows to show, and that is rare. */
async function countByFile(engine: Engine, format: Format, paths: readonly string[]): Promise<number[]> {
  return engine.connected(async (connection) => {
    if (format === 'Parquet') return rowsOf(connection, format, paths)
    const counts: number[] = []
    for (const path of paths) {
      const reader = await connection.runAndReadAll(`SELECT count(*)::DOUBLE FROM ${relation(format, [path])}`)
      counts.push(Number(reader.getRows()[0]![0]))
    }
    return counts
  })
}

async function columnsOf(connection: DuckDBConnection, from: string): Promise<Column[]> {
  const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`)
  return reader.getRowObjects().map((row) => ({ name: String(row.column_name), type: String(row.column_type) }))
}

/** How two files' columns differ, as the end of a sentence. Text files have no types of their own. */
function differs(first: Column[], other: Column[], typed: boolean): string | undefined {
  const types = new Map(first.map(({ name, type }) => [name, type]))
  for (const { name, type } of other) {
    const before = types.get(name)
    if (before === undefined) return `the first has a column ${name}, the second has none`
    if (typed && before !== type) return `${name} is ${type} in the first and ${before} in the second`
  }
  const missing = first.find(({ name }) => !other.some((column) => column.name === name))
  if (missing) return `the second has a column ${missing.name}, the first has none`
  if (other.some(({ name }, index) => name !== first[index]!.name)) return 'their columns are in another order'
  return undefined
}

async function readable<T>(format: Format, name: string, path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    const reasons: Record<Format, string> = {
      Parquet: 'it is cut short, damaged or something else',
      CSV: 'it must be UTF-8 text with commas, double quotes and a header line',
      'JSON Lines': 'each line must be one JSON object',
    }
    const line = format === 'JSON Lines' ? await firstBrokenLine(path) : undefined
    throw new UserError(
      {
        message: `${line ? 'This' : name} cannot be read as ${format}: ${reasons[format]}. Write it again.`,
        ...(line && { place: { file: name, line } }),
      },
      { cause },
    )
  }
}

interface Reject {
  path: string
  line: number
  column: string | null
  type: string
  error: string
}

/** Rows that do not parse are problems with a place, never rows that are left out. Their values are not told. */
async function refuseRejects(connection: DuckDBConnection, files: readonly FileDigest[], paths: string[]) {
  const reader = await connection.runAndReadAll(`
    SELECT DISTINCT s.file_path AS path, e.line::DOUBLE AS line, e.column_name AS "column", e.error_type::VARCHAR AS error,
      (SELECT column_type FROM (DESCRIBE data) d WHERE d.column_name = e.column_name) AS type
    FROM reject_errors e JOIN reject_scans s USING (scan_id, file_id)
    ORDER BY ALL`)
  const rejects = reader.getRowObjects() as unknown as Reject[]
  if (rejects.length === 0) return
  const shown = rejects.slice(0, 10).map(({ path, line, column, error, type }) => ({
    message: `${rejectReasons[error]?.(column, type) ?? 'The row does not parse.'} Mend the row, or write Parquet, where columns have types.`,
    place: { file: files[paths.indexOf(path)]?.name ?? path, line },
  }))
  const rest = rejects.length - shown.length
  throw new UserError(rest > 0 ? [...shown, { message: `And ${rest} more rows that do not parse.` }] : shown)
}

const rejectReasons: Record<string, (column: string | null, type: string) => string> = {
  CAST: (column, type) => `The value of ${column} is no ${type}, as those before it are.`,
  'MISSING COLUMNS': () => 'The row has too few values.',
  'TOO MANY COLUMNS': () => 'The row has too many values.',
  'UNQUOTED VALUE': () => 'A quote is not closed.',
  'INVALID ENCODING': () => 'The row is not UTF-8.',
  'LINE SIZE OVER MAXIMUM': () => 'The row is too long.',
}

async function describe(
  engine: Engine,
  files: FileDigest[],
  role: string | undefined,
  shard: Dataset['shard'],
  rowsByFile: () => Promise<number[]>,
): Promise<Dataset> {
  const columns = await engine.connected((connection) => columnsOf(connection, 'data'))
  const counted = await query(engine, 'SELECT count(*) AS rows FROM data')
  const rows = Number(counted[0]!.rows)
  if (rows === 0) {
    const names = files.map(({ name }) => name).join(', ')
    throw new UserError(`${names} ${files.length > 1 ? 'hold' : 'holds'} no rows${role ? ` to ${use[role]}` : ''}.`)
  }
  const table = { engine, columns, rows }
  return {
    files,
    sha256: datasetDigest(files),
    columns,
    rows,
    shard,
    rowsByFile: files.length === 1 ? async () => [rows] : rowsByFile,
    engine: { duckdb: engine.version, threads: engine.threads },
    query: (sql, parameters, limits) => query(engine, sql, parameters, limits),
    numbers: (expressions, options) => numbers(table, expressions, options),
    batches: (names, size, options) => batches(table, names, size, options),
    async readColumns(names, options) {
      for await (const all of batches(table, names, rows, options)) return all
      throw new Error('a dataset has rows')
    },
    close: () => engine.close(),
  }
}

const use: Record<string, string> = { train: 'train on', holdout: 'judge the model on' }
