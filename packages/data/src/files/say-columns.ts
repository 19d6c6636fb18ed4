import type { Column, Dataset } from '../dataset.ts'

/** A number, a date or a time, in whatever way it is written; a phone number, too. */
const NUMBER = /^[-+(.\s]*\d[\d\s.,:/()'_%+-]*(?:e[-+]?\d+)?%?$/i
const TIME = /^\d{4}-\d{2}-\d{2}/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i

/** Whether some of the names of columns look like the values of a row, as where a file has no header. */
export function lookLikeData(names: readonly string[]): boolean {
  return names.some((name) => [NUMBER, TIME, UUID, /@|:\/\//].some((value) => value.test(name.trim())))
}

/**
 * The columns of data in a sentence that follows another: `It has id, day, y.` Where they look like the values of a row,
 * these may be somebody's, and none is named.
 */
export function sayColumns(
  { columns, files = [] }: { columns: readonly Pick<Column, 'name'>[]; files?: Dataset['files'] },
  has: 'It has' | 'They have' | 'The columns are' = 'It has',
): string {
  const names = columns.map(({ name }) => name)
  return lookLikeData(names) ? sayNoHeader(files[0]?.name) : `${has} ${names.join(', ')}.`
}

/** Why the columns of a file are not named. */
export function sayNoHeader(file = ''): string {
  return /\.csv(?:\.gz|\.zst)?$/i.test(file)
    ? `The first line of ${file} looks like data and not like a header, which names the columns.`
    : 'The names of the columns look like data, so they are not listed.'
}
