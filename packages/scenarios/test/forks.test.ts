import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { predicateType } from '@modelyard/spec'
import { ROOT } from '@modelyard/tooling'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  approveRuns,
  comments,
  git,
  jobsOf,
  logOf,
  openForkPullRequest,
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

describe('a pull request from a fork', () => {
  let world: World
  let run: Run
  let number: number
  let head: string

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml', 'fork-report.yml', 'release.yml'] })
    await world.push('Begin')
    ;({ number, head } = await openForkPullRequest(world, 'gift', (fork) => writeModel(fork, toyModel('gift'))))
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
    const { data } = await octokit.rest.checks.listForRef({ ...at(world.ada.github), ref: head })
    const ours = data.check_runs.filter(({ name }) => name.startsWith('model'))
    expect(ours).toMatchObject([
      { name: 'models (claims)', conclusion: 'neutral', output: { title: expect.stringMatching(/gift/) } },
    ])
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

describe('a fork’s own version of the workflow', () => {
  let world: World
  let own: PullRequest
  let poisoned: PullRequest
  let ownRun: Run
  let answer: Run

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request.yml', 'fork-report.yml'] })
    await world.push('Begin')
    await writeModel(world.clone, toyModel('own'))
    own = await openPullRequest(world, 'own')
    ownRun = await waitForRun(world, { workflow: 'pull-request.yml', sha: own.head })
    const left = await waitForRun(world, { workflow: 'fork-report.yml', since: ownRun.id })
    expect(left.conclusion).toBe('skipped')
    poisoned = await openForkPullRequest(world, 'poison', (fork) => writeForgery(fork, ownRun))
    const run = await waitForRun(world, { workflow: 'pull-request.yml', sha: poisoned.head })
    expect(run.conclusion, await logOf(world.ada, run, 'forge')).toBe('success')
    answer = await waitForRun(world, { workflow: 'fork-report.yml', since: run.id })
  }, 240_000)
  afterAll(() => world?.close())

  it('cannot write to another pull request, which keeps the report of its own run', async () => {
    expect(answer.conclusion, await logOf(world.ada, answer, 'report')).toBe('success')
    const [comment, ...others] = await comments(world.ada, own)
    expect(others).toEqual([])
    expect(comment!.body).toContain(`/actions/runs/${ownRun.id}`)
    expect(comment!.body).not.toMatch(/claim/)
  })

  it('is shown as what it is, and its text as text', async () => {
    const [comment, ...others] = await comments(world.ada, poisoned)
    expect(others).toEqual([])
    expect(comment!.body).toMatch(/### A fork's claim: ❌ `forged`: training failed/)
    expect(comment!.body).not.toMatch(/@acme|\]\(http:\/\/evil|<img/)
  })

  it('hands in a record of another run in vain, though it is a true one', async () => {
    const log = await logOf(world.ada, answer, 'report')
    expect(log).toContain('modelyard-failure-own does not count: it is of another run or of an attempt before.')
  })

  it('does not keep a claim by a next run that fails and leaves nothing', async () => {
    const fork = join(world.folder, 'fork-poison')
    await writeFile(join(fork, 'forge.mjs'), 'process.exit(1)\n')
    await git(fork, 'commit', '--quiet', '--all', '--message', 'Leave nothing')
    await git(fork, 'push', '--quiet', 'origin', 'poison')
    // Who is no contributor yet is asked about at each push.
    await approveRuns(world.ada, (await git(fork, 'rev-parse', 'HEAD')).trim())
    const silent = await waitForRun(world, { workflow: 'fork-report.yml', since: answer.id })
    expect(silent.conclusion, await logOf(world.ada, silent, 'report')).toBe('success')
    const [comment, ...others] = await comments(world.ada, poisoned)
    expect(others).toEqual([])
    expect(comment!.body).toMatch(/### ❌ A fork's claim: nothing about its newest commit/)
    expect(comment!.body).not.toContain('forged')
  })
})

/** A workflow of the stranger's that publishes what nobody found, and a record that another run did leave. */
async function writeForgery(fork: string, stolen: Run): Promise<void> {
  const run = { started: '2026-01-01T00:00:00.000Z', finished: '2026-01-01T00:01:00.000Z' }
  const forged = (id: string, model: string) => ({
    ...{ _type: 'https://in-toto.io/Statement/v1', subject: [], predicateType: predicateType('failure') },
    predicate: {
      ...{ model, step: 'train', verdict: 'fail', reasons: ['@acme/all [click](http://evil.example) <img src=x>'] },
      ...{ source: { tree: null, dirty: false }, engine: { modelyard: '0.1.0' }, run: { ...run, id } },
    },
  })
  const files = [forged('RUN', 'forged'), forged(String(stolen.id), 'own')]
  await writeFile(
    join(fork, 'forge.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs'
import { DefaultArtifactClient } from ${JSON.stringify(join(ROOT, 'node_modules/@actions/artifact/lib/artifact.js'))}
const client = new DefaultArtifactClient()
mkdirSync('out')
for (const text of ${JSON.stringify(files.map((file) => JSON.stringify(file)))}) {
  const name = 'modelyard-failure-' + JSON.parse(text).predicate.model
  writeFileSync('out/failure.json', text.replace('"RUN"', JSON.stringify(process.env.GITHUB_RUN_ID)))
  writeFileSync('out/.npmrc', 'ignore-scripts=false')
  await client.uploadArtifact(name, ['out/failure.json', 'out/.npmrc'], 'out')
}
process.exit()
`,
  )
  await writeFile(
    join(fork, '.github/workflows/pull-request.yml'),
    `name: model
on: pull_request
jobs: { forge: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v6 }, { run: node forge.mjs }] } }
`,
  )
}
