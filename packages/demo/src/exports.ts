import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { ROOT } from '@modelyard/tooling'

const SOURCE = join(ROOT, 'node_modules/vega-datasets/data/flights-3m.parquet')

/**
 * Writes the airline's exports: one Parquet file for each month (`2001-04`) of the real flights of 2001. Distances are
 * in miles, or in kilometres as exports are once somebody abroad has touched them.
 */
export async function writeExports(
  folder: string,
  months: string[],
  unit: 'miles' | 'kilometres' = 'miles',
): Promise<void> {
  const distance = unit === 'miles' ? 'distance' : '(distance * 1.609344)::BIGINT AS distance'
  await mkdir(folder, { recursive: true })
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  for (const month of months) {
    await connection.run(`
      COPY (SELECT date, delay, ${distance}, origin, destination FROM read_parquet('${SOURCE}') WHERE strftime(date, '%Y-%m') = '${month}' ORDER BY ALL)
      TO '${join(folder, `${month}.parquet`)}' (FORMAT parquet, COMPRESSION zstd)`)
  }
  connection.closeSync()
}
