import { personalColumns } from '@modelyard/contract'
import type { Model } from '@modelyard/spec'
import { contractAsked } from './validation/look.ts'

/** The columns that a model's contract marks as personal. */
export async function personalOf(model: Model): Promise<ReadonlySet<string>> {
  return personalColumns(await contractAsked(model))
}
