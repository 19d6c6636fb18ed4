import type { Context, Result } from '@modelyard/action-kit'
import { fetchModel } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ name, version, path }: Inputs, context: Context): Promise<Result<Output>> {
  const { record, path: file } = await fetchModel(context, { model: name, version, folder: path })
  const { predicate } = record
  return {
    outputs: { path: file, name: predicate.model, version: predicate.version, sha256: predicate.file.sha256 },
    records: [record],
  }
}
