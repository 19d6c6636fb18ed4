import { type Dataset, sayColumns } from '@modelyard/data'
import { UserError } from '@modelyard/spec'

/** Throws a `UserError` where the hold-out has no column that a key of the model file names. */
export function requireColumn(dataset: Dataset, key: string, name: string): void {
  if (dataset.columns.some((column) => column.name === name)) return
  throw new UserError(`${key} is ${name}, and the hold-out has no such column. ${sayColumns(dataset)}`)
}
