import { join, resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { canonicalJson, type FileDigest, sha256, UserError } from '@modelyard/spec'
import type { Column, Dataset, Shard } from './dataset.ts'
import { columnsOf } from './engine/columns.ts'
import { type Engine, startEngine } from './engine/engine.ts'
import { numbers } from './engine/numbers.ts'
import { oneThread } from './engine/one-thread.ts'
import { batches, prepare, query } from './engine/read.ts'
import { csvSource } from './files/csv.ts'
import { datasetDigest, digestFiles } from './files/digest.ts'
import { formatOf } from './files/formats.ts'
import { jsonSource } from './files/json-lines.ts'
import { openParquet, rowsOf } from './files/parquet.ts'
import { partitionsOf } from './files/partitions.ts'
import { selectOver } from './files/select.ts'
import { shardRun } from './files/shard.ts'
import { storeText } from './files/store.ts'
import { type Scanned, selectAll, selectRun, selectSample } from './files/views.ts'

export interface OpenOptions {
  /** The folder that paths are relative to. */
  root: string
  /** Paths and globs, relative to `root`. */
  files: string | readonly string[]
  /** A SELECT over the files, as the table `files`, whose rows become the data, in the order of their values. */
  sql?: string
  /** Named in messages. */
  role?: 'train' | 'holdout'
  /** Threads of DuckDB; by default as many as there are cores. */
  threads?: number
  /** Memory of DuckDB, as in "2GB"; beyond it, work goes to a temporary folder. By default a quarter of the machine's. */
  memoryLimit?: string
  /** Which rows the table `modelyard_part` holds; all of them where it is not given. */
  shard?: Shard
  /** Breaks off the opening. */
  signal?: AbortSignal
}

/**
 * Opens files as one dataset. Folders that are named as `year=2001` are columns, too. Throws a `UserError` for what is
 * missing, empty, damaged or of mixed columns, and for SQL that is no SELECT.
 */
export async function openDataset(options: OpenOptions): Promise<Dataset> {
  const files = await digestFiles(options.root, options.files)
  const empty = files.find(({ bytes }) => bytes === 0)
  if (empty) throw new UserError(`${empty.name} is empty. Write it again.`)

  const engine = await startEngine(options)
  try {
    const scanned = await engine.connected(async (connection) => {
      const found = await scan(connection, engine.folder, files, options.root)
      refuseEmpty(found, files, options.role)
      await view(connection, options.sql === undefined ? 'data' : 'files', selectAll(found))
      return found
    }, options.signal)
    const result = join(engine.folder, 'result.parquet')
    await engine.lock([...scanned.paths, result])
    if (options.sql === undefined) return await dataset(engine, files, scanned, options)
    const selected = await selectOver(engine, options.sql, result, options.signal)
    refuseEmpty(selected, files, options.role)
    await engine.connected((connection) => view(connection, 'data', selectAll(selected)))
    return await dataset(engine, files, selected, options)
  } catch (error) {
    engine.close()
    options.signal?.throwIfAborted()
    throw error
  }
}

async function scan(
  connection: DuckDBConnection,
  folder: string,
  files: readonly FileDigest[],
  root: string,
): Promise<Scanned> {
  const names = files.map(({ name }) => name)
  const format = formatOf(names)
  const partitions = partitionsOf(names)
  const found = names.map((name) => ({ name, path: resolve(root, name) }))
  const { paths, columns, stored } =
    format === 'Parquet'
      ? await openParquet(connection, found, folder)
      : {
          ...(await storeText(
            connection,
            format,
            found,
            await (format === 'CSV' ? csvSource(found) : jsonSource(connection, found)),
            folder,
          )),
          stored: true,
        }
  const twin = partitions.find((each) => columns.some(({ name }) => name.toLowerCase() === each.name.toLowerCase()))
  if (twin) {
    throw new UserError(
      `${names[0]} has a column ${twin.name}, and so has its folder's name. Take the column out, or name the folder otherwise.`,
    )
  }
  return { paths, rows: await rowsOf(connection, paths), columns, stored, partitions }
}

async function dataset(engine: Engine, files: FileDigest[], scanned: Scanned, options: OpenOptions): Promise<Dataset> {
  const rows = total(scanned)
  const run = options.shard ? shardRun(rows, options.shard) : { start: 0, end: rows }
  const columns = await engine.connected(async (connection) => {
    await view(connection, 'modelyard_part', selectRun(scanned, run))
    await view(connection, 'modelyard_sample', selectSample(scanned))
    const empty = new Set(scanned.columns.flatMap(({ name, empty }) => (empty ? [name] : [])))
    const described = await columnsOf(connection, 'data')
    return described.map((column): Column => (empty.has(column.name) ? { ...column, empty: true } : column))
  })
  const table = { engine, columns, rows }
  const single = oneThread(engine, scanned, options)
  const digest = datasetDigest(files)
  return {
    files,
    sha256: options.sql === undefined ? digest : sha256(canonicalJson({ files: digest, sql: options.sql })),
    columns,
    rows,
    shard: options.shard ? { ...options.shard, rows: run.end - run.start } : null,
    rowsByFile: async () => (options.sql === undefined ? scanned.rows : []),
    engine: { duckdb: engine.version, threads: engine.threads },
    query: async (sql, parameters, limits) =>
      query(limits?.repeatable ? await single.engine() : engine, sql, parameters, limits),
    prepare: (sql) => prepare(engine, sql),
    numbers: (expressions, options) => numbers(table, expressions, options),
    batches: (names, size, options) => batches(table, names, size, options),
    async readColumns(names, options) {
      for await (const all of batches(table, names, rows, options)) return all
      throw new Error('a dataset has rows')
    },
    close() {
      single.close()
      engine.close()
    },
  }
}

async function view(connection: DuckDBConnection, name: string, select: string): Promise<void> {
  await connection.run(`CREATE VIEW ${name} AS ${select}`)
}

function total({ rows }: Scanned): number {
  return rows.reduce((sum, count) => sum + count, 0)
}

function refuseEmpty(scanned: Scanned, files: readonly FileDigest[], role: OpenOptions['role']): void {
  if (total(scanned) > 0) return
  const names = files.map(({ name }) => name).join(', ')
  throw new UserError(`${names} ${files.length > 1 ? 'hold' : 'holds'} no rows${role ? ` to ${use[role]}` : ''}.`)
}

const use = { train: 'train on', holdout: 'judge the model on' }
