import { describe, expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, push } = fixture
const at = { owner, repo }
const app = connect(github.apiUrl, github.createJobToken('acme/model', { checks: 'write' }))

describe('check runs', () => {
  it('are made, changed and found by name and status, with a suite of their own', async () => {
    const sha = await push('Checked')
    const output = { title: 'Gate', summary: 'Worse', annotations: [annotation(1)] }
    const { data: made } = await app.checks.create({
      ...at,
      name: 'gate',
      head_sha: sha,
      status: 'in_progress',
      output,
    })
    const one = { ...at, check_run_id: made.id }
    const suite = { ...at, check_suite_id: made.check_suite!.id }
    expect((await octokit.checks.getSuite(suite)).data).toMatchObject({ status: 'in_progress', head_branch: 'main' })
    const actions = [{ label: 'Fix', description: 'Fix it', identifier: 'fix' }]
    await app.checks.update({
      ...one,
      conclusion: 'failure',
      output: { ...output, annotations: [annotation(2)] },
      actions,
    })
    const { data } = await octokit.checks.get(one)
    expect(data).toMatchObject({ status: 'completed', conclusion: 'failure', output: { annotations_count: 2 } })
    expect((await octokit.checks.listAnnotations(one)).data.map(({ start_line }) => start_line)).toEqual([1, 2])
    await app.checks.create({ ...at, name: 'gate', head_sha: sha, conclusion: 'success' })
    await app.checks.create({ ...at, name: 'lint', head_sha: sha })
    const names = async (filter: object) =>
      (await octokit.checks.listForRef({ ...at, ref: 'main', ...filter })).data.check_runs.map(({ name }) => name)
    expect(await names({})).toEqual(['gate', 'lint'])
    expect(await names({ filter: 'all' })).toEqual(['gate', 'gate', 'lint'])
    expect(await names({ status: 'queued' })).toEqual(['lint'])
    expect(await names({ app_id: 1 })).toEqual([])
    const inSuite = await octokit.checks.listForSuite({ ...suite, check_name: 'gate' })
    expect(inSuite.data).toMatchObject({ total_count: 1, check_runs: [{ conclusion: 'success' }] })
  })

  it('are asked for again: the suite waits, the run stays', async () => {
    const sha = await push('Again')
    const { data: run } = await app.checks.create({ ...at, name: 'gate', head_sha: sha, conclusion: 'success' })
    const suite = { ...at, check_suite_id: run.check_suite!.id }
    const state = async () => (await octokit.checks.getSuite(suite)).data
    expect(await state()).toMatchObject({ status: 'completed', conclusion: 'success' })
    await app.checks.rerequestRun({ ...at, check_run_id: run.id })
    expect(await state()).toMatchObject({ status: 'queued', conclusion: null })
    expect((await octokit.checks.get({ ...at, check_run_id: run.id })).data.conclusion).toBe('success')
    await app.checks.update({ ...at, check_run_id: run.id, conclusion: 'neutral' })
    expect(await state()).toMatchObject({ status: 'completed', conclusion: 'neutral' })
    await app.checks.rerequestSuite(suite)
    expect(await state()).toMatchObject({ status: 'queued' })
  })
})

describe('check suites', () => {
  it('are one for each commit and app', async () => {
    const sha = await push('Suite')
    const made = await app.checks.createSuite({ ...at, head_sha: sha })
    const again = await app.checks.createSuite({ ...at, head_sha: sha })
    expect([made.status, again.status, again.data.id]).toEqual([201, 200, made.data.id])
    const { data } = await octokit.checks.listSuitesForRef({ ...at, ref: sha })
    expect(data).toMatchObject({
      total_count: 1,
      check_suites: [{ id: made.data.id, app: { slug: 'github-actions' } }],
    })
  })

  it('can be told not to come by themselves', async () => {
    const auto_trigger_checks = [{ app_id: 15368, setting: false }]
    const { data } = await octokit.checks.setSuitesPreferences({ ...at, auto_trigger_checks })
    expect(data.preferences.auto_trigger_checks).toEqual(auto_trigger_checks)
  })
})

describe('commit statuses', () => {
  it('are added up to one state, the newest of each context', async () => {
    const sha = await push('Statuses')
    const set = (state: 'success' | 'failure' | 'pending' | 'error', context: string) =>
      octokit.repos.createCommitStatus({ ...at, sha, state, context, description: state })
    const state = async () => (await octokit.repos.getCombinedStatusForRef({ ...at, ref: 'main' })).data.state
    expect(await state()).toBe('pending')
    await set('success', 'a')
    expect(await state()).toBe('success')
    await set('pending', 'b')
    expect(await state()).toBe('pending')
    await set('error', 'a')
    expect(await state()).toBe('failure')
    const { data } = await octokit.repos.listCommitStatusesForRef({ ...at, ref: sha })
    expect(data.map((row) => `${row.context} ${row.state}`)).toEqual(['a error', 'b pending', 'a success'])
    const none = octokit.repos.createCommitStatus({ ...at, sha: '0'.repeat(40), state: 'success' })
    expect((await refusal(none)).status).toBe(422)
  })
})

function annotation(line: number) {
  return { path: 'README.md', start_line: line, end_line: line, annotation_level: 'warning' as const, message: 'Look' }
}
