import type { Predicate } from '@modelyard/spec'
import { code, join, type Phrase, phrase, plain } from '../document/document.ts'
import { oneLine } from '../document/escape.ts'

type Example = NonNullable<Predicate<'validation'>['checks'][number]['examples']>[number]

/** The first rows that break a check, file by file: `data/train.csv` row 12 (`-1`), row 31 (`-7`). */
export function firstRows(examples: readonly Example[]): Phrase {
  const files = Map.groupBy(examples, ({ file }) => file)
  return join(
    [...files].map(([file, rows]) => phrase`${code(file)} ${join(rows.map(rowOf), ', ')}`),
    '; ',
  )
}

function rowOf({ row, value }: Example): Phrase {
  if (value === undefined) return `row ${row}`
  const shown = value === null ? 'no value' : value === '' ? 'empty' : code(isPadded(value) ? `"${value}"` : value)
  return phrase`row ${String(row)} (${shown})`
}

/** A blank at an end is not seen. */
function isPadded(value: string): boolean {
  return value !== value.trim()
}

/** The same as the end of a message, in one line, with a space before it; nothing where no row is shown. */
export function sayFirstRows({ examples = [] }: { examples?: readonly Example[] | undefined }): string {
  return examples.length === 0 ? '' : ` First: ${oneLine(plain(firstRows(examples)))}.`
}
