import { join } from 'node:path'
import { personalColumns, readContract } from '@modelyard/contract'
import type { Model } from '@modelyard/spec'

/** The columns that a model's contract marks as personal. */
export async function personalOf({ folder, data: { contract } }: Model): Promise<ReadonlySet<string>> {
  return personalColumns(contract === undefined ? undefined : await readContract(join(folder, contract)))
}
