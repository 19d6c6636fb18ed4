import type { Context, Result } from '@modelyard/action-kit'
import { plan } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model }: Inputs, context: Context): Promise<Result<Output>> {
  const record = await plan(context, { model })
  const { models } = record.predicate
  return { outputs: { models: JSON.stringify(models), count: String(models.length) }, records: [record] }
}
