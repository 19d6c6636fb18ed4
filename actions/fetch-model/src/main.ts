import type { Context, Result } from '@modelyard/action-kit'
import { fetchModel } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ name, version, path, repository }: Inputs, context: Context): Promise<Result<Output>> {
  const found = await fetchModel(context, { model: name, version, folder: path, repository })
  const { record, event, model, stage, type, description } = found
  return {
    outputs: {
      event,
      path: found.path ?? '',
      name: model,
      version: found.version ?? '',
      stage: stage ?? '',
      type: type ?? '',
      description: description ?? '',
      sha256: record?.predicate.file.sha256 ?? '',
    },
    records: record ? [record] : [],
  }
}
