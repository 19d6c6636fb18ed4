import type { GitHub } from '@modelyard/github'
import { assign, readState } from '@modelyard/registry'
import { type Model, RefusedError, UserError } from '@modelyard/spec'
import type { DeploymentPlan } from './plan.ts'
import type { WaitProof } from './proof.ts'
import { createDeployment, listDeployments, type Recorded, setStatus } from './record.ts'
import { putBack, serve } from './serve.ts'
import { openTarget } from './targets/open.ts'
import type { Target } from './targets/target.ts'

export interface DeployOptions {
  model: Model
  plan: DeploymentPlan
  proof: WaitProof
  /** Where the model is fetched to on its way to the target. */
  folder: string
  /** Who deploys, and where the log is. */
  run: { actor: string; url: string | null }
  log: (message: string) => void
  /** What the stage's history says of it; told from the plan and the approvals where it is not given. */
  reason?: string
  /** Further facts for the stage's tag. */
  trailers?: Record<string, string>
  /** Deploys whatever the target says that it serves already. */
  always?: boolean
}

export interface DeploymentResult {
  /** The stage's tag: `m#production#2`. */
  tag: string
  target: {
    kind: Target['kind'] | 'none'
    /** SHA-256 of what the target was read back to serve. */
    observed: string | null
  }
}

/**
 * Moves a stage to a version: the target first, read back until it shows the digest, then the stage's tag. One GitHub
 * Deployment tells of it; a run that died is taken up where it stopped. Throws a `UserError` where the stage holds
 * something else than was planned for, and a `RefusedError` where the target fails: then the stage keeps what it holds.
 */
export async function deploy(github: GitHub, options: DeployOptions): Promise<DeploymentResult> {
  const { plan, proof, run, log } = options
  if (plan.environment !== null && proof.proof === 'none-asked') {
    throw new UserError(
      `The stage ${plan.stage} names the environment ${plan.environment}: prove first that the job waited there.`,
    )
  }
  const current = await readCurrent(github, plan)
  const recorded = await listDeployments(github, plan)
  const deployment = recorded.find((one) => isOpen(one, plan, current)) ?? (await createDeployment(github, plan))
  try {
    if (deployment.state !== 'in_progress' && deployment.state !== 'success') {
      await setStatus(github, deployment.id, { state: 'in_progress', description: plan.title, logUrl: run.url })
    }
    return await move(github, options, deployment, recorded)
  } catch (error) {
    const description = error instanceof UserError ? error.message : 'Something went wrong: the log says what'
    try {
      await setStatus(github, deployment.id, { state: 'failure', description, logUrl: run.url })
    } catch (second) {
      log(`The deployment could not be marked as failed: ${(second as Error).message}`)
    }
    throw error
  }
}

/** Target, tag, and then the records of what is live. */
async function move(
  github: GitHub,
  options: DeployOptions,
  deployment: Recorded,
  recorded: Recorded[],
): Promise<DeploymentResult> {
  const { model, plan, run, log } = options
  const target = openTarget(model, plan.stage)
  const { observed, tag } = await take(github, target, options)
  log(`${plan.stage} of ${plan.model} is ${plan.version}: ${tag}`)
  for (const { id, state } of recorded) {
    if (id === deployment.id || (state !== 'success' && state !== 'in_progress')) continue
    await setStatus(github, id, { state: 'inactive', description: `Replaced by ${plan.version}` })
  }
  if (deployment.state !== 'success') {
    const description = target ? `The ${target.kind} serves ${plan.digest.slice(0, 12)}` : `${tag} says so`
    await setStatus(github, deployment.id, {
      state: 'success',
      description,
      environmentUrl: plan.url,
      logUrl: run.url,
    })
  }
  return { tag, target: { kind: target?.kind ?? 'none', observed } }
}

/** The target first, then the stage's tag; where either fails, the target is to serve again what the stage holds. */
async function take(
  github: GitHub,
  target: Target | null,
  options: DeployOptions,
): Promise<{ observed: string | null; tag: string }> {
  const { plan, proof, run, reason = reasonOf(plan, proof), trailers = {} } = options
  const { model, stage, version, replaces } = plan
  try {
    const observed = target ? await serve(github, target, options) : null
    const expect = { current: replaces }
    const { tag } = await assign(github, { model, stage, version, reason, actor: run.actor, expect, trailers })
    return { observed, tag }
  } catch (error) {
    if (!target || !(error instanceof UserError)) throw error
    throw new RefusedError(`${error.message} ${await putBack(github, target, options)}`, { cause: error })
  }
}

/** What the stage holds, if that is what the plan was made for. */
async function readCurrent(
  github: GitHub,
  { model, stage, version, replaces }: DeploymentPlan,
): Promise<string | null> {
  const current = (await readState(github, model)).stages[stage]?.current ?? null
  if (current === version || current === replaces) return current
  throw new UserError(
    `${stage} of ${model} holds ${current ?? 'nothing'} now, but the move to ${version} was planned when it held ${replaces ?? 'nothing'}: run the workflow again.`,
  )
}

/** A deployment of the same thing that has not ended: one that succeeded has, unless the stage still holds it. */
function isOpen({ payload, state }: Recorded, { version, digest }: DeploymentPlan, current: string | null): boolean {
  if (payload.version !== version || payload.digest !== digest || state === 'inactive') return false
  return state !== 'success' || current === version
}

function reasonOf({ title, environment }: DeploymentPlan, { approvals }: WaitProof): string {
  if (environment === null) return `Deployed ${title}.`
  const said = approvals.map(({ user, comment }) => (comment.trim() === '' ? user : `${user} («${comment.trim()}»)`))
  return `Deployed ${title}, approved ${said.length === 0 ? `in ${environment}` : `by ${said.join(' and ')}`}.`
}
