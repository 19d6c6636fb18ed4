import { formatOf } from './formats.ts'

/** The libraries that read data, by their usual short names. */
export const FRAMES = { pandas: 'pd', polars: 'pl' } as const
export type Frames = keyof typeof FRAMES

/** What reads a data file. */
export function readerOf(file: string, frames: Frames): string {
  const lines = frames === 'pandas' ? 'read_json' : 'read_ndjson'
  return { csv: 'read_csv', lines, parquet: 'read_parquet' }[formatOf(file)]
}
