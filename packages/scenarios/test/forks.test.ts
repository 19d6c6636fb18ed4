import { join } from 'node:path'
import { at } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
  git,
  jobsOf,
  logOf,
  openWorld,
  type Run,
  recordOf,
  toyModel,
  type World,
  waitForRun,
  writeModel,
} from '../src/index.ts'

describe('a pull request from a fork', () => {
  let world: World
  let run: Run
  let number: number

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml', 'release.yml'] })
    await world.push('Begin')
    const { octokit } = world.mallory.github
    await octokit.rest.repos.createFork(at(world.mallory.github))
    const fork = join(world.folder, 'fork')
    await git(
      world.folder,
      'clone',
      '--quiet',
      `${world.local.url.replace('//', `//mallory:${world.mallory.token}@`)}/mallory/models.git`,
      fork,
    )
    await git(fork, 'switch', '--quiet', '--create', 'gift')
    await writeModel(fork, toyModel('gift'))
    await git(fork, 'add', '--all')
    await git(fork, 'commit', '--quiet', '--message', 'A gift')
    await git(fork, 'push', '--quiet', 'origin', 'gift')
    const { data } = await octokit.rest.pulls.create({
      ...at(world.ada.github),
      head: 'mallory:gift',
      base: 'main',
      title: 'A gift',
    })
    number = data.number
    run = await waitForRun(world, { workflow: 'pull-request.yml', sha: data.head.sha })
  }, 180_000)
  afterAll(() => world?.close())

  it('is judged with a token that can only read', async () => {
    expect((await jobsOf(world.ada, run))['candidate gift']).toBe('success')
  })

  it('gets its report in the summary, as claims, because its token may not comment', async () => {
    expect(await comments(world.ada, { number, head: '' })).toEqual([])
    const log = await logOf(world.ada, run, 'report')
    expect(log).toMatch(/fork/)
  })

  it('is trained again after the merge: nothing that a fork made is taken', async () => {
    const { data } = await world.ada.github.octokit.rest.pulls.merge({
      ...at(world.ada.github),
      pull_number: number,
      merge_method: 'squash',
    })
    const release = await waitForRun(world, { workflow: 'release.yml', sha: data.sha })
    expect(release.conclusion).toBe('success')
    const training = await recordOf(world.ada, release, 'training', 'gift')
    expect(training?.predicate.run.reused).toBeUndefined()
    expect(await logOf(world.ada, release, 'candidate gift')).toContain('came from a fork, whose records are claims')
  })
})
