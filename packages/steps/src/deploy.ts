import { join } from 'node:path'
import { type DeploymentPlan, planDeployment, proveWait, deploy as roll } from '@modelyard/deployment'
import { readVersionFile } from '@modelyard/registry'
import { renderDeploymentPlan } from '@modelyard/report'
import { type Model, type Statement, UserError } from '@modelyard/spec'
import { needDefaultBranch, needGitHub, repositoryUrl, type StepContext } from './context.ts'
import { beginRecord, modelFile, openRecords, saveRecord } from './records.ts'

/** What a deployment would do, and the page that shows it to those who are asked. */
export interface PlannedDeployment {
  plan: DeploymentPlan
  summary: string
}

/** Says what would go live and what it would replace; refuses what could never be deployed, before anybody is asked. */
export async function planDeploy(
  context: StepContext,
  model: Model,
  options: { stage: string; version: string; replaces?: string },
): Promise<PlannedDeployment> {
  needDefaultBranch(context)
  const github = needGitHub(context, `deploy ${model.name}`)
  const { stage, version, replaces = 'anything' } = options
  const plan = await planDeployment(github, { model, stage, version })
  if (replaces !== 'anything' && replaces !== (plan.replaces ?? 'nothing')) {
    throw new UserError(
      `${stage} of ${model.name} holds ${plan.replaces ?? 'nothing'} now, and what was approved replaces ${replaces}: nothing was changed. Start the workflow again.`,
    )
  }
  const file = await readVersionFile(github, model.name, plan)
  const summary = renderDeploymentPlan(
    { ...plan, verdict: file.verdict, champion: file.champion, metrics: file.metrics },
    {
      releaseUrl: plan.url,
      rollbackUrl: `${repositoryUrl(context)}/actions/workflows/rollback.yml`,
      rollbackNeedsStage: stage !== Object.keys(model.stages).at(-1),
    },
  )
  return { plan, summary }
}

/** Moves the stage: proves that this job waited, deploys to the target, reads it back, and only then makes the event. */
export async function deploy(
  context: StepContext,
  model: Model,
  plan: DeploymentPlan,
): Promise<Statement<'deployment'>> {
  const clock = beginRecord(context)
  const { run, log } = context
  const github = needGitHub(context, `deploy ${model.name}`)
  if (plan.environment !== null && run.id === undefined) {
    throw new UserError(
      `${plan.stage} is approved by the reviewers of the environment ${plan.environment}, so it is deployed by a workflow job that waits there. Run promote.yml.`,
    )
  }
  const proof = await proveWait(github, {
    environment: plan.environment,
    runId: Number(run.id),
    ...(context.identityToken ? { oidc: context.identityToken } : {}),
  })
  const outcome = await roll(github, {
    model,
    plan,
    proof,
    folder: join(await openRecords(context, model.name), 'deploy'),
    run: { url: run.url ?? null, actor: run.actor ?? 'modelyard' },
    log: log.info,
  })
  const subject = { name: modelFile(model.train.model), digest: { sha256: plan.digest } }
  const record = await clock.finish('deployment', [subject], {
    model: model.name,
    verdict: 'pass',
    reasons: [
      `${plan.stage} of ${model.name} is ${plan.version}${plan.replaces ? ` (it was ${plan.replaces})` : ''}: read back and found so.`,
    ],
    stage: plan.stage,
    version: plan.version,
    replaces: plan.replaces,
    digest: plan.digest,
    environment: plan.environment,
    ...proof,
    ...outcome,
  })
  await saveRecord(context, 'deployment', model.name, record)
  return record
}
