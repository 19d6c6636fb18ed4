import { join } from 'node:path'
import { at } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
  jobsOf,
  openPullRequest,
  openWorld,
  type PullRequest,
  type Run,
  recordOf,
  toyModel,
  type World,
  waitForRun,
  writeModel,
} from '../src/index.ts'

describe('two models in one pull request', () => {
  let world: World
  let pull: PullRequest
  let run: Run

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml'] })
    await world.push('Begin')
    await writeModel(join(world.clone, 'models/left'), toyModel('left'))
    await writeModel(join(world.clone, 'models/right'), toyModel('right', { 'min: 0.6,': 'min: 0.99,' }))
    pull = await openPullRequest(world, 'two-models')
    run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })
  }, 180_000)
  afterAll(() => world?.close())

  it('gives each a job of its own, and the failing one stops only itself', async () => {
    expect(await jobsOf(world.ada, run)).toEqual({
      'find the models': 'success',
      'candidate left': 'success',
      'candidate right': 'failure',
      report: 'success',
    })
  })

  it('gives each a comment of its own, by the bot, with its own verdict', async () => {
    const found = await comments(world.ada, pull)
    expect(found.map(({ author }) => author)).toEqual(['github-actions[bot]', 'github-actions[bot]'])
    expect(found.find(({ body }) => body.includes('modelyard:report:left'))?.body).toMatch(
      /### ✅ `left`: first version, nothing to compare with/,
    )
    expect(found.find(({ body }) => body.includes('modelyard:report:right'))?.body).toMatch(/### ❌ `right`/)
  })

  it('gives each a check on the head of the pull request', async () => {
    const { data } = await world.ada.github.octokit.rest.checks.listForRef({ ...at(world.ada.github), ref: pull.head })
    const conclusions = Object.fromEntries(
      data.check_runs
        .filter(({ name }) => name.startsWith('model: '))
        .map(({ name, conclusion }) => [name, conclusion]),
    )
    expect(conclusions).toEqual({ 'model: left': 'success', 'model: right': 'failure' })
  })

  it('keeps the records of each under its own name', async () => {
    expect((await recordOf(world.ada, run, 'gate', 'left'))?.predicate.verdict).toBe('pass')
    expect((await recordOf(world.ada, run, 'gate', 'right'))?.predicate.verdict).toBe('fail')
  })

  it('updates the comments in place when the pull request moves', async () => {
    await world.ada.github.octokit.rest.actions.reRunWorkflow({ ...at(world.ada.github), run_id: run.id })
    await world.local.idle()
    expect(await comments(world.ada, pull)).toHaveLength(2)
  })
})
