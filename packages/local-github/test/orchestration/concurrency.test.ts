import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createStory } from './support.ts'

const fixture = await createFixture()
const { octokit, github } = fixture
const { at, runsOf, jobsOf, pushWorkflows, outcomes } = createStory(fixture)

const deploying = (concurrency: string, seconds: number) => `name: deploy
on: workflow_dispatch
concurrency: ${concurrency}
jobs: { go: { runs-on: ubuntu-latest, steps: [{ run: sleep ${seconds} }] } }
`

async function dispatchThree() {
  for (let count = 0; count < 3; count++)
    await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'deploy.yml', ref: 'main' })
}

async function conclusions(): Promise<unknown[]> {
  await github.idle()
  return (await runsOf('deploy'))
    .slice(0, 3)
    .map(({ conclusion }) => conclusion)
    .reverse()
}

describe('a concurrency group', () => {
  it('lets one run go on and the newest wait, in place of those that waited before', async () => {
    await pushWorkflows({ 'deploy.yml': deploying('deploy', 0.3) })
    await dispatchThree()
    expect((await runsOf('deploy')).map(({ status }) => status)).toContain('pending')
    expect(await conclusions()).toEqual(['success', 'cancelled', 'success'])
  }, 30_000)

  it('lets all wait in line with queue: max', async () => {
    await pushWorkflows({ 'deploy.yml': deploying('{ group: Deploy, queue: max }', 0.1) })
    await dispatchThree()
    expect(await conclusions()).toEqual(['success', 'success', 'success'])
  }, 30_000)

  it('cancels who goes on where an expression says so', async () => {
    const cancelling = "{ group: deploy, cancel-in-progress: '${{ github.ref_name == ''main'' }}' }"
    await pushWorkflows({ 'deploy.yml': deploying(cancelling, 5) })
    await dispatchThree()
    const [last, ...before] = await runsOf('deploy')
    await octokit.actions.cancelWorkflowRun({ ...at, run_id: last!.id })
    expect(await conclusions()).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(before.length).toBe(8)
  }, 30_000)

  it('of jobs keeps them apart over the runs, and one that its own run holds is a deadlock', async () => {
    await pushWorkflows(
      {
        'deploy.yml': `name: deploy
on: { push: { branches: [jobs] } }
concurrency: whole
jobs:
  one: { runs-on: ubuntu-latest, concurrency: part, steps: [{ run: sleep 0.2 }] }
  two: { runs-on: ubuntu-latest, concurrency: part, steps: [{ run: sleep 0.2 }] }
  knot: { runs-on: ubuntu-latest, concurrency: Whole, steps: [{ run: 'true' }] }
  called: { uses: ./.github/workflows/called.yml }
`,
        'called.yml': `on: workflow_call
concurrency: whole
jobs: { never: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] } }
`,
      },
      'jobs',
    )
    const { run, jobs, conclusions } = await outcomes('deploy')
    expect(run.conclusion).toBe('cancelled')
    expect(conclusions).toEqual({
      one: 'success',
      two: 'success',
      knot: 'cancelled',
      'called / never': 'skipped',
    })
    const times = jobs.filter(({ name }) => name === 'one' || name === 'two')
    expect(Date.parse(times[1]!.started_at)).toBeGreaterThanOrEqual(Date.parse(times[0]!.completed_at!))
    const knot = jobs.find(({ name }) => name === 'knot')!
    const { data } = await octokit.checks.listAnnotations({ ...at, check_run_id: knot.id })
    expect(data[0]?.message).toBe(
      "Canceling since a deadlock for concurrency group 'Whole' was detected between 'top level workflow' and 'knot'",
    )
    expect(await jobsOf(run.id)).toHaveLength(4)
  }, 30_000)
})
