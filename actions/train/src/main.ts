import { type Context, judged, type Result } from '@modelyard/action-kit'
import { eachModel, train } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model, reuse }: Inputs, context: Context): Promise<Result<Output>> {
  return judged(await eachModel(context, model, 'train', (each) => train(context, each, { reuse })))
}
