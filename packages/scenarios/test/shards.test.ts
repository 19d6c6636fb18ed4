import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { at } from '@modelyard/github'
import { recordDigest, type Statement } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
  jobsOf,
  logOf,
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

/** One job that looks at all of the data. */
const ALONE = `
name: alone
on: pull_request
permissions: {}
jobs:
  data:
    runs-on: ubuntu-latest
    permissions: { actions: read, contents: read }
    steps:
      - uses: actions/checkout@v6
      - uses: modelyard/modelyard/actions/validate-data@v1
        with:
          model: models/left/model.yaml
`

const CONTRACT = `
apiVersion: v3.1.0
kind: DataContract
id: left
version: 1.0.0
status: active
schema:
  - name: left
    properties:
      - { name: id, logicalType: integer, required: true, unique: true }
      - { name: a, logicalType: number, required: true }
      - { name: b, logicalType: number, required: true }
      - { name: y, logicalType: integer, required: true }
`

/** The first job to run it fails, as one on a bad machine does; all later ones pass. */
const once = (mark: string) => `if mkdir '${mark}' 2>/dev/null; then echo 'The disk is full.'; exit 1; fi\n`

/** The data of a pull request, looked at in a matrix of four jobs and in one. Told in order. */
describe('data that are looked at in shards', () => {
  let world: World
  let pull: PullRequest
  let sharded: Run

  beforeAll(async () => {
    world = await openWorld({ workflows: ['pull-request-shards.yml'] })
    await writeFile(join(world.clone, '.github/workflows/alone.yml'), ALONE)
    await world.push('Begin')
    const folder = join(world.clone, 'models/left')
    const data = { 'label: y': 'label: y, contract: left.odcs.yaml, prepare: sh prepare.sh' }
    await writeModel(folder, toyModel('left', data))
    await writeFile(join(folder, 'left.odcs.yaml'), CONTRACT)
    await writeFile(
      join(folder, 'prepare.sh'),
      `[ "$GITHUB_WORKFLOW" = model ] || exit 0\n${once(join(world.folder, 'mark'))}`,
    )
    pull = await openPullRequest(world, 'left')
    sharded = await waitForRun(world, { workflow: 'pull-request-shards.yml', sha: pull.head })
  }, 120_000)
  afterAll(() => world?.close())

  const digestOf = async (run: Run) => {
    const record = await recordOf(world.ada, run, 'validation', 'left')
    return record && recordDigest(record as Statement)
  }

  it('are not judged where one job could not look, and the report says why', async () => {
    const jobs = await jobsOf(world.ada, sharded)
    expect(jobs['candidate left']).toBe('failure')
    expect([1, 2, 3, 4].map((index) => jobs[`data left ${index}/4`]).sort()).toEqual([
      'failure',
      'success',
      'success',
      'success',
    ])
    expect(await digestOf(sharded)).toBeUndefined()
    const [report] = await comments(world.ada, pull)
    expect(report!.body).toContain('The disk is full.')
  })

  it('come to the record of one job when the one that failed runs again', async () => {
    const { octokit } = world.ada.github
    await octokit.rest.actions.reRunWorkflowFailedJobs({ ...at(world.ada.github), run_id: sharded.id })
    await world.local.idle()
    expect(await jobsOf(world.ada, sharded)).toMatchObject({ 'candidate left': 'success', report: 'success' })
    const alone = await waitForRun(world, { workflow: 'alone.yml', sha: pull.head })
    expect(alone.conclusion).toBe('success')
    expect(await digestOf(sharded)).toBe(await digestOf(alone))
    const reports = await comments(world.ada, pull)
    expect(reports.at(-1)!.body).toContain('`left`: first version, nothing to compare with')
  })

  it('were looked at by each job in a share of the rows', async () => {
    expect(await logOf(world.ada, sharded, 'data left 3/4')).toContain('Wrote .modelyard/left/parts/3of4.json')
  })
})
