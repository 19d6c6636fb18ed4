import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

// Jobs end as their first step says: see the stand-in for act.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act })
const { octokit, owner, repo, github, write, push } = fixture
const at = { owner, repo }
const { actions } = octokit

const job = (run: string, more = '') => `{ runs-on: ubuntu-latest, ${more} steps: [{ run: '${run}' }] }`
await write(
  '.github/workflows/ci.yml',
  `name: ci
on: workflow_dispatch
jobs:
  good: ${job('true')}
  bad: ${job('false', 'needs: good,')}
  after: ${job('true', 'needs: bad,')}
`,
)
await write(
  '.github/workflows/slow.yml',
  `on: workflow_dispatch\nconcurrency: line\njobs: { a: ${job('exec sleep 60')}, z: ${job('true', 'needs: a, if: always(),')} }\n`,
)
await write('.github/workflows/upload.yml', `on: workflow_dispatch\njobs: { a: ${job('upload')} }\n`)
await push('Workflows')

/** The id of the run that a dispatch starts. */
async function dispatch(workflow_id: string): Promise<number> {
  const { data } = await actions.createWorkflowDispatch({
    ...{ ...at, workflow_id, ref: 'main' },
    ...({ return_run_details: true } as object),
  })
  return (data as unknown as { workflow_run_id: number }).workflow_run_id
}

describe('a run', async () => {
  const run_id = await dispatch('ci.yml')
  await github.idle()
  const jobsOf = async (attempt_number: number) => {
    const { data } = await actions.listJobsForWorkflowRunAttempt({ ...at, run_id, attempt_number })
    return data.jobs.map(({ name, conclusion, run_attempt }) => [name, conclusion, run_attempt])
  }

  it('is found by what it is, and by when it began', async () => {
    const today = new Date().toISOString().slice(0, 10)
    const found = {
      workflow_id: 'ci.yml',
      created: `>=${today}`,
      event: 'workflow_dispatch',
      status: 'failure' as const,
    }
    const { data } = await actions.listWorkflowRuns({ ...at, ...found })
    expect(data.workflow_runs.map(({ id }) => id)).toEqual([run_id])
    const before = await actions.listWorkflowRunsForRepo({ ...at, created: `*..2020-01-01` })
    expect(before.data).toEqual({ total_count: 0, workflow_runs: [] })
    const none = await actions.listWorkflowRunsForRepo({ ...at, created: 'yesterday' })
    expect(none.data.total_count).toBe(0)
  })

  it('is run again, as a whole, where it failed, or by one job; each attempt is told as it was', async () => {
    expect(await jobsOf(1)).toEqual([
      ['good', 'success', 1],
      ['bad', 'failure', 1],
      ['after', 'skipped', 1],
    ])
    await actions.reRunWorkflowFailedJobs({ ...at, run_id })
    await github.idle()
    expect(await jobsOf(2)).toEqual([
      ['good', 'success', 1],
      ['bad', 'failure', 2],
      ['after', 'skipped', 2],
    ])
    const { data } = await actions.listJobsForWorkflowRun({ ...at, run_id })
    await actions.reRunJobForWorkflowRun({ ...at, job_id: data.jobs[0]!.id })
    await github.idle()
    expect((await jobsOf(3)).map(([, , attempt]) => attempt)).toEqual([3, 3, 3])
    await (await fixture.as('bob')).actions.reRunWorkflow({ ...at, run_id })
    await github.idle()
    const first = await actions.getWorkflowRunAttempt({ ...at, run_id, attempt_number: 1 })
    expect(first.data).toMatchObject({ run_attempt: 1, conclusion: 'failure', triggering_actor: { login: 'ann' } })
    const newest = (await actions.getWorkflowRun({ ...at, run_id })).data
    expect(newest).toMatchObject({ run_attempt: 4, actor: { login: 'ann' }, triggering_actor: { login: 'bob' } })
    await expect(actions.getWorkflowRunAttempt({ ...at, run_id, attempt_number: 5 })).rejects.toMatchObject({
      status: 404,
    })
  })

  it('has logs by job, by run and by attempt, until they are deleted', async () => {
    const { data } = await actions.listJobsForWorkflowRun({ ...at, run_id })
    const { data: one } = await actions.getJobForWorkflowRun({ ...at, job_id: data.jobs[0]!.id })
    expect(String((await actions.downloadJobLogsForWorkflowRun({ ...at, job_id: one.id })).data)).toContain('began')
    const zip = Buffer.from((await actions.downloadWorkflowRunLogs({ ...at, run_id })).data as ArrayBuffer).toString()
    expect(zip).toContain('0_good.txt')
    const old = await actions.downloadWorkflowRunAttemptLogs({ ...at, run_id, attempt_number: 1 })
    expect(Buffer.from(old.data as ArrayBuffer).toString()).toContain('1_bad.txt')
    await actions.deleteWorkflowRunLogs({ ...at, run_id })
    await expect(actions.downloadWorkflowRunLogs({ ...at, run_id })).rejects.toMatchObject({ status: 404 })
  })

  it('costs nothing in a public repository', async () => {
    const { data } = await actions.getWorkflowRunUsage({ ...at, run_id })
    expect(data.billable.UBUNTU).toMatchObject({ total_ms: 0, jobs: 7 })
    const all = (await actions.getWorkflowUsage({ ...at, workflow_id: 'ci.yml' })).data
    expect(all).toEqual({ billable: { UBUNTU: { total_ms: 0 } } })
  })

  it('is deleted with its jobs', async () => {
    const { data } = await actions.listJobsForWorkflowRun({ ...at, run_id })
    await actions.deleteWorkflowRun({ ...at, run_id })
    await expect(actions.getWorkflowRun({ ...at, run_id })).rejects.toMatchObject({ status: 404 })
    const gone = actions.getJobForWorkflowRun({ ...at, job_id: data.jobs[0]!.id })
    await expect(gone).rejects.toMatchObject({ status: 404 })
  })
})

describe('runs in one concurrency group', () => {
  it('are told in their order, and cancelled, the stubborn ones by force', async () => {
    const first = await dispatch('slow.yml')
    const second = await dispatch('slow.yml')
    const groups = await octokit.request('GET /repos/{owner}/{repo}/actions/concurrency_groups', at)
    expect(groups.data).toMatchObject({ total_count: 1, concurrency_groups: [{ group_name: 'line' }] })
    const path = 'GET /repos/{owner}/{repo}/actions/concurrency_groups/{concurrency_group_name}'
    const line = await octokit.request(path, { ...at, concurrency_group_name: 'LINE' })
    expect(line.data.group_members).toMatchObject([
      { run_id: first, status: 'in_progress' },
      { run_id: second, status: 'pending' },
    ])
    const ahead = { ...at, concurrency_group_name: 'line', ahead_of_run: first }
    expect((await octokit.request(path, ahead)).data.total_count).toBe(1)
    await expect(octokit.request(path, { ...ahead, ahead_of_run: 1 })).rejects.toMatchObject({ status: 422 })
    const own = 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/concurrency_groups'
    const mine = (await octokit.request(own, { ...at, run_id: second })).data
    expect(mine.concurrency_groups[0]!.group_members).toMatchObject([{ run_id: second, position: 1 }])
    await actions.cancelWorkflowRun({ ...at, run_id: first })
    await expect
      .poll(async () => (await actions.getWorkflowRun({ ...at, run_id: first })).data.conclusion)
      .toBe('cancelled')
    const names = async (run_id: number) =>
      (await actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs.map(({ name, conclusion }) => [
        name,
        conclusion,
      ])
    expect(await names(first)).toEqual([
      ['a', 'cancelled'],
      ['z', 'success'],
    ])
    await actions.forceCancelWorkflowRun({ ...at, run_id: second })
    expect((await actions.getWorkflowRun({ ...at, run_id: second })).data.conclusion).toBe('cancelled')
    expect(await names(second)).toEqual([['a', 'cancelled']])
    const over = (await octokit.request(own, { ...at, run_id: second })).data
    expect(over).toMatchObject({ total_count: 1, concurrency_groups: [{ group_members: [] }] })
    await expect(octokit.request(path, { ...at, concurrency_group_name: 'line' })).rejects.toMatchObject({
      status: 404,
    })
    await github.idle()
  })
})

describe('what jobs keep', () => {
  it('is listed, fetched and deleted: artifacts and caches', async () => {
    const run_id = await dispatch('upload.yml')
    await github.idle()
    expect((await actions.getWorkflowRun({ ...at, run_id })).data.conclusion).toBe('success')
    const { artifacts } = (await actions.listWorkflowRunArtifacts({ ...at, run_id, name: 'model' })).data
    expect(artifacts).toMatchObject([{ name: 'model', size_in_bytes: 5, expired: false, workflow_run: { id: run_id } }])
    expect((await actions.listArtifactsForRepo({ ...at, name: 'none' })).data.total_count).toBe(0)
    const artifact_id = artifacts[0]!.id
    expect((await actions.getArtifact({ ...at, artifact_id })).data.id).toBe(artifact_id)
    const { data: bytes } = await actions.downloadArtifact({ ...at, artifact_id, archive_format: 'zip' })
    expect(Buffer.from(bytes as ArrayBuffer).toString()).toBe('bytes')
    await actions.deleteArtifact({ ...at, artifact_id })
    await expect(actions.getArtifact({ ...at, artifact_id })).rejects.toMatchObject({ status: 404 })

    const usage = await actions.getActionsCacheUsage(at)
    expect(usage.data).toEqual({ full_name: 'acme/model', active_caches_size_in_bytes: 6, active_caches_count: 1 })
    const { data } = await actions.getActionsCacheList({ ...at, key: 'deps-', ref: 'refs/heads/main' })
    expect(data.actions_caches).toMatchObject([{ key: 'deps-1', ref: 'refs/heads/main', size_in_bytes: 6 }])
    await expect(actions.deleteActionsCacheByKey({ ...at, key: 'deps-' })).rejects.toMatchObject({ status: 404 })
    expect((await actions.deleteActionsCacheByKey({ ...at, key: 'deps-1' })).data.total_count).toBe(1)
    await dispatch('upload.yml')
    await github.idle()
    const [again] = (await actions.getActionsCacheList(at)).data.actions_caches
    await actions.deleteActionsCacheById({ ...at, cache_id: again!.id! })
    expect((await actions.getActionsCacheUsage(at)).data.active_caches_count).toBe(0)
  })
})

describe('workflows', () => {
  it('are listed, turned off and on', async () => {
    const { data } = await actions.listRepoWorkflows(at)
    expect(data.workflows.map(({ path }) => path)).toContain('.github/workflows/ci.yml')
    await actions.disableWorkflow({ ...at, workflow_id: 'ci.yml' })
    expect((await actions.getWorkflow({ ...at, workflow_id: 'ci.yml' })).data.state).toBe('disabled_manually')
    await actions.enableWorkflow({ ...at, workflow_id: 'ci.yml' })
    expect((await actions.getWorkflow({ ...at, workflow_id: 'ci.yml' })).data.state).toBe('active')
  })
})

describe('settings', () => {
  it('of actions are an admin’s to read and to change', async () => {
    const { data: first } = await actions.getGithubActionsPermissionsRepository(at)
    expect(first).toEqual({ enabled: true, allowed_actions: 'all', sha_pinning_required: false })
    await actions.setGithubActionsPermissionsRepository({ ...at, enabled: true, allowed_actions: 'selected' })
    await actions.setAllowedActionsRepository({ ...at, github_owned_allowed: true, patterns_allowed: ['a/b@*'] })
    const chosen = (await actions.getAllowedActionsRepository(at)).data
    expect(chosen).toEqual({ github_owned_allowed: true, verified_allowed: false, patterns_allowed: ['a/b@*'] })
    await actions.setGithubActionsPermissionsRepository({ ...at, enabled: true, allowed_actions: 'all' })
    const bob = await fixture.as('bob')
    await expect(bob.actions.getGithubActionsPermissionsRepository(at)).rejects.toMatchObject({ status: 403 })
  })

  it('of tokens, forks and access likewise', async () => {
    const { data: tokens } = await actions.getGithubActionsDefaultWorkflowPermissionsRepository(at)
    expect(tokens).toEqual({ default_workflow_permissions: 'read', can_approve_pull_request_reviews: false })
    await actions.setGithubActionsDefaultWorkflowPermissionsRepository({
      ...at,
      can_approve_pull_request_reviews: true,
    })
    const changed = (await actions.getGithubActionsDefaultWorkflowPermissionsRepository(at)).data
    expect(changed).toEqual({ default_workflow_permissions: 'read', can_approve_pull_request_reviews: true })
    const retention = '/repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention'
    await octokit.request(`PUT ${retention}`, { ...at, days: 7 })
    expect((await octokit.request(`GET ${retention}`, at)).data).toEqual({ days: 7, maximum_allowed_days: 90 })
    expect(await refusal(octokit.request(`PUT ${retention}`, { ...at, days: 91 }))).toMatchObject({ status: 422 })
    const path = '/repos/{owner}/{repo}/actions/permissions/fork-pr-contributor-approval'
    expect((await octokit.request(`GET ${path}`, at)).data).toEqual({ approval_policy: 'first_time_contributors' })
    await octokit.request(`PUT ${path}`, { ...at, approval_policy: 'all_external_contributors' })
    expect((await octokit.request(`GET ${path}`, at)).data).toEqual({ approval_policy: 'all_external_contributors' })
    await expect(actions.getWorkflowAccessToRepository(at)).rejects.toMatchObject({ status: 422 })
    await github.createRepository('acme/hidden', { owner: 'ann', private: true })
    const hidden = { owner, repo: 'hidden' }
    await actions.setWorkflowAccessToRepository({ ...hidden, access_level: 'user' })
    expect((await actions.getWorkflowAccessToRepository(hidden)).data).toEqual({ access_level: 'user' })
  })
})

describe('a self-hosted runner', () => {
  it('is announced, labelled and removed', async () => {
    const asked = { ...at, name: 'gpu', runner_group_id: 1, labels: ['self-hosted', 'linux', 'gpu'] }
    const { data: made } = await actions.generateRunnerJitconfigForRepo(asked)
    const runner_id = made.runner.id
    expect(made.runner).toMatchObject({ name: 'gpu', status: 'offline', busy: false })
    expect(JSON.parse(Buffer.from(made.encoded_jit_config, 'base64').toString())).toHaveProperty('.runner')
    await expect(actions.generateRunnerJitconfigForRepo(asked)).rejects.toMatchObject({ status: 409 })
    expect((await actions.listSelfHostedRunnersForRepo({ ...at, name: 'gpu' })).data.total_count).toBe(1)
    expect((await actions.getSelfHostedRunnerForRepo({ ...at, runner_id })).data.name).toBe('gpu')
    const names = ({ data }: { data: { labels: { name: string }[] } }) => data.labels.map(({ name }) => name)
    const on = { ...at, runner_id }
    expect(names(await actions.listLabelsForSelfHostedRunnerForRepo(on))).toEqual(['self-hosted', 'linux', 'gpu'])
    expect(names(await actions.addCustomLabelsToSelfHostedRunnerForRepo({ ...on, labels: ['a100'] }))).toContain('a100')
    const set = await actions.setCustomLabelsForSelfHostedRunnerForRepo({ ...on, labels: ['x', 'y'] })
    expect(names(set)).toEqual(['self-hosted', 'linux', 'x', 'y'])
    expect(names(await actions.removeCustomLabelFromSelfHostedRunnerForRepo({ ...on, name: 'x' }))).not.toContain('x')
    const fixed = actions.removeCustomLabelFromSelfHostedRunnerForRepo({ ...on, name: 'linux' })
    await expect(fixed).rejects.toMatchObject({ status: 422 })
    const left = await actions.removeAllCustomLabelsFromSelfHostedRunnerForRepo(on)
    expect(names(left)).toEqual(['self-hosted', 'linux'])
    await actions.deleteSelfHostedRunnerFromRepo(on)
    await expect(actions.getSelfHostedRunnerForRepo(on)).rejects.toMatchObject({ status: 404 })
  })

  it('gets a token to register and one to leave, for an hour', async () => {
    for (const token of [await actions.createRegistrationTokenForRepo(at), await actions.createRemoveTokenForRepo(at)])
      expect(Date.parse(token.data.expires_at) - Date.now()).toBeGreaterThan(50 * 60_000)
  })
})
