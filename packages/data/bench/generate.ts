import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { quoteLiteral } from '../src/index.ts'

/** Where the tables are kept between runs. */
export const FOLDER = join(import.meta.dirname, '../../../.cache/data-bench')
const SEED = 6

/** Numbers from 0 up to 1 that depend on the row and on nothing else. */
const uniform = (stream: number) => `((hash(i * 64 + ${stream}, ${SEED}) >> 11)::DOUBLE / 9007199254740992.0)`
const normal = (stream: number) => `(sqrt(-2 * ln(1 - ${uniform(stream)})) * cos(2 * pi() * ${uniform(stream + 1)}))`
const below = (stream: number, limit: number) => `(hash(i * 64 + ${stream}, ${SEED}) % ${limit})`

/** Ten columns of the kinds that tables have. The ids are unique and in no order. */
function tenColumns(rows: number): string {
  return `
    (i * 7368787) % ${rows} AS id,
    ${normal(1)} AS score,
    exp(${normal(3)}) AS amount,
    ${below(5, 1001)}::INTEGER AS count,
    CASE WHEN ${uniform(6)} >= 0.05 THEN ${uniform(7)} * 100 END AS gappy,
    'kind ' || ${below(8, 8)} AS kind,
    'place ' || ${below(9, 5001)} AS place,
    'user ' || ${below(10, 1_000_000)} AS "user",
    ${uniform(11)} < 0.3 AS flag,
    TIMESTAMP '2001-01-01' + to_seconds(i % 31536000) AS at`
}

/** As many columns as are asked for: numbers, and every tenth one text. */
function manyColumns(columns: number): string {
  return Array.from({ length: columns }, (_, column) =>
    column % 10 === 9
      ? `'value ' || ${below(column, 50)} AS c${column}`
      : `CASE WHEN ${uniform(column)} >= 0.01 THEN ${uniform(column + 500)} END AS c${column}`,
  ).join(',\n')
}

/** A Parquet file of a table that is the same on every machine. It is made once. */
export async function generate(rows: number, columns = 10): Promise<string> {
  const file = join(FOLDER, `${rows}x${columns}.parquet`)
  if (existsSync(file)) return file
  mkdirSync(dirname(file), { recursive: true })
  const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'true' })
  const connection = await instance.connect()
  const list = columns === 10 ? tenColumns(rows) : manyColumns(columns)
  await connection.run(
    `COPY (SELECT ${list} FROM range(${rows}) t(i)) TO ${quoteLiteral(`${file}.part`)} (FORMAT parquet, COMPRESSION zstd)`,
  )
  connection.closeSync()
  instance.closeSync()
  renameSync(`${file}.part`, file)
  return file
}
