import { beforeAll, describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github, git } = fixture
const { at, runsOf, jobsOf, pushWorkflows, outcomes, logOf, setSecret } = createStory(fixture)

const CALLER = `name: caller
on: { push: { branches: [calls] } }
permissions: { contents: read }
env: { FROM_CALLER: seen }
jobs:
  plan:
    runs-on: ubuntu-latest
    outputs: { word: '\${{ steps.say.outputs.word }}' }
    steps: [{ id: say, run: 'echo word=hello >> "$GITHUB_OUTPUT"' }]
  build:
    needs: plan
    name: Build
    strategy: { matrix: { size: [1, 2] } }
    permissions: { contents: read, id-token: write }
    uses: ./.github/workflows/build.yml
    with: { size: '\${{ matrix.size }}', label: '\${{ needs.plan.outputs.word }} \${{ vars.PLACE }}' }
    secrets: { KEY: '\${{ secrets.DEPLOY_KEY }}' }
  never:
    if: github.ref == 'refs/heads/main'
    permissions: { id-token: write }
    uses: ./.github/workflows/build.yml
    with: { size: 3, label: x }
    secrets: { KEY: x }
  after:
    needs: [build, never]
    if: '!cancelled()'
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "got \${{ needs.build.result }} \${{ needs.build.outputs.model }} \${{ needs.never.result }}"' }]
`

const BUILD = `name: build
on:
  workflow_call:
    inputs:
      size: { type: number, required: true }
      label: { type: string, required: true }
      dry: { type: boolean, default: true }
    secrets: { KEY: { required: true } }
    outputs: { model: { value: 'model-\${{ jobs.make.outputs.size }}' } }
jobs:
  make:
    runs-on: ubuntu-latest
    environment: staging
    outputs: { size: '\${{ steps.made.outputs.size }}' }
    steps:
      - id: made
        env: { KEY: '\${{ secrets.KEY }}', OTHER: '\${{ secrets.OTHER }}', OWN: '\${{ secrets.STAGE_KEY }}' }
        run: |
          echo "made \${{ inputs.size == 2 }} '\${{ inputs.label }}' dry=\${{ inputs.dry == true }} in \${{ github.workflow }} env=[$FROM_CALLER]"
          test "$KEY" = the-key && test -z "$OTHER" && test "$OWN" = the-stage-key
          echo "size=\${{ inputs.size }}" >> "$GITHUB_OUTPUT"
  show:
    needs: make
    if: inputs.size == 2
    permissions: { id-token: write }
    uses: acme/tools/.github/workflows/show.yml@v1
    secrets: inherit
`

const SHOW = `on: workflow_call
jobs:
  show:
    runs-on: ubuntu-latest
    steps:
      - run: |
          test "\${{ secrets.KEY }}" = the-key
          curl -s -f -H "authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$ACTIONS_ID_TOKEN_REQUEST_URL" | cut -d. -f2
`

beforeAll(async () => {
  const { cloneUrl } = await github.createRepository('acme/tools', { owner: 'ann' })
  const { token } = await github.createUser('ann')
  await pushWorkflows({ 'show.yml': SHOW }, 'tools')
  await git('push', '-q', cloneUrl.replace('://', `://x:${token}@`), 'HEAD:refs/heads/main', 'HEAD:refs/tags/v1')
  await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'staging' })
  await setSecret('DEPLOY_KEY', 'the-key')
  await setSecret('OTHER', 'not passed')
  await setSecret('STAGE_KEY', 'the-stage-key', 'staging')
  await octokit.actions.createRepoVariable({ ...at, name: 'PLACE', value: 'world' })
})

describe('a workflow that calls others', () => {
  it('gives them inputs, secrets and permissions, once per combination, and hears their outputs', async () => {
    const sha = await pushWorkflows({ 'caller.yml': CALLER, 'build.yml': BUILD }, 'calls')
    const { run, jobs, conclusions } = await outcomes('caller')
    expect(conclusions).toEqual({
      plan: 'success',
      never: 'skipped',
      'Build (1) / make': 'success',
      'Build (2) / make': 'success',
      'Build (1) / show': 'skipped',
      'Build (2) / show / show': 'success',
      after: 'success',
    })
    const logOfJob = async (name: string) => logOf(jobs.find((job) => job.name === name)!.id)
    expect(await logOfJob('Build (2) / make')).toContain("made true 'hello world' dry=true in caller env=[]")
    expect(await logOfJob('after')).toContain('got success model-2 skipped')
    const [claims] = /[\w-]{200,}/.exec(await logOfJob('Build (2) / show / show'))!
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      workflow_ref: 'acme/model/.github/workflows/caller.yml@refs/heads/calls',
      job_workflow_ref: 'acme/tools/.github/workflows/show.yml@refs/tags/v1',
    })
    expect(run.referenced_workflows).toEqual([
      { path: `acme/model/.github/workflows/build.yml@${sha}`, sha, ref: 'refs/heads/calls' },
      expect.objectContaining({ path: 'acme/tools/.github/workflows/show.yml@v1', ref: 'refs/tags/v1' }),
    ])
    expect(await runsOf('build')).toEqual([])
  }, 60_000)
})

/** A workflow whose only job calls another one. */
const calling = (uses: string, more = '') => `name: ${uses}\non: push\njobs: { go: { uses: '${uses}'${more} } }\n`

describe('a call that GitHub refuses', () => {
  const called = (on: string, permissions = '{}') => `on: ${on}
jobs: { build: { runs-on: ubuntu-latest, permissions: ${permissions}, steps: [{ run: 'true' }] } }
`

  it.each([
    [
      'is of a file that is not there',
      calling('./.github/workflows/no.yml'),
      'failed to fetch workflow: workflow was not found.',
    ],
    ['is of a repository that is not there', calling('acme/no/.github/workflows/a.yml@v1'), 'workflow was not found.'],
    [
      'is of a file that nobody may call',
      calling('./.github/workflows/closed.yml'),
      'missing a `on.workflow_call` trigger',
    ],
    [
      'asks for more than it may give',
      calling('./.github/workflows/asks.yml'),
      "Error calling workflow 'acme/model/.github/workflows/asks.yml@",
    ],
    [
      'leaves out what is required',
      calling('./.github/workflows/needs.yml'),
      'Input size is required, but not provided while calling.',
    ],
    [
      'gives what nobody asks for',
      calling('./.github/workflows/needs.yml', ', with: { size: 1, color: red }'),
      'Invalid input, color is not defined in the referenced workflow.',
    ],
    ['goes in a circle', calling('./.github/workflows/circle.yml'), 'exceed the limit on called workflow depth of 10'],
    ['is of a file that does not parse', calling('./.github/workflows/broken.yml'), 'error parsing called workflow'],
  ])('%s', async (what, text, why) => {
    await pushWorkflows(
      {
        'caller.yml': text,
        'closed.yml': called('{ push: { branches: [nobody] } }'),
        'asks.yml': called('workflow_call', '{ issues: write }'),
        'needs.yml': called('{ workflow_call: { inputs: { size: { type: number, required: true } } } }'),
        'circle.yml': 'on: workflow_call\njobs: { again: { uses: ./.github/workflows/circle.yml } }\n',
        'broken.yml': 'on: workflow_call\njobs: { a: { steps: [] } }\n',
      },
      what.replaceAll(' ', '-'),
    )
    const [run] = (await octokit.actions.listWorkflowRunsForRepo({ ...at, event: 'push' })).data.workflow_runs.filter(
      ({ path }) => path === '.github/workflows/caller.yml',
    )
    expect(run).toMatchObject({ status: 'completed', conclusion: 'startup_failure' })
    expect(await jobsOf(run!.id)).toEqual([])
    const page = (await github.renderPage(`/acme/model/actions/runs/${run!.id}`))!
    expect(/Invalid workflow file: [^<]*/.exec(page)![0].replaceAll('&#39;', "'")).toContain(why)
  })
})
