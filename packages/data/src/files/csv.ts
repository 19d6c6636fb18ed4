import { UserError } from '@modelyard/spec'
import { refuseDifferences, refuseTwins } from '../engine/columns.ts'
import { quoteLiteral } from '../engine/quote.ts'
import { readable, withoutGlob } from './formats.ts'
import { firstRecord, linesOfRecords, recordsOf, unquoted } from './records.ts'
import { refuseBytes } from './refuse-bytes.ts'
import { brokenRecord, MOST_REJECTS } from './rejects.ts'
import type { TextFile, TextSource } from './text-source.ts'

/** What the engine reads at once. A row must fit in it. */
const BUFFER_MB = 4

/**
 * CSV files as text. They are RFC 4180, and nothing is guessed but the types of columns: commas, double quotes, a header
 * line, UTF-8. A row that does not fit is not skipped but kept in `reject_errors`.
 */
export async function csvSource(files: readonly TextFile[]): Promise<TextSource> {
  // A thread that begins in the middle of a value with ends of lines takes these for rows, often without noticing.
  const serial = new Set<string>()
  const headers: Array<{ name: string; columns: Array<{ name: string; type: string }> }> = []
  for (const file of files) {
    const names = await readable(
      'CSV',
      file.name,
      () => header(file),
      () => refuseBytes(file),
    )
    const { broken, multiline } = await readable(
      'CSV',
      file.name,
      () => recordsOf(file.path, BUFFER_MB * 2 ** 20),
      () => refuseBytes(file),
    )
    // The engine would leave such a row out, often without a word.
    if (broken)
      throw new UserError({ message: brokenRecord[broken.why], place: { file: file.name, line: broken.line } })
    if (multiline) serial.add(file.path)
    refuseTwins(file.name, names)
    headers.push({ name: file.name, columns: names.map((name) => ({ name, type: 'VARCHAR' })) })
  }
  refuseDifferences(headers, false)
  const names = headers[0]!.columns.map(({ name }) => name)
  const columns = names.map((_, index) => `c${index}: 'VARCHAR'`).join(', ')
  return {
    names,
    types: names.map(() => undefined),
    from: (path) => `read_csv(${quoteLiteral(withoutGlob(path))}, auto_detect = false, columns = {${columns}},
      header = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0, null_padding = false,
      strict_mode = true, hive_partitioning = false, store_rejects = true, rejects_limit = ${MOST_REJECTS}, buffer_size = ${BUFFER_MB * 2 ** 20},
      parallel = ${!serial.has(path)})`,
    lines: (path, rows) => linesOfRecords(path, rows, { quotes: true, blank: names.length === 1 }),
  }
}

async function header(file: TextFile): Promise<string[]> {
  const { name } = file
  const cells = await firstRecord(file.path)
  if (!cells) throw new UserError(`The header of ${name} is longer than 2 MB. A header line names the columns.`)
  const line = cells.join(',')
  if (line.trim() === '') throw new UserError(`The first line of ${name} is blank. A header line names the columns.`)
  if (line.includes('\0') || line.includes('\uFFFD')) {
    await refuseBytes(file)
    throw new UserError(`The header of ${name} is not UTF-8. Write the file again as UTF-8.`)
  }
  const separator = cells.length === 1 ? [';', '\t', '|'].find((each) => line.includes(each)) : undefined
  if (separator) {
    const shown = separator === '\t' ? 'tabs' : separator
    throw new UserError(`${name} seems to be separated by ${shown}. Write it again with commas, or as Parquet.`)
  }
  return cells.map((cell, index) => {
    const said = unquoted(cell)
    if (said !== undefined) return said || `column${index}`
    throw new UserError({
      message: `The name of column ${index + 1} has text before or after its quotes. Write it without.`,
      place: { file: name, line: 1 },
    })
  })
}
