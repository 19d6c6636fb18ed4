import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

// Jobs do what their first step says, see the stand-in for act. Time only goes on: each test begins where the last ended.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act })
const { octokit, owner, repo, github, write, push } = fixture
const at = { owner, repo }
const { actions } = octokit

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
const job = (run: string, more = '') => `jobs: { a: { runs-on: ubuntu-latest, ${more} steps: [{ run: '${run}' }] } }\n`

async function dispatched(workflow_id: string): Promise<number> {
  const request = { ...at, workflow_id, ref: 'main', return_run_details: true }
  const { data } = await actions.createWorkflowDispatch(request as typeof request & { inputs?: never })
  await github.idle()
  return (data as unknown as { workflow_run_id: number }).workflow_run_id
}
const runOf = async (run_id: number) => (await actions.getWorkflowRun({ ...at, run_id })).data
const countOf = async (workflow_id: string, of: { owner: string; repo: string } = at) => {
  await github.idle()
  return (await actions.listWorkflowRuns({ ...of, workflow_id, event: 'schedule' })).data.total_count
}
async function pass(milliseconds: number): Promise<void> {
  await github.advance(milliseconds)
  await github.idle()
}

await write('.github/workflows/ci.yml', `on: [workflow_dispatch, pull_request]\n${job('true')}`)
await write('.github/workflows/wait.yml', `on: workflow_dispatch\n${job('true', 'environment: later,')}`)
await write('.github/workflows/upload.yml', `on: workflow_dispatch\n${job('upload')}`)
await push('Workflows')

it('actions/wait-timer', async () => {
  await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'later', wait_timer: 30 })
  const run_id = await dispatched('wait.yml')
  expect((await runOf(run_id)).status).toBe('waiting')
  const [pending] = (await actions.getPendingDeploymentsForRun({ ...at, run_id })).data
  expect(pending).toMatchObject({ wait_timer: 30, current_user_can_approve: false })
  await pass(29 * MINUTE)
  expect((await runOf(run_id)).status).toBe('waiting')
  await pass(MINUTE)
  expect((await runOf(run_id)).conclusion).toBe('success')
  const [deployment] = (await octokit.repos.listDeployments({ ...at, environment: 'later' })).data
  const { data } = await octokit.repos.listDeploymentStatuses({ ...at, deployment_id: deployment!.id })
  expect(data.map(({ state }) => state)).toEqual(['success', 'in_progress', 'pending'])
})

it('actions/gate-of-thirty-days', async () => {
  const { data: ann } = await octokit.users.getAuthenticated()
  const reviewers = [{ type: 'User' as const, id: ann.id }]
  await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'later', reviewers })
  const run_id = await dispatched('wait.yml')
  await pass(30 * DAY - MINUTE)
  expect((await runOf(run_id)).status).toBe('waiting')
  await pass(MINUTE)
  expect((await runOf(run_id)).conclusion).toBe('failure')
})

it('actions/retry-within-a-month', async () => {
  const run_id = await dispatched('ci.yml')
  await pass(30 * DAY + MINUTE)
  expect(await refusal(actions.reRunWorkflow({ ...at, run_id }))).toMatchObject({
    status: 403,
    body: { message: 'Unable to retry this workflow run because it was created over a month ago' },
  })
})

it('actions/artifact-expires', async () => {
  const run_id = await dispatched('upload.yml')
  const [artifact] = (await actions.listWorkflowRunArtifacts({ ...at, run_id })).data.artifacts
  expect(artifact!.expired).toBe(false)
  await pass(90 * DAY)
  const request = { ...at, artifact_id: artifact!.id }
  expect((await actions.getArtifact(request)).data.expired).toBe(true)
  expect((await refusal(actions.downloadArtifact({ ...request, archive_format: 'zip' }))).status).toBe(410)
})

it('actions/unapproved-run-goes', async () => {
  const carla = await fixture.as('carla')
  await carla.repos.createFork(at)
  const { data: base } = await octokit.git.getRef({ ...at, ref: 'heads/main' })
  const fork = { owner: 'carla', repo }
  await carla.git.createRef({ ...fork, ref: 'refs/heads/idea', sha: base.object.sha })
  const file = { path: 'idea', message: 'Idea', content: 'eA==', branch: 'idea' }
  await carla.repos.createOrUpdateFileContents({ ...fork, ...file })
  await carla.pulls.create({ ...at, title: 'Idea', head: 'carla:idea', base: 'main' })
  await github.idle()
  const { data } = await actions.listWorkflowRunsForRepo({ ...at, status: 'action_required' })
  expect(data.total_count).toBe(1)
  await pass(30 * DAY)
  const gone = actions.getWorkflowRun({ ...at, run_id: data.workflow_runs[0]!.id })
  expect((await refusal(gone)).status).toBe(404)
})

const OFTEN = ['.github/workflows/often.yml', `on: { schedule: [{ cron: '* * * * *' }] }\n${job('true')}`] as const

it('actions/schedule-on-default-branch', async () => {
  await write(OFTEN[0], OFTEN[1].replace('* * * * *', '0 0 1 1 *'))
  await push('Seldom')
  await write(...OFTEN)
  await push('Elsewhere', 'other')
  await pass(10 * MINUTE)
  expect((await actions.listWorkflowRunsForRepo({ ...at, event: 'schedule' })).data.total_count).toBe(0)
  await push('Often')
  await pass(10 * MINUTE)
  expect(await countOf('often.yml')).toBeGreaterThan(0)
})

it('actions/schedule-every-five-minutes', async () => {
  await write(...OFTEN)
  await push('Often')
  const before = await countOf('often.yml')
  await pass(20 * MINUTE)
  expect((await countOf('often.yml')) - before).toBe(4)
})

it('actions/schedule-of-a-fork', async () => {
  await write(...OFTEN)
  await push('Often')
  const dora = await fixture.as('dora')
  await dora.repos.createFork(at)
  const fork = { owner: 'dora', repo }
  const { data: readme } = await dora.repos.getContent({ ...fork, path: 'README.md' })
  const { sha } = readme as { sha: string }
  await dora.repos.createOrUpdateFileContents({ ...fork, path: 'README.md', message: 'x', content: 'eA==', sha })
  expect((await dora.actions.getWorkflow({ ...fork, workflow_id: 'often.yml' })).data.state).toBe('disabled_fork')
  await pass(10 * MINUTE)
  expect(await countOf('often.yml', fork)).toBe(0)
  await dora.actions.enableWorkflow({ ...fork, workflow_id: 'often.yml' })
  await pass(10 * MINUTE)
  expect(await countOf('often.yml', fork)).toBeGreaterThan(0)
  const often = { ...fork, path: '.github/workflows/often.yml' }
  const { data: file } = await dora.repos.getContent(often)
  await dora.repos.deleteFile({ ...often, message: 'x', sha: (file as { sha: string }).sha })
})

it('actions/schedule-sleeps-after-sixty-days', async () => {
  // Once a month, for thousands of runs would say no more.
  await write('.github/workflows/often.yml', `on: workflow_dispatch\n${job('true')}`)
  await write('.github/workflows/monthly.yml', `on: { schedule: [{ cron: '0 0 1 * *' }] }\n${job('true')}`)
  await push('Monthly')
  await pass(62 * DAY)
  const state = async () => (await actions.getWorkflow({ ...at, workflow_id: 'monthly.yml' })).data.state
  await pass(31 * DAY)
  expect(await state()).toBe('disabled_inactivity')
  const before = await countOf('monthly.yml')
  await pass(31 * DAY)
  expect(await countOf('monthly.yml')).toBe(before)
  await actions.enableWorkflow({ ...at, workflow_id: 'monthly.yml' })
  await pass(31 * DAY)
  expect(await countOf('monthly.yml')).toBe(before + 1)
})
