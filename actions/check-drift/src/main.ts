import type { Context, Result } from '@modelyard/action-kit'
import { checkDrift, findModel } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

/** An alarm is the check's result, not its failure: the step is red only where nothing could be told. */
export async function main({ model }: Inputs, context: Context): Promise<Result<Output>> {
  const check = await checkDrift(context, await findModel(context.root, model), { update: true })
  if (!check) return { outputs: { verdict: '', train: 'false' }, records: [] }
  const { verdict, reasons } = check.record.predicate
  return {
    outputs: { verdict, train: String(check.train) },
    records: [check.record],
    ...(verdict === 'inconclusive' ? { failure: reasons[0]! } : {}),
  }
}
