import { type Context, judged, type Result } from '@modelyard/action-kit'
import { eachModel, validateData } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model }: Inputs, context: Context): Promise<Result<Output>> {
  return judged(await eachModel(context, model, 'validate-data', (each) => validateData(context, each)))
}
