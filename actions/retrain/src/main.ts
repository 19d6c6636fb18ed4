import { type Context, only, type Result } from '@modelyard/action-kit'
import { retrain } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model }: Inputs, context: Context): Promise<Result<Output>> {
  const records = await retrain(context, { model })
  const one = only(records)?.predicate
  return { outputs: { outcome: one?.outcome ?? '', number: String(one?.pull_request?.number ?? '') }, records }
}
