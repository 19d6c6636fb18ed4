import { type Context, only, type Result } from '@modelyard/action-kit'
import { register } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model, version }: Inputs, context: Context): Promise<Result<Output>> {
  const records = await register(context, { model, version })
  const versions = records.map(({ predicate }) => ({
    model: predicate.model,
    version: predicate.version,
    tag: predicate.tag,
    url: predicate.url,
  }))
  return {
    outputs: {
      versions: JSON.stringify(versions),
      version: only(versions)?.version ?? '',
      tag: only(versions)?.tag ?? '',
    },
    records,
  }
}
