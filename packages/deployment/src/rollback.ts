import { findRelease, type GitHub, type Release } from '@modelyard/github'
import {
  findVersionFile,
  quarantine,
  readState,
  readTrailers,
  type State,
  timeline,
  type Version,
} from '@modelyard/registry'
import { type Model, RefusedError, type Tenure, UserError } from '@modelyard/spec'
import { type DeploymentResult, type DeployOptions, deploy } from './deploy.ts'
import { type DeploymentPlan, describeVersion, stageOf } from './plan.ts'
import { listDeployments } from './record.ts'
import { openTarget } from './targets/open.ts'

/** What a rollback does: the plan of a deployment of the version that it goes back to. */
export interface RollbackPlan extends DeploymentPlan {
  /** The version that it goes back from. */
  replaces: string
  /** The environment in which the rollback's job runs: the stage's, with `-rollback`; null where the stage has none. */
  waitsIn: string | null
  /** Other stages that hold what goes into quarantine. */
  elsewhere: string[]
  /** What was in the stage when, newest first. */
  tenures: Tenure[]
}

export interface RollbackOptions extends Omit<DeployOptions, 'plan' | 'reason' | 'trailers' | 'always'> {
  plan: RollbackPlan
  /** Why, in the words of whoever started it. */
  why: string
  /** The workflow run, which finds its own work again when it is repeated. */
  runId?: string
}

/** Trailers of an assignment that is a rollback: the version that was left, and the run that did it. */
const OF = 'Rollback-Of'
const RUN = 'Rollback-Run'

/**
 * Plans the way back of a stage, `from` what it holds: to the version that was promoted there last, was healthy, and is
 * not in quarantine. The plan of a run that did its work already is the same again. Writes nothing.
 * Throws a `UserError` where there is nothing to go back to, or the stage does not hold `from` any more.
 */
export async function planRollback(
  github: GitHub,
  {
    model,
    stage,
    from,
    runId,
  }: { model: Model; stage?: string | undefined; from?: string | undefined; runId?: string | undefined },
): Promise<RollbackPlan> {
  const name = stage ?? Object.keys(model.stages).at(-1)
  if (name === undefined) {
    throw new UserError(
      `${model.file} has no stages, so nothing of ${model.name} is live: there is nothing to roll back.`,
    )
  }
  const config = stageOf(model, name)
  const state = await readState(github, model.name)
  const left = leftBy(state, name, { from, runId })
  const environment = config.environment ?? null
  const where = { model: model.name, stage: name, environment }
  const goal = await findGoal(github, await healthyVersions(github, state, where), left)
  if (!goal) {
    throw new UserError(
      `There is no version of ${model.name} to roll back to: ${name} holds ${left}, and nothing else that was promoted there is registered, has its release, was healthy, and is out of quarantine. Promote another version instead.`,
    )
  }
  return {
    ...(await describeVersion(github, model, goal.version, goal.release)),
    stage: name,
    replaces: left,
    environment,
    waitsIn: environment === null ? null : `${environment}-rollback`,
    elsewhere: Object.entries(state.stages).flatMap(([each, { current }]) =>
      each !== name && current === left ? [each] : [],
    ),
    reviewers: [],
    tenures: timeline(state.stages[name]!),
    already: state.stages[name]?.current === goal.version.version,
    title: `${model.name} ${left} → ${goal.version.version} in ${name} (rollback)`,
  }
}

/**
 * Moves a stage back: first the bad version goes into quarantine, then the target serves the version before and is read
 * back, then the stage's tag. Quality gates are not asked; the digest is always checked. Killed anywhere, the same run
 * ends in the same state. Throws a `RefusedError` where the target serves something that no stage says.
 */
export async function rollback(
  github: GitHub,
  { plan, why, runId, ...options }: RollbackOptions,
): Promise<DeploymentResult & { quarantine: string }> {
  const { model, stage, replaces } = plan
  const { actor } = options.run
  await refuseOther(github, options.model, plan)
  const { tag } = await quarantine(github, {
    model,
    version: replaces,
    reason: `Rolled back from ${stage}: ${why}`,
    actor,
  })
  const reason = `Rolled back from ${replaces} by ${actor}: ${why}`
  const trailers = { [OF]: replaces, ...(runId === undefined ? {} : { [RUN]: runId }) }
  const result = await deploy(github, { ...options, plan, reason, trailers, always: true })
  return { ...result, quarantine: tag! }
}

/** The first of these versions that is another one and still has its release. */
async function findGoal(
  github: GitHub,
  versions: Version[],
  left: string,
): Promise<{ version: Version; release: Release } | undefined> {
  for (const version of versions.filter((each) => each.version !== left)) {
    const release = await findRelease(github, version.tag)
    if (release) return { version, release }
  }
  return undefined
}

/**
 * Refuses where the target serves neither what the stage holds nor what it would go back to: a promotion failed half-way,
 * and what the stage holds is not what is unwell. A target that cannot be asked is no reason to wait.
 */
async function refuseOther(github: GitHub, model: Model, { stage, replaces, digest }: RollbackPlan): Promise<void> {
  const target = openTarget(model, stage)
  const served = (await target?.status().catch(() => undefined))?.sha256
  if (!target || !served || served === digest) return
  const state = await readState(github, model.name)
  const held = state.versions.find(({ version }) => version === replaces)
  const file = held && (await findVersionFile(github, model.name, held))
  if (!file || file.digests.model === served) return
  throw new RefusedError(
    `The ${target.kind} of ${stage} serves ${served.slice(0, 12)}, not ${replaces} (${file.digests.model.slice(0, 12)}), which ${stage} holds: ${replaces} is not what is wrong, so nothing was changed. Promote ${replaces} to ${stage} once more, and it is put back.`,
  )
}

/** The version that the stage is to leave, or has left by this very run. */
function leftBy(
  { model, stages }: State,
  stage: string,
  { from, runId }: { from?: string | undefined; runId?: string | undefined },
): string {
  const { current = null, history = [] } = stages[stage] ?? {}
  const last = history.at(-1)
  const own = history.find(({ message }) => runId !== undefined && readTrailers(message)[RUN] === runId)
  if (own && own === last) return readTrailers(own.message)[OF]!
  if (own) {
    throw new UserError(
      `This run rolled ${stage} of ${model} back already (${own.tag}), and ${current ?? 'nothing'} is there since: start a new rollback if that is to go.`,
    )
  }
  if (current === null) {
    throw new UserError(`${stage} of ${model} holds nothing, so there is nothing to roll back. Promote a version.`)
  }
  if (from === undefined && last && OF in readTrailers(last.message)) {
    throw new UserError(
      `${stage} of ${model} is ${current} since ${last.actor} rolled it back (${last.tag}), so nothing was changed. To go back further, say what is to be left: from ${current} (--from ${current}; in a workflow "from: ${current}").`,
    )
  }
  if (from !== undefined && from !== current) {
    throw new UserError(
      `${stage} of ${model} holds ${current} now, not ${from}: nothing was changed. Start the rollback again if ${current} is to go.`,
    )
  }
  return current
}

/**
 * The versions that were promoted to a stage and healthy, the last first: registered, not in quarantine, and not known
 * from GitHub's deployments to have failed whenever they were tried.
 */
async function healthyVersions(
  github: GitHub,
  { versions, stages, quarantined }: State,
  where: { model: string; stage: string; environment: string | null },
): Promise<Version[]> {
  const deployments = await listDeployments(github, where)
  const promoted = (stages[where.stage]?.history ?? []).filter(({ kind }) => kind === 'assignment').toReversed()
  return [...new Set(promoted.map(({ version }) => version))].flatMap((name) => {
    const version = versions.find((each) => each.version === name)
    const states = deployments.filter(({ payload }) => payload.version === name).map(({ state }) => state)
    const failed = states.length > 0 && states.every((state) => state === 'failure' || state === 'error')
    return version && !failed && quarantined.every((entry) => entry.version !== name) ? [version] : []
  })
}
