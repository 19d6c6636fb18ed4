import { type Context, type Result, UserError } from '@modelyard/action-kit'
import { deploy, findModels, planDeploy } from '@modelyard/steps'
import type { Inputs, Output } from './inputs.ts'

export async function main(
  { model: pattern, stage, version, replaces, plan: onlyPlan }: Inputs,
  context: Context,
): Promise<Result<Output>> {
  const [model, ...others] = await findModels(context.root, pattern)
  if (!model || others.length > 0) {
    throw new UserError(
      `The input "model", ${JSON.stringify(pattern)}, names ${others.length + 1} models; deploy moves one at a time. Name its file.`,
    )
  }
  const planned = await planDeploy(context, model, { stage, version, replaces })
  const record = onlyPlan ? undefined : await deploy(context, model, planned.plan)
  const { plan, summary } = planned
  return {
    outputs: {
      title: plan.title,
      version: plan.version,
      replaces: plan.replaces ?? '',
      environment: plan.environment ?? '',
      url: plan.url,
      tag: record?.predicate.tag ?? '',
    },
    records: record ? [record] : [],
    ...(record ? {} : { summary }),
  }
}
