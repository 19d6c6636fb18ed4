import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { createProposals } from '../proposals.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github } = fixture
const at = { owner, repo }
const eve = await fixture.as('eve')
const { commit, propose } = createProposals(octokit, at)

async function newIssue(title = 'One'): Promise<{ owner: string; repo: string; issue_number: number }> {
  return { ...at, issue_number: (await octokit.issues.create({ ...at, title })).data.number }
}

it('issues/body-limit', async () => {
  const one = await newIssue()
  await octokit.issues.createComment({ ...one, body: '😀'.repeat(65_536) })
  expect(await refusal(octokit.issues.createComment({ ...one, body: 'x'.repeat(65_537) }))).toMatchObject({
    status: 422,
    body: { message: 'Validation Failed', errors: [{ code: 'unprocessable', field: 'data' }] },
  })
})

it('issues/title-limit', async () => {
  const { issue_number } = await newIssue('😀'.repeat(256))
  const title = `${'😀'.repeat(256)}!`
  const refused = {
    status: 422,
    body: {
      message: 'Validation Failed',
      errors: [{ resource: 'Issue', field: 'title', message: 'title is too long (maximum is 256 characters)' }],
    },
  }
  expect(await refusal(octokit.issues.create({ ...at, title }))).toMatchObject(refused)
  expect(await refusal(octokit.issues.update({ ...at, issue_number, title }))).toMatchObject(refused)
  const pull = await propose('titled')
  expect(await refusal(octokit.pulls.update({ ...at, pull_number: pull.number, title }))).toMatchObject(refused)
})

it('issues/words-alone', async () => {
  const wanted = { labels: ['bug'], assignees: ['eve'] }
  const { data } = await eve.issues.create({ ...at, title: 'Help', body: 'Please', ...wanted })
  expect(data).toMatchObject({ title: 'Help', body: 'Please', labels: [], assignees: [] })
})

it('issues/label-by-use', async () => {
  const { data } = await octokit.issues.addLabels({ ...(await newIssue()), labels: ['never seen'] })
  expect(data).toMatchObject([{ name: 'never seen', color: 'ededed', description: null }])
  expect((await octokit.issues.getLabel({ ...at, name: 'never seen' })).status).toBe(200)
})

it('issues/label-case', async () => {
  expect(await refusal(octokit.issues.createLabel({ ...at, name: 'BUG' }))).toMatchObject({
    status: 422,
    body: { errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }] },
  })
})

it('issues/one-sequence', async () => {
  const { issue_number } = await newIssue()
  const { number } = await propose('sequence')
  expect(number).toBe(issue_number + 1)
  expect((await newIssue()).issue_number).toBe(issue_number + 2)
  const { data } = await octokit.issues.listForRepo({ ...at, state: 'all', per_page: 100 })
  expect(data.find((issue) => issue.number === number)?.pull_request).toBeDefined()
})

it('issues/id-of-pull', async () => {
  const { number, one } = await propose('ids')
  const { data: issue } = await octokit.issues.get({ ...at, issue_number: number })
  expect((await octokit.pulls.get(one)).data.id).not.toBe(issue.id)
})

it('issues/locked', async () => {
  const one = await newIssue()
  await octokit.issues.lock(one)
  const locked = { status: 403, body: { message: 'Unable to create comment because issue is locked.' } }
  expect(await refusal(eve.issues.createComment({ ...one, body: 'But' }))).toMatchObject(locked)
  expect((await octokit.issues.createComment({ ...one, body: 'No' })).status).toBe(201)
})

it('issues/switched-off', async () => {
  const ann = (await github.createUser('ann')).token
  await github.createRepository('acme/quiet', { owner: 'ann' })
  const own = connect(github.apiUrl, ann)
  await own.repos.update({ owner, repo: 'quiet', has_issues: false })
  expect(await refusal(own.issues.create({ owner, repo: 'quiet', title: 'Hello' }))).toMatchObject({
    status: 410,
    body: { message: 'Issues are disabled for this repo' },
  })
})

it('issues/assignee-unknown', async () => {
  const { data } = await octokit.issues.addAssignees({ ...(await newIssue()), assignees: ['eve', 'bob'] })
  expect(data.assignees?.map(({ login }) => login)).toEqual(['bob'])
  expect(await refusal(octokit.issues.create({ ...at, title: 'For eve', assignees: ['eve'] }))).toMatchObject({
    status: 422,
    body: { errors: [{ resource: 'Issue', code: 'invalid', field: 'assignees' }] },
  })
})

it('issues/assignees-ten', async () => {
  const names = Array.from({ length: 11 }, (_, index) => `helper${index}`)
  for (const username of names) {
    const helper = await fixture.as(username)
    await octokit.repos.addCollaborator({ ...at, username })
    const { data: invitations } = await helper.repos.listInvitationsForAuthenticatedUser().catch(() => ({ data: [] }))
    for (const { id } of invitations) await helper.repos.acceptInvitationForAuthenticatedUser({ invitation_id: id })
  }
  const { data } = await octokit.issues.addAssignees({ ...(await newIssue()), assignees: names })
  expect(data.assignees).toHaveLength(10)
})

it('issues/reaction-once', async () => {
  const one = await newIssue()
  const { data: first } = await eve.reactions.createForIssue({ ...one, content: 'eyes' })
  const again = await eve.reactions.createForIssue({ ...one, content: 'eyes' })
  expect([again.status, again.data.id]).toEqual([200, first.id])
})

const stateOf = async (one: Awaited<ReturnType<typeof newIssue>>) => (await octokit.issues.get(one)).data.state

it('issues/keyword-merge', async () => {
  const [fixed, named] = [await newIssue(), await newIssue()]
  const body = `Fixes #${fixed.issue_number}, see #${named.issue_number}`
  const { one } = await propose('fix', undefined, undefined, { body })
  await octokit.pulls.merge(one)
  expect([await stateOf(fixed), await stateOf(named)]).toEqual(['closed', 'open'])
})

it('issues/keyword-default-branch', async () => {
  const issue = await newIssue()
  const { data: main } = await octokit.git.getRef({ ...at, ref: 'heads/main' })
  await octokit.git.createRef({ ...at, ref: 'refs/heads/next', sha: main.object.sha })
  const { one } = await propose('for-next', undefined, undefined, {
    base: 'next',
    body: `closes: acme/model#${issue.issue_number}`,
  })
  await octokit.pulls.merge(one)
  expect(await stateOf(issue)).toBe('open')
})

it('issues/keyword-commit', async () => {
  const issue = await newIssue()
  const sha = await commit('main', 'mend.txt', 'mended', `Mend it\n\nResolves #${issue.issue_number}`)
  expect(await stateOf(issue)).toBe('closed')
  const { data: history } = await octokit.issues.listEvents(issue)
  expect(history.at(-1)).toMatchObject({ event: 'closed', commit_id: sha })
})

it('issues/foreign-comment', async () => {
  const { data } = await octokit.issues.createComment({ ...(await newIssue()), body: 'Mine' })
  expect(await refusal(eve.issues.deleteComment({ ...at, comment_id: data.id }))).toMatchObject({
    status: 403,
    body: { message: 'Must have admin rights to Repository.' },
  })
})

it('issues/deleted-label', async () => {
  const one = await newIssue()
  await octokit.issues.addLabels({ ...one, labels: ['short-lived'] })
  await octokit.issues.deleteLabel({ ...at, name: 'short-lived' })
  expect((await octokit.issues.listLabelsOnIssue(one)).data).toEqual([])
})

it('issues/reasons', async () => {
  const one = await newIssue()
  expect((await octokit.issues.update({ ...one, state: 'closed' })).data.state_reason).toBe('completed')
  expect((await octokit.issues.update({ ...one, state: 'open' })).data.state_reason).toBe('reopened')
})
