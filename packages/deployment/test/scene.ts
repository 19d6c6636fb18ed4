import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at, type GitHub } from '@modelyard/github'
import { assign, register } from '@modelyard/registry'
import { type Model, parseModelFile } from '@modelyard/spec'
import { afterAll, beforeAll } from 'vitest'
import { candidate } from '../../registry/test/support/candidate.ts'
import { openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { type DeploymentResult, deploy, planDeployment, type WaitProof } from '../src/index.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
  await server.local.createUser('grace')
})
afterAll(() => server.close())

export const MODEL = 'flight-delay'
export const APPROVED: WaitProof = { proof: 'oidc', approvals: [{ user: 'grace', comment: 'Go.' }] }
export const FREE: WaitProof = { proof: 'none-asked', approvals: [] }

const modelFile = (stages: string) => `
name: ${MODEL}
task: binary-classification
data: { train: a.parquet, holdout: b.parquet, label: late }
train: { run: python train.py, inputs: [train.py], model: out/model.onnx }
evaluate: { metrics: [roc_auc], gates: [{ metric: roc_auc, min: 0.6 }] }
stages: ${stages}
`

/** A model file in a folder of its own; `TARGET` in it is that folder. */
export async function modelWith(repository: Repository, stages: string): Promise<Model> {
  const folder = join(server.folder, repository.name.replace('/', '-'))
  await mkdir(folder, { recursive: true })
  return { ...parseModelFile(modelFile(stages.replaceAll('TARGET', folder)), 'model.yaml'), folder }
}

const STAGES =
  '{ staging: {}, production: { after: staging, environment: production, target: { directory: TARGET/srv } } }'

/** Staging, and a production that a program serves. */
export function servedBy(program: string): string {
  return `{ staging: {}, production: { after: staging, environment: production, target: { command: ${JSON.stringify(program)} } } }`
}

export async function protect(repository: Repository, environment: string, reviewers: string[]): Promise<void> {
  const github = repository.connect()
  const ids = await Promise.all(
    reviewers.map(async (username) => (await github.octokit.rest.users.getByUsername({ username })).data.id),
  )
  await github.octokit.rest.repos.createOrUpdateEnvironment({
    ...at(github),
    environment_name: environment,
    reviewers: ids.map((id) => ({ type: 'User', id })),
  })
}

export interface Scene {
  repository: Repository
  model: Model
}

/** Two versions that were in staging, production empty and protected. */
export async function openScene(stages = STAGES): Promise<Scene> {
  const scene = await openRegistry(stages)
  const github = scene.repository.connect()
  const common = { model: MODEL, stage: 'staging', actor: 'ada', reason: 'Try it.' }
  await assign(github, { ...common, version: 'v1.0.0', expect: { current: null } })
  await assign(github, { ...common, version: 'v1.0.1', expect: { current: 'v1.0.0' } })
  return scene
}

/** Two versions that are nowhere. */
export async function openRegistry(stages: string): Promise<Scene> {
  const repository = await server.repository()
  const github = repository.connect()
  const model = await modelWith(repository, stages)
  await protect(repository, 'production', ['grace'])
  await register(github, candidate('one', repository))
  await register(github, candidate('two', repository))
  return { repository, model }
}

export async function go(
  { repository, model }: Scene,
  version: string,
  options: { github?: GitHub; stage?: string; proof?: WaitProof } = {},
): Promise<DeploymentResult> {
  const { github = repository.connect(), stage = 'production', proof = APPROVED } = options
  const plan = await planDeployment(github, { model, version, stage })
  const run = { actor: 'ada', url: 'https://example.com/runs/7' }
  return deploy(github, { model, plan, proof, folder: join(model.folder, 'fetched', version), run, log: () => {} })
}

export async function deployments({ repository }: Scene): Promise<object[]> {
  const github = repository.connect()
  const { data } = await github.octokit.rest.repos.listDeployments({ ...at(github), per_page: 100 })
  return Promise.all(
    data
      .toSorted((a, b) => a.id - b.id)
      .map(async ({ id, payload, environment, task, ref }) => {
        const statuses = await github.octokit.rest.repos.listDeploymentStatuses({ ...at(github), deployment_id: id })
        const states = statuses.data.toSorted((a, b) => a.id - b.id).map(({ state }) => state)
        return { payload, environment, task, ref, states }
      }),
  )
}

export const served = async ({ model }: Scene) => {
  const folder = join(model.folder, 'srv', MODEL)
  const { path, version } = JSON.parse(await readFile(join(folder, 'current.json'), 'utf8'))
  return [version, await readFile(join(folder, path), 'utf8')]
}
