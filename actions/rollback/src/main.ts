import type { Context, Result } from '@modelyard/action-kit'
import { findModel, planRollback, rollback } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main(
  { model: named, stage, from, reason, plan: onlyPlan }: Inputs,
  context: Context,
): Promise<Result<Output>> {
  const model = await findModel(context.root, named)
  const { plan, summary } = await planRollback(context, model, { stage, from })
  const record = onlyPlan ? undefined : await rollback(context, model, { plan, reason: reason ?? '' })
  return {
    outputs: {
      title: plan.title,
      stage: plan.stage,
      from: plan.replaces,
      to: plan.version,
      environment: plan.waitsIn ?? '',
      tag: record?.predicate.tag ?? '',
    },
    records: record ? [record] : [],
    ...(record ? {} : { summary }),
  }
}
