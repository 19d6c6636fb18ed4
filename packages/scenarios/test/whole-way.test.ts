import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { readState, timeline } from '@modelyard/registry'
import { fileDigest, VersionFile } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  dispatch,
  git,
  jobsOf,
  logOf,
  openPullRequest,
  openWorld,
  type Run,
  recordOf,
  toyModel,
  type World,
  waitForRun,
  writeModel,
} from '../src/index.ts'

/** One story, told in order: each test goes on where the one before ended. */
describe('from pull request to production', () => {
  let world: World
  let merged: string

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml', 'release.yml', 'promote.yml', 'rollback.yml'] })
    await world.push('Begin')
    await waitForRun(world, { workflow: 'release.yml' })
  })
  afterAll(() => world?.close())

  const tags = async () =>
    (await git(world.bare, 'for-each-ref', '--format=%(refname:short)', 'refs/tags')).split('\n').filter(Boolean)

  async function merge(branch: string): Promise<string> {
    const pull = await openPullRequest(world, branch)
    expect((await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })).conclusion).toBe('success')
    const { data } = await world.ada.github.octokit.rest.pulls.merge({
      ...at(world.ada.github),
      pull_number: pull.number,
      merge_method: 'squash',
    })
    await git(world.clone, 'pull', '--quiet')
    return data.sha
  }

  /** A file share from which production serves. */
  const share = () => join(world.folder, 'share')

  /** The version that its pointer names, and the digest of the model that lies there. */
  async function served(): Promise<[version: string, sha256: string]> {
    const { version, path } = JSON.parse(await readFile(join(share(), 'toy/current.json'), 'utf8'))
    return [version, (await fileDigest(join(share(), 'toy', path))).sha256]
  }

  const digestOf = async (version: string) =>
    VersionFile.parse(JSON.parse(await git(world.bare, 'show', `toy@${version}:.modelyard/toy/version.json`))).digests
      .model

  const promote = (stage: string, version = 'latest', ref = 'main') =>
    dispatch(world, { workflow: 'promote.yml', ref, inputs: { stage, version } })

  const rollBack = (inputs: Record<string, string>) => dispatch(world, { workflow: 'rollback.yml', inputs })

  async function review(run: Run, state: 'approved' | 'rejected'): Promise<Run> {
    const { octokit } = world.rita.github
    const { data } = await octokit.rest.actions.getPendingDeploymentsForRun({
      ...at(world.rita.github),
      run_id: run.id,
    })
    const environment_ids = data.map(({ environment }) => environment.id!)
    await octokit.rest.actions.reviewPendingDeploymentsForRun({
      ...at(world.rita.github),
      run_id: run.id,
      environment_ids,
      state,
      comment: state,
    })
    await world.local.idle()
    return waitForRun(world, { workflow: 'promote.yml', since: run.id - 1 })
  }

  it('registers what was judged: the merge trains nothing again', async () => {
    const target = `environment: production, target: { directory: ${JSON.stringify(share())} }`
    await writeModel(world.clone, toyModel('toy', { 'environment: production': target }))
    merged = await merge('first')
    const run = await waitForRun(world, { workflow: 'release.yml', sha: merged })
    expect(await jobsOf(world.ada, run)).toEqual({
      'find the models': 'success',
      'candidate toy': 'success',
      'register toy': 'success',
    })
    expect(await tags()).toEqual(['toy@v1.0.0'])
    expect((await recordOf(world.ada, run, 'training', 'toy'))?.predicate.run.reused).toMatch(/\/actions\/runs\/\d+$/)
  })

  it('finds its version when the release runs again', async () => {
    const run = await waitForRun(world, { workflow: 'release.yml', sha: merged })
    await world.ada.github.octokit.rest.actions.reRunWorkflow({ ...at(world.ada.github), run_id: run.id })
    await world.local.idle()
    expect(await tags()).toEqual(['toy@v1.0.0'])
    expect((await waitForRun(world, { workflow: 'release.yml', sha: merged })).conclusion).toBe('success')
  })

  it('makes no version of a merge that leaves the model as it is', async () => {
    await writeFile(join(world.clone, 'README.md'), 'Words.\n')
    const sha = await world.push('Write a README')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
    expect(await tags()).toEqual(['toy@v1.0.0'])
  })

  it('refuses a version that was not in the stage before', async () => {
    const run = await promote('production')
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toContain('was never in staging')
  })

  it('moves a stage that asks nobody', async () => {
    expect((await promote('staging')).conclusion).toBe('success')
    expect(await tags()).toEqual(['toy#staging#1', 'toy@v1.0.0'])
  })

  it.each([
    ['a stage that does not exist', 'nowhere', 'latest', /has no stage "nowhere"\. It has staging, production\./],
    ['a version that does not exist', 'staging', 'v9.9.9', /v9\.9\.9/],
  ])('refuses %s', async (_, stage, version, sentence) => {
    const before = await tags()
    const run = await promote(stage, version)
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toMatch(sentence)
    expect(await tags()).toEqual(before)
  })

  it('refuses production while nobody protects it', async () => {
    const run = await promote('production')
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toMatch(/production.*(?:reviewer|protect)/s)
  })

  it('leaves nothing behind when a reviewer rejects', async () => {
    const { octokit } = world.ada.github
    const { data: rita } = await octokit.rest.users.getByUsername({ username: 'rita' })
    await octokit.rest.repos.createOrUpdateEnvironment({
      ...at(world.ada.github),
      environment_name: 'production',
      reviewers: [{ type: 'User', id: rita.id }],
    })
    const before = await tags()
    const waiting = await promote('production')
    expect(waiting.status).toBe('waiting')
    expect((await review(waiting, 'rejected')).conclusion).toBe('failure')
    expect(await tags()).toEqual(before)
    const { data: deployments } = await octokit.rest.repos.listDeployments({
      ...at(world.ada.github),
      environment: 'production',
    })
    expect(deployments).toEqual([])
  })

  it('goes live when a reviewer approves', async () => {
    const waiting = await promote('production')
    expect(waiting.status).toBe('waiting')
    expect((await review(waiting, 'approved')).conclusion).toBe('success')
    expect((await readState(world.ada.github, 'toy')).stages.production?.current).toBe('v1.0.0')
    expect(await tags()).toContain('toy#production#1')
    expect(await served()).toEqual(['v1.0.0', await digestOf('v1.0.0')])
  })

  it('refuses a job that did not wait', async () => {
    const file = join(world.clone, '.github/workflows/sneak.yml')
    await writeFile(
      file,
      `on: workflow_dispatch
permissions: { actions: read, contents: write, deployments: write, id-token: write }
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v6
      - uses: modelyard/modelyard/actions/deploy@v1
        with: { stage: production }
`,
    )
    await world.push('Sneak past the reviewers')
    await world.local.idle()
    const before = await tags()
    await world.ada.github.octokit.rest.actions.createWorkflowDispatch({
      ...at(world.ada.github),
      workflow_id: 'sneak.yml',
      ref: 'main',
    })
    const run = await waitForRun(world, { workflow: 'sneak.yml' })
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'deploy')).toMatch(/environment/)
    expect(await tags()).toEqual(before)
  })

  it('refuses a branch whose model file asks nobody: what it says was not reviewed', async () => {
    await git(world.clone, 'switch', '--quiet', '--create', 'no-reviewers')
    await writeFile(join(world.clone, 'model.yaml'), toyModel('toy', { ', environment: production': '' }))
    await world.push('Ask nobody')
    await git(world.clone, 'switch', '--quiet', 'main')
    const before = await tags()
    const run = await promote('production', 'latest', 'no-reviewers')
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toContain('Stages are moved as the default branch says')
    expect(await tags()).toEqual(before)
  })

  it('refuses a worse model by comparison, although it passes the absolute gate', async () => {
    await writeFile(join(world.clone, 'candidate.txt'), 'worse')
    const pull = await openPullRequest(world, 'worse')
    const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })
    expect((await jobsOf(world.ada, run))['candidate toy']).toBe('failure')
    const gate = (await recordOf(world.ada, run, 'gate', 'toy'))?.predicate
    expect(gate?.champion).toMatchObject({ version: 'v1.0.0', stage: 'production' })
    expect(gate?.gates.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ['min', 'pass'],
      ['max_regression', 'fail'],
    ])
  })

  it('registers a better one as the next version', async () => {
    await writeFile(join(world.clone, 'candidate.txt'), 'better')
    const sha = await merge('better')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
    expect(await tags()).toContain('toy@v1.1.0')
  })

  it('goes back with one click, which asks nobody', async () => {
    expect((await promote('staging', 'v1.1.0')).conclusion).toBe('success')
    const waiting = await promote('production', 'v1.1.0')
    expect((await review(waiting, 'approved')).conclusion).toBe('success')
    expect(await served()).toEqual(['v1.1.0', await digestOf('v1.1.0')])
    const run = await rollBack({ model: 'toy', reason: 'It answers in Celsius.' })
    expect(run.conclusion).toBe('success')
    expect(await jobsOf(world.ada, run)).toEqual({
      plan: 'success',
      'toy v1.1.0 → v1.0.0 in production (rollback)': 'success',
    })
    expect(await tags()).toEqual(expect.arrayContaining(['toy#production#3', 'toy#quarantine#1']))
    expect(await served()).toEqual(['v1.0.0', await digestOf('v1.0.0')])
    const state = await readState(world.ada.github, 'toy')
    expect(state.stages.production?.current).toBe('v1.0.0')
    expect(timeline(state.stages.production!)[0]).toMatchObject({
      actor: 'ada',
      reason: 'Rolled back from v1.1.0 by ada: It answers in Celsius.',
    })
  })

  it('promotes the bad version no more', async () => {
    const run = await promote('production', 'v1.1.0')
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toContain('toy v1.1.0 is in quarantine since')
  })

  it.each([
    [
      'a second click, by somebody who does not know of the first',
      { model: 'toy' },
      'production of toy is v1.0.0 since ada rolled it back (toy#production#3), so nothing was changed.',
    ],
    [
      'to go back further, when there is nothing before',
      { model: 'toy', from: 'v1.0.0' },
      'There is no version of toy to roll back to',
    ],
    ['a model that does not exist', { model: 'tyo' }, 'There is no model "tyo" in this repository. It has: toy.'],
    [
      'a stage that does not exist',
      { model: 'toy', stage: 'prod' },
      'has no stage "prod". It has staging, production.',
    ],
  ])('refuses %s', async (_, inputs, sentence) => {
    const before = await tags()
    const run = await rollBack(inputs)
    expect(run.conclusion).toBe('failure')
    expect(await logOf(world.ada, run, 'plan')).toContain(sentence)
    expect(await tags()).toEqual(before)
  })
})
