import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '@modelyard/spec'
import { refuseBytes } from './refuse-bytes.ts'
import { linesOfBytes } from './text.ts'
import type { TextFile } from './text-source.ts'

const SHOWN = 10

/** So many of a file are kept. */
export const MOST_REJECTS = 1000

const mend = 'Mend the row, or write Parquet.'
const open = 'A quote is not closed, or there is text after a closing quote.'

/** What is wrong with a record that the engine is not given. */
export const brokenRecord = {
  long: `The row is longer than 4 MB. ${mend}`,
  'long or open': `The row is longer than 4 MB, or a quote in it is not closed. ${mend}`,
  open: `${open} ${mend}`,
}

const sentences: Record<string, string> = {
  'MISSING COLUMNS': 'The row has too few values.',
  'TOO MANY COLUMNS': 'The row has too many values.',
  'UNQUOTED VALUE': open,
  'INVALID ENCODING': 'The row is not UTF-8.',
  'INVALID STATE': open,
  'LINE SIZE OVER MAXIMUM': 'The row is longer than 4 MB.',
}

/** Rows of CSV that do not parse are problems with a place, never rows that are left out. Their values are not told. */
export async function refuseRejects(connection: DuckDBConnection, file: TextFile): Promise<void> {
  const { name, path } = file
  const reader = await connection.runAndReadAll(
    'SELECT DISTINCT line_byte_position::DOUBLE, error_type::VARCHAR FROM reject_errors ORDER BY ALL',
  )
  const rejects = reader.getRows().map(([place, error]) => ({ place: Number(place), error: String(error) }))
  if (rejects.length === 0) return
  if (rejects.some(({ error }) => error === 'INVALID ENCODING')) await refuseBytes(file)
  const first = rejects.slice(0, SHOWN)
  // DuckDB counts rows where it says lines.
  const lines = await linesOfBytes(
    path,
    first.map(({ place }) => place),
  )
  const shown = first.map(({ error }, index) => ({
    message: `${sentences[error] ?? 'The row does not parse.'} ${mend}`,
    place: { file: name, line: lines[index]! },
  }))
  const rest = rejects.length - shown.length
  const more = rejects.length >= MOST_REJECTS ? 'more' : `${rest} more`
  throw new UserError(rest > 0 ? [...shown, { message: `And ${more} rows that do not parse.` }] : shown)
}
