import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at, downloadArtifact, listArtifacts, listBranchPullRequests, updatePullRequest } from '@modelyard/github'
import { readState } from '@modelyard/registry'
import { artifactName } from '@modelyard/spec'
import { replay, type StepContext } from '@modelyard/steps'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
  git,
  jobsOf,
  logOf,
  openWorld,
  recordOf,
  runSchedule,
  type World,
  waitForRun,
  writeDriftingModel,
  writeProduction,
} from '../src/index.ts'

const BRANCH = 'modelyard/retrain/toy'

/** One story, told in order: each test goes on where the one before ended. */
describe('a model whose production drifts', () => {
  let world: World

  beforeAll(async () => {
    world = await openWorld({ workflows: ['release.yml', 'drift.yml'] })
    await writeDriftingModel(world.clone, 'toy', '{ data: data/production/*.csv, window: 7d, update: sh move-on.sh }')
    const sha = await world.push('Begin')
    expect((await waitForRun(world, { workflow: 'release.yml', sha })).conclusion).toBe('success')
  }, 120_000)
  afterAll(() => world?.close())

  const pulls = () => listBranchPullRequests(world.ada.github, BRANCH)

  const check = () => runSchedule(world, 'drift.yml')

  /** What production sees is data of this repository, so that it changes by a push. */
  async function produce(factor: number): Promise<void> {
    await git(world.clone, 'pull', '--quiet')
    await writeProduction(world.clone, { factor })
    await world.push(`Production, times ${factor}`)
  }

  it('is left alone while production is what it learned, and the run says so', async () => {
    const run = await check()
    expect(await jobsOf(world.ada, run)).toEqual({
      'find the models': 'success',
      'check toy': 'success',
      'retrain pull requests': 'success',
    })
    const drift = (await recordOf(world.ada, run, 'drift', 'toy'))?.predicate
    expect(drift).toMatchObject({ verdict: 'pass', champion: { version: 'v1.0.0' } })
    expect(await recordOf(world.ada, run, 'training', 'toy')).toBeUndefined()
    expect(await logOf(world.ada, run, 'retrain pull requests')).toContain('There is no retrain pull request')
    expect(await pulls()).toEqual([])
  })

  it('gets one pull request that is trained already when production moves away', async () => {
    await produce(1.609344)
    const run = await check()
    expect(run.conclusion).toBe('success')
    expect((await recordOf(world.ada, run, 'drift', 'toy'))?.predicate.verdict).toBe('fail')
    const [pull, ...others] = await pulls()
    expect(others).toEqual([])
    expect(pull).toMatchObject({ state: 'open', title: expect.stringMatching(/^Retrain `toy`/) })
    expect(await git(world.bare, 'show', `${BRANCH}:candidate.txt`)).toBe('better')
    expect(await git(world.bare, 'log', '-1', '--format=%(trailers:key=Trained-In,valueonly)', BRANCH)).toBe(
      `${run.id}`,
    )
    const [report] = await comments(world.ada, pull!)
    expect(report?.body).toContain('modelyard:report:toy')
    expect(report?.body).toMatch(/### ✅ `toy` is better than v1\.0\.0/)
    const { data } = await world.ada.github.octokit.rest.checks.listForRef({ ...at(world.ada.github), ref: pull!.head })
    expect(data.check_runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([['model: toy', 'success']])
  })

  it('has a record that comes out the same, offline, from what the run left', async () => {
    const { data } = await world.ada.github.octokit.rest.actions.listWorkflowRunsForRepo(at(world.ada.github))
    const run = data.workflow_runs.find(({ path }) => path.endsWith('/drift.yml'))!
    const [artifact] = await listArtifacts(world.ada.github, { runId: run.id, name: artifactName('toy', 'drift') })
    const folder = join(world.folder, 'downloaded')
    await downloadArtifact(world.ada.github, { artifactId: artifact!.id, folder })
    const context: StepContext = {
      root: world.clone,
      log: { info: () => {}, warn: () => {}, group: (_, work) => work() },
      run: {},
      store: { publish: async () => {}, collect: async () => [] },
    }
    const again = () => replay(context, { record: join(folder, 'drift.json'), model: 'model.yaml' })
    expect(await again()).toMatchObject({
      same: true,
      verdict: { recorded: 'fail', replayed: 'fail' },
      differences: [],
    })
    await writeFile(join(folder, 'drift-reference.json'), '{}')
    await expect(again()).rejects.toThrow(/^What v1\.0\.0 learned of the digest [0-9a-f]{64} is needed, but/)
  })

  it('gets no second one, and is not trained again, when the check runs again', async () => {
    const [before] = await pulls()
    const run = await check()
    const { number, head, state } = before!
    expect(await pulls()).toMatchObject([{ number, head, state }])
    expect(await logOf(world.ada, run, 'check toy')).toContain('nothing is trained again')
    expect(await comments(world.ada, before!)).toHaveLength(1)
  })

  it('closes it by itself when production is back', async () => {
    await produce(1)
    const run = await check()
    const [pull] = await pulls()
    expect(pull?.state).toBe('closed')
    expect(await logOf(world.ada, run, 'retrain pull requests')).toContain('the drift has cleared')
    expect((await comments(world.ada, pull!)).at(-1)?.body).toContain('modelyard:cleared:toy')
  })

  it('is asked about again when it comes back, but not once somebody closed it', async () => {
    await produce(1.609344)
    await check()
    const [open] = await pulls()
    expect(open).toMatchObject({ state: 'open', number: expect.toSatisfy((number: number) => number > 1) })
    await updatePullRequest(world.ada.github, open!.number, { state: 'closed' })
    const run = await check()
    expect(await logOf(world.ada, run, 'retrain pull requests')).toContain('answered this very drift and was closed')
    expect((await pulls()).filter(({ state }) => state === 'open')).toEqual([])
  })

  it('becomes, merged, the next version with the very bytes that the check trained', async () => {
    const [closed] = await pulls()
    const { octokit } = world.ada.github
    await octokit.rest.pulls.update({ ...at(world.ada.github), pull_number: closed!.number, state: 'open' })
    const { data } = await octokit.rest.pulls.merge({ ...at(world.ada.github), pull_number: closed!.number })
    const run = await waitForRun(world, { workflow: 'release.yml', sha: data.sha })
    expect(run.conclusion).toBe('success')
    expect(await logOf(world.ada, run, 'candidate toy')).toContain('nothing is trained again')
    expect((await readState(world.ada.github, 'toy')).versions.map(({ version }) => version)).toEqual([
      'v1.0.0',
      'v1.1.0',
    ])
  })

  it('is red when the production data are missing, and its pull request stays as it is', async () => {
    await git(world.clone, 'pull', '--quiet')
    await git(world.clone, 'rm', '--quiet', 'data/production/week.csv')
    await world.push('Lose production')
    const before = await pulls()
    const run = await check()
    expect((await jobsOf(world.ada, run))['check toy']).toBe('failure')
    expect(await logOf(world.ada, run, 'check toy')).toContain('data/production/*.csv')
    expect(await pulls()).toEqual(before)
  })
})
