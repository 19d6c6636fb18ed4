import { type Context, judged, type Result } from '@modelyard/action-kit'
import { validateModels } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model, shard, merge }: Inputs, context: Context): Promise<Result<Output>> {
  const records = await validateModels(context, model, { shard, merge })
  return shard ? { outputs: { verdict: '', records: '[]' }, records } : judged(records)
}
