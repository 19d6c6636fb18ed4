import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { UserError } from '@modelyard/spec'
import { quoteLiteral } from './quote.ts'

export type Format = 'Parquet' | 'CSV' | 'JSON Lines'

const endings: Array<[RegExp, Format]> = [
  [/\.(?:parquet|pq)$/i, 'Parquet'],
  [/\.csv(?:\.gz)?$/i, 'CSV'],
  [/\.(?:jsonl|ndjson)(?:\.gz)?$/i, 'JSON Lines'],
]

/** The format of files by their names' endings; all of a dataset have the same. */
export function formatOf(names: readonly string[]): Format {
  const formats = names.map((name) => {
    const format = endings.find(([ending]) => ending.test(name))?.[1]
    if (format) return format
    throw new UserError(
      `The format of ${name} is not known. Data files end in .parquet, .csv, .jsonl, .csv.gz or .jsonl.gz.`,
    )
  })
  const other = formats.findIndex((format) => format !== formats[0])
  if (other > 0) {
    throw new UserError(
      `${names[0]} is ${formats[0]} and ${names[other]} is ${formats[other]}: the files of one dataset have one format.`,
    )
  }
  return formats[0]!
}

/**
 * The table function that reads files. CSV is RFC 4180 and nothing is guessed but the types of columns: commas, double
 * quotes, a header line, UTF-8. A row that does not fit is not skipped but kept in `reject_errors`, see `open.ts`.
 */
export function relation(format: Format, paths: readonly string[]): string {
  const list = `[${paths.map((path) => quoteLiteral(withoutGlob(path))).join(', ')}]`
  switch (format) {
    case 'Parquet':
      return `read_parquet(${list}, hive_partitioning = false)`
    case 'CSV':
      return `read_csv(${list}, header = true, delim = ',', quote = '"', escape = '"', comment = '', skip = 0,
        null_padding = false, strict_mode = true, hive_partitioning = false, store_rejects = true, rejects_limit = 1000)`
    case 'JSON Lines':
      return `read_json(${list}, format = 'newline_delimited', sample_size = -1, hive_partitioning = false)`
  }
}

/** DuckDB takes paths for globs. */
function withoutGlob(path: string): string {
  return path.replace(/[*?[]/g, '[$&]')
}

/** The first line of a file that is no JSON object, from 1. */
export async function firstBrokenLine(path: string): Promise<number | undefined> {
  const file = createReadStream(path)
  const lines = createInterface({ input: path.endsWith('.gz') ? file.pipe(createGunzip()) : file })
  let number = 0
  try {
    for await (const line of lines) {
      number++
      if (line.trim() !== '' && !isObject(line)) return number
    }
  } catch {
    return number + 1
  } finally {
    file.destroy()
  }
  return undefined
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
