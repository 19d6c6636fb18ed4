import type { DuckDBConnection, DuckDBDataChunk, DuckDBPreparedStatement, DuckDBValue } from '@duckdb/node-api'
import { UserError } from '@modelyard/spec'
import type { Column, Columns, ColumnValues, QueryOptions, ReadOptions, Row, Value } from '../dataset.ts'
import { sayColumns } from '../files/say-columns.ts'
import { bind } from './bind.ts'
import { runsOn } from './break-off.ts'
import { refuseEffects } from './effects.ts'
import type { Engine } from './engine.ts'
import { quoteIdentifier } from './quote.ts'

/** `duckdb_statement_type` of the C API. */
const SELECT = 1
const UNSAFE = 2 ** 53

const damaged = 'A Parquet file of the data is damaged: a part of it cannot be read. Write it again.'

const numeric = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|BOOLEAN|DECIMAL\(.*\))$/
const wide = /^U?(?:BIG|HUGE)INT$/

export interface Table {
  engine: Engine
  columns: readonly Column[]
  rows: number
}

/** One SELECT, with bound parameters. What SQL there is may come from a pull request: it changes nothing. */
export async function query(
  engine: Engine,
  sql: string,
  parameters?: readonly Value[] | Record<string, Value>,
  limits: QueryOptions = {},
): Promise<Row[]> {
  return limited(engine, limits, async (connection) => {
    const statement = await prepareSelect(connection, sql)
    if (parameters) bind(statement, parameters)
    const reader = await statement.runAndReadAll()
    const names = reader.columnNames()
    // Not by assignment: a column may be called `__proto__`.
    return reader.getRows().map((row) => Object.fromEntries(row.map((value, at) => [names[at]!, plain(value)])))
  })
}

/** How long DuckDB may plan, which evaluates what is constant. */
const PLANNING = { seconds: 60 }

/** Throws a `UserError` where SQL is no SELECT that could be run. */
export async function prepare(engine: Engine, sql: string): Promise<void> {
  await limited(engine, PLANNING, (connection) => prepareSelect(connection, sql))
}

async function limited<T>(
  engine: Engine,
  { seconds, signal }: QueryOptions,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const late = seconds === undefined ? undefined : AbortSignal.timeout(seconds * 1000)
  // Each has a thread, of which there are few.
  if (late && runsOn()) throw new UserError('An earlier query cannot be broken off.')
  const signals = [late, signal].filter((each) => each !== undefined)
  try {
    return await engine.connected(use, AbortSignal.any(signals))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    signal?.throwIfAborted()
    if (late?.aborted) throw new UserError(`The query took longer than ${seconds} seconds.`, { cause })
    throw failure(cause)
  }
}

/** Prepares a statement, which must be one SELECT that changes nothing. */
export async function prepareSelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  await refuseEffects(connection, sql)
  const statement = await connection.prepare(sql).catch((cause) => {
    throw unprepared(cause)
  })
  if (statement.statementType !== SELECT) throw new UserError('Only a SELECT may be run on data.')
  return statement
}

/** Columns in batches of `size` rows, in the order of the rows. */
export async function* batches(
  table: Table,
  names: readonly string[],
  size: number,
  { text = [] }: ReadOptions = {},
): AsyncGenerator<Columns> {
  if (!(Number.isInteger(size) && size > 0)) throw new RangeError(`a batch of ${size} rows`)
  const readers = names.map((name) => columnReader(table, name, text.includes(name)))
  const expressions = readers.map(({ expression }) => expression).join(', ')
  const connection = await table.engine.connect()
  let next: Promise<DuckDBDataChunk | null> | undefined
  try {
    const result = await connection.stream(`SELECT ${expressions || 'NULL'} FROM data`)
    let batch: ColumnValues[] = []
    let filled = 0
    let left = table.rows
    const finish = () => {
      const columns = Object.fromEntries(names.map((name, index) => [name, batch[index]!]))
      left -= filled
      filled = 0
      return columns
    }
    // DuckDB makes the next chunk while this one is worked on.
    next = result.fetchChunk()
    for (let chunk = await next; chunk?.rowCount; chunk = await next) {
      next = result.fetchChunk()
      for (let from = 0; from < chunk.rowCount; ) {
        if (filled === 0) batch = readers.map(({ make }) => make(Math.min(size, left)))
        const count = Math.min(chunk.rowCount - from, size - filled)
        for (const [index, { fill }] of readers.entries()) {
          fill(batch[index]!, filled, chunk.getColumnVector(index), from, count)
        }
        from += count
        filled += count
        if (filled === size) yield finish()
      }
    }
    if (filled !== left) throw new UserError(damaged)
    if (filled > 0) yield finish()
  } catch (cause) {
    throw cause instanceof UserError ? cause : failure(cause)
  } finally {
    // Who wants no more rows leaves a chunk behind that is still being made.
    await next?.catch(() => undefined)
    connection.closeSync()
  }
}

interface Vector {
  getItem(index: number): unknown
}

interface ColumnReader {
  expression: string
  make(rows: number): ColumnValues
  /** Copies `count` values of a vector, from the one at `from`, to the place `at` of a batch. */
  fill(batch: ColumnValues, at: number, vector: Vector, from: number, count: number): void
}

function columnReader({ columns }: Table, name: string, asText: boolean): ColumnReader {
  const column = columns.find((each) => each.name === name)
  if (!column) {
    throw new UserError(`The data have no column ${name}. ${sayColumns({ columns }, 'They have')}`)
  }
  const quoted = quoteIdentifier(name)
  if (asText || !numeric.test(column.type)) {
    return {
      expression: `${quoted}::VARCHAR`,
      make: (rows) => new Array<string | null>(rows),
      fill(batch, at, vector, from, count) {
        for (let i = 0; i < count; i++) batch[at + i] = vector.getItem(from + i) as string | null
      },
    }
  }
  const loses = wide.test(column.type)
  return {
    expression: `coalesce(${quoted}::DOUBLE, 'nan'::DOUBLE)`,
    make: (rows) => new Float64Array(rows),
    fill(batch, at, vector, from, count) {
      for (let i = 0; i < count; i++) {
        const value = vector.getItem(from + i) as number
        if (loses && Math.abs(value) >= UNSAFE) {
          throw new UserError(
            `${name} holds integers beyond 2^53, which lose digits as numbers. Write the column as DOUBLE or as text.`,
          )
        }
        batch[at + i] = value
      }
    },
  }
}

/** What DuckDB says of SQL that it does not understand: also which columns may be meant. */
function unprepared(cause: unknown): UserError {
  const { message } = failure(cause)
  const meant = (cause as Error).message.split('\n').find((line) => /^(?:Candidate bindings|Did you mean)/.test(line))
  return new UserError(meant ? `${message} ${meant}` : message, { cause })
}

/** What DuckDB says, without the excerpt of the query that follows. */
export function failure(cause: unknown): UserError {
  const [message] = (cause as Error).message.split('\n') as [string]
  return new UserError(withoutValues(message), { cause })
}

/** What DuckDB says of a value that it cannot use quotes the value, which may be nobody's business. */
function withoutValues(message: string): string {
  const [, kind] = /^(Conversion|Out of Range) Error/.exec(message) ?? []
  if (/^Invalid Error|Failed to read file|Could not read enough bytes/.test(message)) return damaged
  if (kind) return `${kind} Error: a value of the data cannot be converted`
  return message.startsWith('Invalid Input Error') ? message.replace(/(["']).*\1/, '…') : message
}

function plain(value: DuckDBValue): Value {
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') {
    return value
  }
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  if (value instanceof Object && 'scale' in value && value.scale === 0) return plain(value.value)
  if ('toDouble' in value) return value.toDouble()
  return String(value)
}
