import { type Context, judged, type Result } from '@modelyard/action-kit'
import { eachModel, evaluate } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main({ model }: Inputs, context: Context): Promise<Result<Output>> {
  const records = await eachModel(context, model, 'evaluate', (each) => evaluate(context, each))
  const result = judged(records)
  const champion = records.length === 1 ? (records[0]?.predicate.champion?.version ?? '') : ''
  const approval = records.flatMap(({ predicate }) =>
    (predicate.approval ?? []).map((reason) => (records.length === 1 ? reason : `${predicate.model}: ${reason}`)),
  )
  return { ...result, outputs: { ...result.outputs, champion, approval: approval.join('\n') } }
}
