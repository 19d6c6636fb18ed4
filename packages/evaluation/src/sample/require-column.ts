import type { Dataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'

/** Throws a `UserError` where the hold-out has no column that a key of the model file names. */
export function requireColumn({ columns }: Dataset, key: string, name: string): void {
  if (columns.some((column) => column.name === name)) return
  const known = columns.map((column) => column.name).join(', ')
  throw new UserError(`${key} is ${name}, and the hold-out has no such column. It has ${known}.`)
}
