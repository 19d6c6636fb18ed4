import { UserError } from '@modelyard/spec'

export type Format = 'Parquet' | 'CSV' | 'JSON Lines'

const endings: Array<[RegExp, Format]> = [
  [/\.(?:parquet|pq)(?:\.gz|\.zst)?$/i, 'Parquet'],
  [/\.csv(?:\.gz|\.zst)?$/i, 'CSV'],
  [/\.(?:jsonl|ndjson)(?:\.gz|\.zst)?$/i, 'JSON Lines'],
]

/** The format of files by their names' endings; all of a dataset have the same. */
export function formatOf(names: readonly string[]): Format {
  const formats = names.map((name) => {
    const format = endings.find(([ending]) => ending.test(name))?.[1]
    if (format) return format
    throw new UserError(
      `The format of ${name} is not known. Data files end in .parquet, .csv or .jsonl, and in .gz or .zst after that if they are compressed.`,
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

const reasons: Record<Format, string> = {
  Parquet: 'it is cut short, damaged or something else',
  CSV: 'it must be UTF-8 text with commas, double quotes and a header line and ends of lines that are all the same',
  'JSON Lines': 'each line must be one JSON object of at most 16 MB',
}

/** Runs what reads a file; what goes wrong there is a sentence about the file, or about the line that is named. */
export async function readable<T>(
  format: Format,
  name: string,
  read: () => Promise<T>,
  brokenLine: () => Promise<number | undefined> = async () => undefined,
): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    const line = await brokenLine()
    throw unreadable(format, name, line, cause)
  }
}

/** The sentence about a file, or about the line that is named. */
export function unreadable(format: Format, name: string, line?: number, cause?: unknown): UserError {
  return new UserError(
    {
      message: `${line ? 'This' : name} cannot be read as ${format}: ${reasons[format]}. Write it again.`,
      ...(line && { place: { file: name, line } }),
    },
    { cause },
  )
}

/** DuckDB takes paths for globs. */
export function withoutGlob(path: string): string {
  return path.replace(/[*?[]/g, '[$&]')
}
