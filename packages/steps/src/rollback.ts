import { join } from 'node:path'
import {
  openTarget,
  planRollback as plan,
  proveEnvironment,
  type RollbackPlan,
  rollback as roll,
} from '@modelyard/deployment'
import { renderRollbackPlan } from '@modelyard/report'
import { type Model, type Statement, UserError } from '@modelyard/spec'
import { needDefaultBranch, needGitHub, type StepContext } from './context.ts'
import { beginRecord, modelFile, openRecords, saveRecord } from './records.ts'

/** What a rollback would do, and the page that says so. */
export interface PlannedRollback {
  plan: RollbackPlan
  summary: string
}

/** Says what would go and what would come back; refuses where there is nothing to go back to. */
export async function planRollback(
  context: StepContext,
  model: Model,
  { stage, from }: { stage?: string | undefined; from?: string | undefined },
): Promise<PlannedRollback> {
  needDefaultBranch(context)
  const github = needGitHub(context, `roll ${model.name} back`)
  const planned = await plan(github, { model, stage, from, runId: context.run.id })
  return { plan: planned, summary: renderRollbackPlan(planned, planned.tenures) }
}

/**
 * Moves the stage back: quarantine, target, read-back, tag. Asks no gate and no reviewers; where the stage has an
 * environment, its job must run in that of the rollback.
 */
export async function rollback(
  context: StepContext,
  model: Model,
  { plan, reason }: { plan: RollbackPlan; reason: string },
): Promise<Statement<'rollback'>> {
  const clock = beginRecord(context)
  const { run, log } = context
  const github = needGitHub(context, `roll ${model.name} back`)
  const proof = await proveJob(context, plan)
  const why = reason.trim() || (await complaintOf(model, plan.stage)) || 'no reason was given.'
  const outcome = await roll(github, {
    model,
    plan,
    proof: { proof, approvals: [] },
    folder: join(await openRecords(context, model.name), 'rollback'),
    run: { url: run.url ?? null, actor: run.actor ?? 'modelyard' },
    log: log.info,
    why,
    ...(run.id === undefined ? {} : { runId: run.id }),
  })
  const { stage, replaces: from, version: to, digest, environment } = plan
  const record = await clock.finish('rollback', [{ name: modelFile(model.train.model), digest: { sha256: digest } }], {
    model: model.name,
    verdict: 'pass',
    reasons: [`${stage} of ${model.name} is ${to} again, and ${from} is in quarantine: nothing promotes it by itself.`],
    ...{ stage, from, to, digest, environment, proof, why },
    ...outcome,
  })
  await saveRecord(context, 'rollback', model.name, record)
  return record
}

/** Proves that this job runs in the rollback's environment, where the stage has one. */
async function proveJob(context: StepContext, { model, stage, waitsIn }: RollbackPlan): Promise<'oidc' | 'none-asked'> {
  if (waitsIn === null) return 'none-asked'
  const { run, identityToken } = context
  if (run.id === undefined || !identityToken) {
    throw new UserError(
      `${stage} is rolled back by a workflow job in the environment ${waitsIn}, which its identity token proves. Run rollback.yml; its job needs "permissions: id-token: write".`,
    )
  }
  const github = needGitHub(context, `roll ${model} back`)
  await proveEnvironment(github, { environment: waitsIn, runId: Number(run.id), oidc: identityToken })
  return 'oidc'
}

/** What the target itself says is wrong; a target that cannot even be asked is a reason as well. */
async function complaintOf(model: Model, stage: string): Promise<string | null> {
  try {
    return (await openTarget(model, stage)?.status())?.unhealthy ?? null
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    return `the target cannot be asked: ${error.message}`
  }
}
