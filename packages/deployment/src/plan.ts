import { at, findRelease, type GitHub, hasStatus, type Release } from '@modelyard/github'
import {
  readState,
  readVersionFile,
  refuseDeprecated,
  refuseQuarantined,
  resolveVersion,
  type State,
  type Version,
} from '@modelyard/registry'
import { type Model, UserError } from '@modelyard/spec'

/** What goes live, what it replaces, and who is asked: what an approver reads. */
export interface DeploymentPlan {
  model: string
  stage: string
  version: string
  /** The version's tag: `m@v1.1.0`. */
  tag: string
  /** The version's registry commit. */
  commit: string
  /** SHA-256 of the model. */
  digest: string
  /** The version that the stage held before; null for none. */
  replaces: string | null
  /** The environment whose reviewers are asked; null where the stage names none. */
  environment: string | null
  /** People and teams, any one of whom can approve. */
  reviewers: string[]
  /** Why a person has to approve the version, where its gate left that to one. */
  approval: string[]
  /** Whether the stage holds the version now: then there is nothing to move. */
  already: boolean
  /** `flight-delay v1.1.0 → production (replaces v1.0.0)`. */
  title: string
  /** The release page. */
  url: string
}

/**
 * Plans the move of a stage to a version (`v1.1.0`, `latest` or the name of another stage). Writes nothing. Throws a
 * `UserError` for a stage or version that does not exist, a version that was never in the stage before, is in
 * quarantine or of a deprecated model, an environment that nobody has to approve, and a version that somebody has to
 * approve where the stage has no environment.
 */
export async function planDeployment(
  github: GitHub,
  { model, version: wanted, stage }: { model: Model; version: string; stage: string },
): Promise<DeploymentPlan> {
  const config = stageOf(model, stage)
  const state = await readState(github, model.name)
  const resolved = resolveVersion(state, wanted)
  const { version } = resolved
  refuseDeprecated(state)
  refuseQuarantined(state, version)
  if (config.after !== undefined && !wasIn(state, config.after, version)) {
    throw new UserError(
      `${model.name} ${version} was never in ${config.after}, and must be there before it may come to ${stage}: deploy it to ${config.after} first.`,
    )
  }
  const environment = config.environment ?? null
  const described = await describeVersion(github, model, resolved)
  if (environment === null) refuseUnapproved(described, stage)
  const reviewers = environment === null ? [] : await readReviewers(github, environment, stage)
  const replaces = replacedBy(state, stage, version)
  return {
    ...described,
    stage,
    replaces,
    environment,
    reviewers,
    already: state.stages[stage]?.current === version,
    title: `${model.name} ${version} → ${stage} (${replaces === null ? 'the first there' : `replaces ${replaces}`})`,
  }
}

/** What the model file says of a stage; throws a `UserError` that names the stages that there are. */
export function stageOf(model: Model, stage: string): Model['stages'][string] {
  const config = Object.hasOwn(model.stages, stage) ? model.stages[stage] : undefined
  if (config) return config
  const known = Object.keys(model.stages)
  throw new UserError(
    `${model.file} has no stage ${JSON.stringify(stage)}. ${known.length === 0 ? 'It has none: add one under stages:.' : `It has ${known.join(', ')}.`}`,
  )
}

/** The part of a plan that is about the version that goes live, whose release is looked for unless it was found. */
export async function describeVersion(
  github: GitHub,
  model: Model,
  { version, commit, tag }: Version,
  found?: Release,
): Promise<Pick<DeploymentPlan, 'model' | 'version' | 'tag' | 'commit' | 'digest' | 'url' | 'approval'>> {
  const { digests, approval = [] } = await readVersionFile(github, model.name, { version, commit })
  const release = found ?? (await findRelease(github, tag))
  if (!release) throw new UserError(`${model.name} ${version} has no release any more: deploy a version that has one.`)
  return { model: model.name, version, tag, commit, digest: digests.model, url: release.url, approval }
}

/** What lacks the evidence to go on by itself goes only where a person is asked. */
function refuseUnapproved(
  { model, version, approval }: Pick<DeploymentPlan, 'model' | 'version' | 'approval'>,
  stage: string,
): void {
  if (approval.length === 0) return
  throw new UserError(
    `A person has to approve ${model} ${version}, and ${stage} has no environment, so nobody would be asked: ${approval.join(' ')} Give the stage an environment with required reviewers, or judge the model again with more evidence.`,
  )
}

function wasIn(state: State, stage: string, version: string): boolean {
  return (state.stages[stage]?.history ?? []).some((entry) => entry.kind === 'assignment' && entry.version === version)
}

/** What the stage holds; where it holds the version already, what it held before: a plan is the same when made again. */
function replacedBy(state: State, stage: string, version: string): string | null {
  const { current = null, history = [] } = state.stages[stage] ?? {}
  if (current !== version) return current
  return history.findLast((entry) => entry.kind === 'assignment' && entry.version !== version)?.version ?? null
}

/** Who has to approve; an environment that lets everything through is no approval, and GitHub makes missing ones itself. */
async function readReviewers(github: GitHub, environment: string, stage: string): Promise<string[]> {
  const settings = 'Settings → Environments'
  let rules: ProtectionRule[]
  try {
    const { data } = await github.octokit.rest.repos.getEnvironment({ ...at(github), environment_name: environment })
    rules = (data.protection_rules ?? []) as ProtectionRule[]
  } catch (error) {
    if (!hasStatus(error, 404)) throw error
    throw new UserError(
      `The stage ${stage} names the environment ${environment}, which does not exist in ${github.owner}/${github.repo}: make it in ${settings} and give it required reviewers.`,
    )
  }
  const reviewers = rules.flatMap((rule) => (rule.type === 'required_reviewers' ? (rule.reviewers ?? []) : []))
  if (reviewers.length === 0) {
    throw new UserError(
      `The environment ${environment} has no required reviewers, so nobody would approve what comes to ${stage}: add some in ${settings}.`,
    )
  }
  return reviewers.map(({ reviewer }) => reviewer.login ?? reviewer.slug ?? reviewer.name ?? 'somebody')
}

interface ProtectionRule {
  type: string
  reviewers?: Array<{ reviewer: { login?: string; slug?: string; name?: string } }>
}
