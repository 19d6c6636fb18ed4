import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

// Jobs do what their first step says, see the stand-in for act.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act })
const { octokit, owner, repo, github, write, push, git } = fixture
const at = { owner, repo }
const { actions } = octokit
const carla = await fixture.as('carla')

const jobs = (run: string, more = '') => `jobs: { a: { runs-on: ubuntu-latest, ${more} steps: [{ run: '${run}' }] } }\n`
const FILES = {
  'ci.yml': `on: [workflow_dispatch, pull_request]\n${jobs('true')}`,
  'open.yml': `on: workflow_dispatch\npermissions: { contents: read, pull-requests: write }\n${jobs('pull')}`,
  'matrix.yml': `on: workflow_dispatch\n${jobs('grep -q 1.$ $job', 'strategy: { fail-fast: false, matrix: { n: [1, 2] } },')}`,
  'stay.yml': `on: workflow_dispatch\njobs:
  a: { runs-on: ubuntu-latest, steps: [{ run: exec sleep 60 }] }
  z: { needs: a, if: always(), runs-on: ubuntu-latest, steps: [{ run: exec sleep 60 }] }\n`,
  'foreign.yml': `on: workflow_dispatch\njobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v6 }, { uses: other/tool/sub@v1 }, { uses: acme/own@v1 }] } }\n`,
  'deploy.yml': `on: workflow_dispatch\n${jobs('true', 'environment: guarded,')}`,
}
for (const [name, text] of Object.entries(FILES)) await write(`.github/workflows/${name}`, text)
await push('Workflows')
await git('checkout', '-q', '-b', 'work')
await write('work.txt', 'work')
await push('Work', 'work')

/** A run that was dispatched and has got as far as it can. */
async function dispatched(workflow_id: string) {
  const request = { ...at, workflow_id, ref: 'main', return_run_details: true }
  const { data } = await actions.createWorkflowDispatch(request as typeof request & { inputs?: never })
  await github.idle()
  return runOf((data as unknown as { workflow_run_id: number }).workflow_run_id)
}
const runOf = async (run_id: number) => (await actions.getWorkflowRun({ ...at, run_id })).data
const jobsOf = async (run_id: number) => (await actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs
const newestOf = async (head_branch: string) =>
  (await actions.listWorkflowRunsForRepo({ ...at, branch: head_branch, event: 'pull_request' })).data.workflow_runs[0]

/** A branch of a fork with a commit of its own, and the pull request for it. */
async function forkedPull(branch: string) {
  await carla.repos.createFork(at)
  const fork = { owner: 'carla', repo }
  const { data: base } = await carla.git.getRef({ ...fork, ref: 'heads/main' })
  await carla.git.createRef({ ...fork, ref: `refs/heads/${branch}`, sha: base.object.sha })
  const content = Buffer.from(branch).toString('base64')
  await carla.repos.createOrUpdateFileContents({ ...fork, path: `${branch}.txt`, message: branch, content, branch })
  const { data } = await carla.pulls.create({ ...at, title: branch, head: `carla:${branch}`, base: 'main' })
  await github.idle()
  return data
}

it('actions/first-contribution-awaits', async () => {
  const pull = await forkedPull('first')
  const waiting = await newestOf('first')
  expect(waiting).toMatchObject({ status: 'completed', conclusion: 'action_required' })
  expect(await jobsOf(waiting!.id)).toEqual([])
  await actions.approveWorkflowRun({ ...at, run_id: waiting!.id })
  await github.idle()
  expect((await runOf(waiting!.id)).conclusion).toBe('success')
  await octokit.pulls.merge({ ...at, pull_number: pull.number })
  await forkedPull('second')
  expect((await newestOf('second'))!.conclusion).toBe('success')
})

/** The run for the pull request that a job opened with its own token. */
async function tokenRun() {
  await actions.setGithubActionsDefaultWorkflowPermissionsRepository({ ...at, can_approve_pull_request_reviews: true })
  if (!(await newestOf('work'))) expect((await dispatched('open.yml')).conclusion).toBe('success')
  return newestOf('work')
}

it('actions/token-pull-awaits', async () => {
  expect(await tokenRun()).toMatchObject({
    conclusion: 'action_required',
    actor: { login: 'github-actions[bot]' },
  })
})

it('actions/approve-forks-only', async () => {
  const waiting = (await tokenRun())!
  const refused = await refusal(actions.approveWorkflowRun({ ...at, run_id: waiting.id }))
  expect(refused.status).toBe(403)
  await actions.reRunWorkflow({ ...at, run_id: waiting.id })
  await github.idle()
  expect(await runOf(waiting.id)).toMatchObject({ conclusion: 'success', triggering_actor: { login: 'ann' } })
})

it('actions/disabled-workflow', async () => {
  await actions.disableWorkflow({ ...at, workflow_id: 'ci.yml' })
  const dispatch = actions.createWorkflowDispatch({ ...at, workflow_id: 'ci.yml', ref: 'main' })
  expect(await refusal(dispatch)).toMatchObject({
    status: 422,
    body: { message: "Cannot trigger a 'workflow_dispatch' on a disabled workflow" },
  })
  await actions.enableWorkflow({ ...at, workflow_id: 'ci.yml' })
  expect((await dispatched('ci.yml')).conclusion).toBe('success')
})

it('actions/disabled-for-repository', async () => {
  await actions.setGithubActionsPermissionsRepository({ ...at, enabled: false })
  const before = (await actions.listWorkflowRunsForRepo(at)).data.total_count
  await forkedPull('silent')
  expect((await actions.listWorkflowRunsForRepo(at)).data.total_count).toBe(before)
  await actions.setGithubActionsPermissionsRepository({ ...at, enabled: true })
})

it('actions/local-only', async () => {
  await actions.setGithubActionsPermissionsRepository({ ...at, enabled: true, allowed_actions: 'local_only' })
  const run = await dispatched('foreign.yml')
  expect(run.conclusion).toBe('startup_failure')
  expect(await jobsOf(run.id)).toEqual([])
  expect(await github.renderPage(`/acme/model/actions/runs/${run.id}`)).toContain(
    'actions/checkout@v6 and other/tool/sub@v1 are not allowed to be used in acme/model. Actions in this workflow must be: within a repository owned by acme.',
  )
})

it('actions/selected-patterns', async () => {
  await actions.setGithubActionsPermissionsRepository({ ...at, enabled: true, allowed_actions: 'selected' })
  const choose = (pattern: string) =>
    actions.setAllowedActionsRepository({ ...at, github_owned_allowed: true, patterns_allowed: [pattern] })
  await choose('other/tool@*')
  expect((await dispatched('foreign.yml')).conclusion).toBe('startup_failure')
  await choose('other/tool/*')
  expect((await dispatched('foreign.yml')).conclusion).not.toBe('startup_failure')
})

it('actions/pinned-actions', async () => {
  const setting = { ...at, enabled: true, allowed_actions: 'all' as const }
  await actions.setGithubActionsPermissionsRepository({ ...setting, sha_pinning_required: true })
  expect((await dispatched('foreign.yml')).conclusion).toBe('startup_failure')
  await actions.setGithubActionsPermissionsRepository({ ...setting, sha_pinning_required: false })
})

it('actions/access-of-private-repositories', async () => {
  expect(await refusal(actions.getWorkflowAccessToRepository(at))).toMatchObject({
    status: 422,
    body: { message: 'Access policy only applies to internal and private repositories.' },
  })
})

it('actions/failed-jobs-of-a-matrix', async () => {
  const { id } = await dispatched('matrix.yml')
  await actions.reRunWorkflowFailedJobs({ ...at, run_id: id })
  await github.idle()
  expect((await jobsOf(id)).map(({ name, run_attempt }) => [name, run_attempt])).toEqual([
    ['a (1)', 1],
    ['a (2)', 2],
  ])
})

it('actions/rerun-keeps-the-actor', async () => {
  const run = await dispatched('ci.yml')
  const [job] = await jobsOf(run.id)
  await (await fixture.as('bob')).actions.reRunJobForWorkflowRun({ ...at, job_id: job!.id })
  await github.idle()
  expect(await runOf(run.id)).toMatchObject({ actor: { login: 'ann' }, triggering_actor: { login: 'bob' } })
})

it('actions/cancel-lets-always-run', async () => {
  const request = { ...at, workflow_id: 'stay.yml', ref: 'main', return_run_details: true }
  const { data } = await actions.createWorkflowDispatch(request as typeof request & { inputs?: never })
  const run_id = (data as unknown as { workflow_run_id: number }).workflow_run_id
  await actions.cancelWorkflowRun({ ...at, run_id })
  await expect.poll(async () => (await jobsOf(run_id)).at(-1)!.name).toBe('z')
  await actions.forceCancelWorkflowRun({ ...at, run_id })
  expect((await runOf(run_id)).conclusion).toBe('cancelled')
  expect(await refusal(actions.cancelWorkflowRun({ ...at, run_id }))).toMatchObject({
    status: 409,
    body: { message: 'Cannot cancel a workflow run that is completed.' },
  })
  await github.idle()
})

it('actions/custom-rule-holds', async () => {
  await octokit.repos.createOrUpdateEnvironment({ ...at, environment_name: 'guarded' })
  const apps = await octokit.repos.listCustomDeploymentRuleIntegrations({ ...at, environment_name: 'guarded' })
  const integration_id = apps.data.available_custom_deployment_protection_rule_integrations?.[0]?.id ?? 1
  await octokit.repos.createDeploymentProtectionRule({ ...at, environment_name: 'guarded', integration_id })
  const run = await dispatched('deploy.yml')
  expect(run.status).toBe('waiting')
  const about = { ...at, run_id: run.id, environment_name: 'guarded' }
  for (let report = 1; report <= 10; report++) await actions.reviewCustomGatesForRun({ ...about, comment: `${report}` })
  expect((await refusal(actions.reviewCustomGatesForRun({ ...about, comment: '11' }))).status).toBe(422)
  expect((await runOf(run.id)).status).toBe('waiting')
  await actions.reviewCustomGatesForRun({ ...about, state: 'approved', comment: 'fine' })
  await github.idle()
  expect((await runOf(run.id)).conclusion).toBe('success')
  expect((await actions.getReviewsForRun({ ...at, run_id: run.id })).data.at(-1)).toMatchObject({ state: 'approved' })
})
