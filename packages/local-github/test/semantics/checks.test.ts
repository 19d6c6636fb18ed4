import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git } = fixture
const at = { owner, repo }
const { checks } = connect(github.apiUrl, github.createJobToken('acme/model', { checks: 'write' }))
const sha = await git('rev-parse', 'HEAD')
const gate = { ...at, name: 'gate', head_sha: sha }
const output = { title: 'Gate', summary: 'Fine' }

it('checks/written-by-apps', async () => {
  expect(await refusal(octokit.checks.create(gate))).toMatchObject({
    status: 403,
    body: { message: 'You must authenticate via a GitHub App.' },
  })
})

it('checks/annotations-add-up', async () => {
  const annotation = { path: 'a', start_line: 1, end_line: 1, annotation_level: 'notice', message: 'm' } as const
  const of = (length: number) => ({ ...output, annotations: Array.from({ length }, () => annotation) })
  expect((await refusal(checks.create({ ...gate, output: of(51) }))).status).toBe(422)
  const { data } = await checks.create({ ...gate, output: of(50) })
  const { data: more } = await checks.update({ ...at, check_run_id: data.id, output: of(50) })
  expect(more.output.annotations_count).toBe(100)
})

it('checks/text-counted-in-bytes', async () => {
  const of = (summary: string) => ({ ...gate, output: { ...output, summary } })
  expect((await checks.create(of('x'.repeat(65_535)))).status).toBe(201)
  expect(await refusal(checks.create(of('ü'.repeat(40_000))))).toMatchObject({
    status: 422,
    body: { errors: [{ message: 'summary exceeds a maximum bytesize of 65535' }] },
  })
})

it('checks/rerequest-resets-the-suite', async () => {
  const { data } = await checks.create({ ...gate, conclusion: 'failure' })
  await checks.rerequestRun({ ...at, check_run_id: data.id })
  const suite = await octokit.checks.getSuite({ ...at, check_suite_id: data.check_suite!.id })
  expect(suite.data).toMatchObject({ status: 'queued', conclusion: null })
  expect((await octokit.checks.get({ ...at, check_run_id: data.id })).data.conclusion).toBe('failure')
})

it('checks/latest-of-each-name', async () => {
  await checks.create({ ...gate, name: 'twice', conclusion: 'failure' })
  await checks.create({ ...gate, name: 'twice', conclusion: 'success' })
  const { data } = await octokit.checks.listForRef({ ...at, ref: sha, check_name: 'twice' })
  expect(data.check_runs.map(({ conclusion }) => conclusion)).toEqual(['success'])
})

it('checks/one-suite-per-commit', async () => {
  const made = await checks.createSuite({ ...at, head_sha: sha })
  const again = await checks.createSuite({ ...at, head_sha: sha })
  expect([again.status, again.data.id]).toEqual([200, made.data.id])
})

it('checks/thousand-statuses', async () => {
  const status = { ...at, sha, state: 'success', context: 'many' } as const
  // Plainly: a thousand requests through octokit take seconds.
  const { token } = await github.createUser('ann')
  const set = () =>
    fetch(`${github.apiUrl}/repos/acme/model/statuses/${sha}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'success', context: 'many' }),
    })
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.all(Array.from({ length: 50 }, set))
    expect(answers.every((answer) => answer.status === 201)).toBe(true)
  }
  expect((await refusal(octokit.repos.createCommitStatus(status))).status).toBe(422)
  expect((await octokit.repos.createCommitStatus({ ...status, context: 'other' })).status).toBe(201)
})

it('checks/no-status-is-pending', async () => {
  const tree = (await octokit.git.getCommit({ ...at, commit_sha: sha })).data.tree.sha
  const { data } = await octokit.git.createCommit({ ...at, message: 'Bare', tree })
  expect((await octokit.repos.getCombinedStatusForRef({ ...at, ref: data.sha })).data.state).toBe('pending')
})
