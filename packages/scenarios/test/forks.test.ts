import { join } from 'node:path'
import { at } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
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

describe('a pull request from a fork', () => {
  let world: World
  let run: Run
  let number: number
  let head: string

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml', 'fork-report.yml', 'release.yml'] })
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
    head = data.head.sha
    run = await waitForRun(world, { workflow: 'pull-request.yml', sha: head })
  }, 180_000)
  afterAll(() => world?.close())

  it('is judged with a token that can only read', async () => {
    expect((await jobsOf(world.ada, run))['candidate gift']).toBe('success')
  })

  it('cannot write its report itself: it says where it is', async () => {
    expect(await logOf(world.ada, run, 'report')).toMatch(/comes from a fork, so this run may not write/)
  })

  it('gets its report from a run of the default branch, as claims: in a comment, and in a check that is not green', async () => {
    const answer = await waitForRun(world, { workflow: 'fork-report.yml', since: run.id })
    expect(answer.conclusion, await logOf(world.ada, answer, 'report')).toBe('success')
    const [comment, ...others] = await comments(world.ada, { number, head })
    expect(others).toEqual([])
    expect(comment!.author).toBe('github-actions[bot]')
    expect(comment!.body).toMatch(/### A fork's claim: ✅ `gift`/)
    expect(comment!.body).toContain('these numbers are claims of its own run')
    expect(comment!.body).toContain(`/actions/runs/${run.id}`)
    expect(comment!.body).not.toContain('npx modelyard replay')
    const { octokit } = world.ada.github
    const { data } = await octokit.rest.checks.listForRef({
      ...at(world.ada.github),
      ref: head,
      check_name: 'model: gift',
    })
    expect(data.check_runs).toMatchObject([{ conclusion: 'neutral', output: { title: expect.stringMatching(/gift/) } }])
  })

  it('keeps its one comment when its run is run again', async () => {
    const { octokit } = world.ada.github
    const before = await waitForRun(world, { workflow: 'fork-report.yml' })
    await octokit.rest.actions.reRunWorkflow({ ...at(world.ada.github), run_id: run.id })
    const after = await waitForRun(world, { workflow: 'fork-report.yml', since: before.id })
    expect(after.conclusion).toBe('success')
    expect(await comments(world.ada, { number, head })).toHaveLength(1)
  }, 120_000)

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

describe('a pull request from a branch of the repository', () => {
  it('is left by the report on forks to its own run', async () => {
    const world = await openWorld({ workflows: ['pull-request.yml', 'fork-report.yml'] })
    try {
      await world.push('Begin')
      await writeModel(world.clone, toyModel('own'))
      const pull = await openPullRequest(world, 'own')
      const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: pull.head })
      const answer = await waitForRun(world, { workflow: 'fork-report.yml', since: run.id })
      expect(answer.conclusion).toBe('skipped')
      expect(await comments(world.ada, pull)).toHaveLength(1)
    } finally {
      await world.close()
    }
  }, 180_000)
})
