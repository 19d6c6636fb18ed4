import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  comments,
  jobsOf,
  openPullRequest,
  openWorld,
  type PullRequest,
  recordOf,
  toyModel,
  type World,
  waitForRun,
  writeModel,
} from '../src/index.ts'

const WORKFLOW = `
name: model
on: pull_request
permissions: {}
jobs:
  candidate:
    runs-on: ubuntu-latest
    permissions: { contents: read, actions: read }
    steps:
      - uses: actions/checkout@v6
      - uses: modelyard/modelyard/actions/pipeline@v1
  report:
    needs: candidate
    if: \${{ !cancelled() }}
    runs-on: ubuntu-latest
    permissions: { actions: read, contents: read, pull-requests: write, checks: write }
    steps:
      - uses: actions/checkout@v6
      - uses: modelyard/modelyard/actions/report@v1
`

describe('one line for those who want no more', () => {
  let world: World
  let pull: PullRequest

  beforeAll(async () => {
    world = await openWorld()
    await writeFile(join(world.clone, '.github/workflows/model.yml'), WORKFLOW)
    await world.push('Begin')
    await writeModel(world.clone, toyModel('toy'))
    pull = await openPullRequest(world, 'one-line')
  }, 60_000)
  afterAll(() => world?.close())

  it('validates, trains, judges, and leaves the records that the report needs', async () => {
    const run = await waitForRun(world, { workflow: 'model.yml', sha: pull.head })
    expect(await jobsOf(world.ada, run)).toEqual({ candidate: 'success', report: 'success' })
    for (const kind of ['validation', 'training', 'gate', 'report'] as const)
      expect((await recordOf(world.ada, run, kind, 'toy'))?.predicate.verdict).toBe('pass')
    const [report] = await comments(world.ada, pull)
    expect(report?.body).toContain('### ✅ `toy`: first version, nothing to compare with')
  })
})
