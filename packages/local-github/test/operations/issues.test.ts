import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'

const fixture = await createFixture()
const { octokit, owner, repo } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')

async function newIssue(title: string, more: object = {}): Promise<number> {
  return (await octokit.issues.create({ ...at, title, ...more })).data.number
}

it('opens an issue with labels, a milestone and people, and changes each of them', async () => {
  const { data: first } = await octokit.issues.createMilestone({
    ...at,
    title: 'June',
    description: 'Before the holidays',
    due_on: '2027-06-30T08:00:00+02:00',
  })
  expect(first).toMatchObject({ number: 1, state: 'open', due_on: '2027-06-30T06:00:00Z', creator: { login: 'ann' } })
  await octokit.issues.createMilestone({ ...at, title: 'Some day', state: 'closed' })
  await octokit.issues.createLabel({ ...at, name: 'drift', color: 'FF0000', description: 'The data moved' })
  const { data: issue } = await octokit.issues.create({
    ...at,
    title: 'The distance is in kilometres',
    body: '@bob look',
    labels: ['Drift', 'new one'],
    milestone: 1,
    assignees: ['bob'],
  })
  expect(issue).toMatchObject({
    number: 1,
    state: 'open',
    user: { login: 'ann' },
    labels: [
      { name: 'drift', color: 'FF0000' },
      { name: 'new one', color: 'ededed' },
    ],
    milestone: { title: 'June', open_issues: 1, closed_issues: 0 },
    assignee: { login: 'bob' },
    author_association: 'MEMBER',
    closed_by: null,
  })
  const one = { ...at, issue_number: issue.number }
  const { data: closed } = await octokit.issues.update({
    ...one,
    title: 'It is in kilometres',
    state: 'closed',
    state_reason: 'not_planned',
    labels: [{ name: 'drift' }],
    assignees: [],
    milestone: null,
  })
  expect(closed).toMatchObject({
    state: 'closed',
    state_reason: 'not_planned',
    closed_by: { login: 'ann' },
    assignees: [],
    milestone: null,
  })
  expect((await octokit.issues.update({ ...one, state: 'open' })).data).toMatchObject({
    state_reason: 'reopened',
    closed_at: null,
  })
  const { data: read } = await octokit.issues.get(one)
  expect(read.labels).toHaveLength(1)

  const { data: history } = await octokit.issues.listEvents(one)
  expect(history.map(({ event }) => event)).toEqual([
    ...['labeled', 'labeled', 'assigned', 'milestoned'],
    ...['renamed', 'unlabeled', 'unassigned', 'demilestoned', 'closed', 'reopened'],
  ])
  expect(history[4]).toMatchObject({ rename: { from: 'The distance is in kilometres', to: 'It is in kilometres' } })
  const { data: all } = await octokit.issues.listEventsForRepo({ ...at, per_page: 1 })
  expect(all).toMatchObject([{ event: 'reopened', issue: { number: 1 }, actor: { login: 'ann' } }])
  const { data: event } = await octokit.issues.getEvent({ ...at, event_id: history[2]!.id })
  expect(event).toMatchObject({ event: 'assigned', assignee: { login: 'bob' }, assigner: { login: 'ann' } })
})

it('lists issues by state, label, person, milestone and time', async () => {
  const [bug, old] = [await newIssue('A bug', { labels: ['bug'] }), await newIssue('Old', { assignees: ['ann'] })]
  await bob.issues.create({ ...at, title: 'From bob', body: 'for @ann' })
  await octokit.issues.update({ ...at, issue_number: old, state: 'closed' })
  const titles = async (query: object) =>
    (await octokit.issues.listForRepo({ ...at, ...query })).data.map(({ title }) => title)
  expect(await titles({ labels: 'bug' })).toEqual(['A bug'])
  expect(await titles({ state: 'closed', assignee: 'ann' })).toEqual(['Old'])
  expect(await titles({ creator: 'bob' })).toEqual(['From bob'])
  expect(await titles({ mentioned: 'ann' })).toEqual(['From bob'])
  expect(await titles({ milestone: '*' })).toEqual([])
  expect(await titles({ since: '2099-01-01T00:00:00Z' })).toEqual([])
  expect(await titles({ state: 'all', direction: 'asc', per_page: 1, page: 2 })).toEqual(['A bug'])
  await octokit.issues.createComment({ ...at, issue_number: bug, body: 'Me too' })
  expect((await titles({ sort: 'comments' }))[0]).toBe('A bug')
})

it('keeps comments, which can be changed, listed and taken back', async () => {
  const one = { ...at, issue_number: await newIssue('Talk') }
  const { data: said, headers } = await bob.issues.createComment({ ...one, body: 'Hello' })
  expect(headers.location).toBe(said.url)
  expect(said).toMatchObject({ user: { login: 'bob' }, author_association: 'COLLABORATOR' })
  await octokit.issues.createComment({ ...one, body: 'Hi' })
  const { data: changed } = await octokit.issues.updateComment({ ...at, comment_id: said.id, body: 'Hello!' })
  expect(changed.body).toBe('Hello!')
  expect((await octokit.issues.getComment({ ...at, comment_id: said.id })).data.body).toBe('Hello!')
  expect((await octokit.issues.listComments(one)).data.map(({ body }) => body)).toEqual(['Hello!', 'Hi'])
  const newest = await octokit.issues.listCommentsForRepo({ ...at, sort: 'created', direction: 'desc', per_page: 1 })
  expect(newest.data).toMatchObject([{ body: 'Hi' }])
  await octokit.issues.deleteComment({ ...at, comment_id: said.id })
  expect((await octokit.issues.get(one)).data.comments).toBe(1)
})

it('takes each reaction of a person once, and counts them', async () => {
  const issue_number = await newIssue('Like it?')
  const { data: comment } = await octokit.issues.createComment({ ...at, issue_number, body: 'Yes' })
  const { data: heart, status } = await bob.reactions.createForIssue({ ...at, issue_number, content: 'heart' })
  expect([status, heart.user?.login]).toEqual([201, 'bob'])
  expect((await bob.reactions.createForIssue({ ...at, issue_number, content: 'heart' })).status).toBe(200)
  await octokit.reactions.createForIssue({ ...at, issue_number, content: '+1' })
  expect((await octokit.reactions.listForIssue({ ...at, issue_number, content: 'heart' })).data).toEqual([heart])
  expect((await octokit.issues.get({ ...at, issue_number })).data.reactions).toMatchObject({
    total_count: 2,
    '+1': 1,
    heart: 1,
    rocket: 0,
  })
  await bob.reactions.deleteForIssue({ ...at, issue_number, reaction_id: heart.id })
  expect((await octokit.reactions.listForIssue({ ...at, issue_number })).data).toHaveLength(1)

  const on = { ...at, comment_id: comment.id }
  const { data: eyes } = await octokit.reactions.createForIssueComment({ ...on, content: 'eyes' })
  expect((await octokit.reactions.listForIssueComment(on)).data).toEqual([eyes])
  await octokit.reactions.deleteForIssueComment({ ...on, reaction_id: eyes.id })
  expect((await octokit.issues.getComment(on)).data.reactions?.total_count).toBe(0)
})

it('assigns who can be assigned', async () => {
  const one = { ...at, issue_number: await newIssue('Who?') }
  await fixture.as('eve')
  expect((await octokit.issues.listAssignees(at)).data.map(({ login }) => login)).toEqual(['ann', 'bob'])
  expect((await octokit.issues.checkUserCanBeAssigned({ ...at, assignee: 'bob' })).status).toBe(204)
  expect((await octokit.issues.checkUserCanBeAssignedToIssue({ ...one, assignee: 'ann' })).status).toBe(204)
  const { data } = await octokit.issues.addAssignees({ ...one, assignees: ['bob', 'ann', 'eve'] })
  expect(data.assignees?.map(({ login }) => login)).toEqual(['bob', 'ann'])
  const { data: left } = await octokit.issues.removeAssignees({ ...one, assignees: ['bob'] })
  expect(left.assignee?.login).toBe('ann')
})

it('keeps the labels of a repository and of its issues', async () => {
  const one = { ...at, issue_number: await newIssue('Labels') }
  const names = (labels: ReadonlyArray<{ name: string }>) => labels.map(({ name }) => name)
  expect(names((await octokit.issues.listLabelsForRepo({ ...at, per_page: 3 })).data)).toEqual([
    'bug',
    'documentation',
    'duplicate',
  ])
  await octokit.issues.createLabel({ ...at, name: 'späte Züge', color: 'abcdef' })
  expect((await octokit.issues.getLabel({ ...at, name: 'späte Züge' })).data.default).toBe(false)
  expect(names((await octokit.issues.addLabels({ ...one, labels: ['bug', 'späte Züge'] })).data)).toHaveLength(2)
  const { data: renamed } = await octokit.issues.updateLabel({
    ...at,
    name: 'späte Züge',
    new_name: 'late',
    color: '00ff00',
  })
  expect(renamed).toMatchObject({ name: 'late', color: '00ff00' })
  expect(names((await octokit.issues.listLabelsOnIssue(one)).data)).toEqual(['bug', 'late'])
  expect(names((await octokit.issues.removeLabel({ ...one, name: 'bug' })).data)).toEqual(['late'])
  expect(names((await octokit.issues.setLabels({ ...one, labels: ['question'] })).data)).toEqual(['question'])
  await octokit.issues.deleteLabel({ ...at, name: 'question' })
  expect((await octokit.issues.listLabelsOnIssue(one)).data).toEqual([])
  await octokit.issues.addLabels({ ...one, labels: ['late'] })
  await octokit.issues.removeAllLabels(one)
  expect((await octokit.issues.get(one)).data.labels).toEqual([])
})

it('counts what is open and closed in a milestone, and lists the labels used there', async () => {
  const { data: made } = await octokit.issues.createMilestone({ ...at, title: 'v2' })
  const milestone_number = made.number
  const issue_number = await newIssue('In v2', { milestone: milestone_number, labels: ['bug'] })
  await octokit.issues.update({ ...at, issue_number, state: 'closed' })
  const { data: shown } = await octokit.issues.getMilestone({ ...at, milestone_number })
  expect(shown).toMatchObject({ open_issues: 0, closed_issues: 1 })
  const labels = await octokit.issues.listLabelsForMilestone({ ...at, milestone_number })
  expect(labels.data).toMatchObject([{ name: 'bug' }])
  const { data: closed } = await octokit.issues.updateMilestone({
    ...at,
    milestone_number,
    state: 'closed',
    title: 'V2',
  })
  expect(closed).toMatchObject({ title: 'V2', state: 'closed', closed_at: expect.any(String) })
  const { data: listed } = await octokit.issues.listMilestones({
    ...at,
    state: 'all',
    sort: 'completeness',
    direction: 'desc',
  })
  expect(listed[0]?.title).toBe('V2')
  await octokit.issues.deleteMilestone({ ...at, milestone_number })
  expect((await octokit.issues.get({ ...at, issue_number })).data.milestone).toBeNull()
})

it('locks and unlocks a conversation', async () => {
  const one = { ...at, issue_number: await newIssue('Heated') }
  await octokit.issues.lock({ ...one, lock_reason: 'too heated' })
  expect((await octokit.issues.get(one)).data).toMatchObject({ locked: true, active_lock_reason: 'too heated' })
  await octokit.issues.unlock(one)
  expect((await octokit.issues.get(one)).data.locked).toBe(false)
  const { data: history } = await octokit.issues.listEvents(one)
  expect(history).toMatchObject([{ event: 'locked', lock_reason: 'too heated' }, { event: 'unlocked' }])
})
