import { at, type GitHub } from '@modelyard/github'
import { parseJson } from '@modelyard/spec'
import type { DeploymentPlan } from './plan.ts'

/** What a GitHub Deployment of ours carries: what it moves where. */
export interface Payload {
  model: string
  stage: string
  version: string
  digest: string
  replaces: string | null
}

/** A GitHub Deployment of ours with its newest status. */
export interface Recorded {
  id: number
  payload: Payload
  state: string | null
}

type State = 'in_progress' | 'success' | 'failure' | 'inactive'

const MOST_WORDS = 140

/** The deployments of a stage of a model, newest first. */
export async function listDeployments(
  github: GitHub,
  where: Pick<DeploymentPlan, 'model' | 'stage' | 'environment'>,
): Promise<Recorded[]> {
  const deployments = await github.octokit.paginate(github.octokit.rest.repos.listDeployments, {
    ...at(github),
    task: 'deploy',
    environment: environmentOf(where),
    per_page: 100,
  })
  const own: Recorded[] = []
  for (const { id, payload } of deployments) {
    const said = readPayload(payload)
    if (said?.model === where.model && said.stage === where.stage) {
      own.push({ id, payload: said, state: await readState(github, id) })
    }
  }
  return own.sort((a, b) => b.id - a.id)
}

/** GitHub would merge branches and wait for every check unless told not to. */
export async function createDeployment(github: GitHub, plan: DeploymentPlan): Promise<Recorded> {
  const { model, stage, version, digest, replaces } = plan
  const payload = { model, stage, version, digest, replaces }
  const { data } = await github.octokit.rest.repos.createDeployment({
    ...at(github),
    ref: plan.tag,
    task: 'deploy',
    auto_merge: false,
    required_contexts: [],
    payload: { ...payload },
    environment: environmentOf(plan),
    description: short(plan.title),
  })
  if (!('id' in data)) throw new Error(`GitHub made no deployment of ${plan.tag}: ${data.message}`)
  return { id: data.id, payload, state: null }
}

/** Adds a status. The rest of a stage's deployments are set inactive by us: GitHub leaves those of production. */
export async function setStatus(
  github: GitHub,
  id: number,
  {
    state,
    description,
    logUrl,
    environmentUrl,
  }: { state: State; description: string; logUrl?: string | null; environmentUrl?: string },
): Promise<void> {
  await github.octokit.rest.repos.createDeploymentStatus({
    ...at(github),
    deployment_id: id,
    state,
    description: short(description),
    auto_inactive: false,
    ...(logUrl ? { log_url: logUrl } : {}),
    ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
  })
}

async function readState(github: GitHub, id: number): Promise<string | null> {
  const { data } = await github.octokit.rest.repos.listDeploymentStatuses({
    ...at(github),
    deployment_id: id,
    per_page: 1,
  })
  return data[0]?.state ?? null
}

function environmentOf({ environment, stage }: Pick<DeploymentPlan, 'environment' | 'stage'>): string {
  return environment ?? stage
}

/** Payloads come back as an object, or as the text that was sent. */
function readPayload(payload: unknown): Payload | undefined {
  const said = typeof payload === 'string' ? parseJson(payload) : payload
  return typeof said === 'object' && said !== null ? (said as Payload) : undefined
}

/** GitHub takes no more than 140 characters. */
function short(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= MOST_WORDS ? line : `${line.slice(0, MOST_WORDS - 1)}…`
}
