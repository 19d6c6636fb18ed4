import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listBranchPullRequests } from '@modelyard/github'
import { readState } from '@modelyard/registry'
import { retrainBranch } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  dispatch,
  git,
  jobsOf,
  openWorld,
  recordOf,
  runSchedule,
  type World,
  waitForRun,
  writeDriftingModel,
  writeProduction,
} from '../src/index.ts'

/** Two models that share a repository and its workflows, and nothing else. Told in order. */
describe('two models of one repository, from release to rollback', () => {
  let world: World

  beforeAll(async () => {
    world = await openWorld({ workflows: ['release.yml', 'promote.yml', 'rollback.yml', 'drift.yml'] })
    const drift = '{ data: data/production/*.csv, window: 7d, retrain: ask }'
    for (const name of ['left', 'right']) await writeDriftingModel(join(world.clone, 'models', name), name, drift)
    const sha = await world.push('Begin')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
  }, 180_000)
  afterAll(() => world?.close())

  const stateOf = (model: string) => readState(world.ada.github, model)
  const versions = async (model: string) => (await stateOf(model)).versions.map(({ version }) => version)
  const staging = async (model: string) => (await stateOf(model)).stages.staging?.current
  const promote = (model: string, version: string) =>
    dispatch(world, {
      workflow: 'promote.yml',
      inputs: { model: `models/${model}/model.yaml`, stage: 'staging', version },
    })

  it('each become a version of their own, and only the one that changed becomes another', async () => {
    expect([await versions('left'), await versions('right')]).toEqual([['v1.0.0'], ['v1.0.0']])
    expect((await promote('left', 'v1.0.0')).conclusion).toBe('success')
    expect((await promote('right', 'v1.0.0')).conclusion).toBe('success')
    await writeFile(join(world.clone, 'models/left/candidate.txt'), 'better')
    const sha = await world.push('A better left')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
    expect([await versions('left'), await versions('right')]).toEqual([['v1.0.0', 'v1.1.0'], ['v1.0.0']])
  })

  it('move through their stages apart, and one is rolled back by its name', async () => {
    expect((await promote('left', 'v1.1.0')).conclusion).toBe('success')
    const run = await dispatch(world, { workflow: 'rollback.yml', inputs: { model: 'left', stage: 'staging' } })
    expect(await jobsOf(world.ada, run)).toEqual({
      plan: 'success',
      'left v1.1.0 → v1.0.0 in staging (rollback)': 'success',
    })
    expect([await staging('left'), await staging('right')]).toEqual(['v1.0.0', 'v1.0.0'])
    const tags = await git(world.bare, 'for-each-ref', '--format=%(refname:short)', 'refs/tags')
    expect(tags.split('\n')).toEqual([
      'left#quarantine#1',
      'left#staging#1',
      'left#staging#2',
      'left#staging#3',
      'left@v1.0.0',
      'left@v1.1.0',
      'right#staging#1',
      'right@v1.0.0',
    ])
  })

  it('are checked for drift apart, and the one that drifts gets a pull request, which asks', async () => {
    await git(world.clone, 'pull', '--quiet')
    await writeProduction(join(world.clone, 'models/right'), { factor: 1.609344 })
    await world.push('Production of right')
    const run = await runSchedule(world, 'drift.yml')
    expect(await jobsOf(world.ada, run)).toEqual({
      'find the models': 'success',
      'check left': 'success',
      'check right': 'success',
      'retrain pull requests': 'success',
    })
    const verdict = async (model: string) => (await recordOf(world.ada, run, 'drift', model))?.predicate.verdict
    expect([await verdict('left'), await verdict('right')]).toEqual(['pass', 'fail'])
    expect(await recordOf(world.ada, run, 'training', 'right')).toBeUndefined()
    const pulls = async (model: string) => listBranchPullRequests(world.ada.github, retrainBranch(model))
    expect([await pulls('left'), await pulls('right')]).toMatchObject([
      [],
      [{ state: 'open', body: expect.stringContaining('Nothing is trained yet') }],
    ])
  })
})
