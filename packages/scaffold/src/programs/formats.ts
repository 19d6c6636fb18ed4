export type Format = 'csv' | 'lines' | 'parquet'

/** The format of a data file, by its name's ending. */
export function formatOf(file: string): Format {
  if (/\.csv(?:\.gz)?$/i.test(file)) return 'csv'
  return /\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(file) ? 'lines' : 'parquet'
}

/** The ending of what is made of a data file: text is never packed. */
export function endingOf(file: string): string {
  return { csv: '.csv', lines: '.jsonl', parquet: '.parquet' }[formatOf(file)]
}
