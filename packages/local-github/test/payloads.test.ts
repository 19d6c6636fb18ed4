import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { checkPayload } from './contract.ts'
import { createFixture } from './fixture.ts'
import { createProposals } from './proposals.ts'

const EVENTS: Record<string, string[]> = {
  issues: ['opened', 'edited', 'closed', 'labeled', 'assigned', 'milestoned'],
  issue_comment: ['created', 'edited', 'deleted'],
  label: ['created', 'edited', 'deleted'],
  milestone: ['created', 'edited', 'closed', 'opened', 'deleted'],
  pull_request: ['opened', 'edited', 'closed', 'review_requested'],
  pull_request_review: ['submitted', 'dismissed'],
  pull_request_review_comment: ['created', 'edited'],
}

const fixture = await createFixture()
const { octokit, owner, repo, github, root } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')
const { commit, propose } = createProposals(octokit, at)

// Runs that start no job: what they were told is in the store.
const on = Object.entries(EVENTS).map(([event, types]) => `${event}: { types: [${types.join(', ')}] }`)
const job = '{ if: false, runs-on: ubuntu-latest, steps: [{ run: echo }] }'
await commit('main', '.github/workflows/all.yml', `on: { ${on.join(', ')} }\njobs: { none: ${job} }\n`)

await octokit.issues.createLabel({ ...at, name: 'late', color: 'ff0000' })
await octokit.issues.updateLabel({ ...at, name: 'late', new_name: 'later' })
const { data: milestone } = await octokit.issues.createMilestone({ ...at, title: 'June' })
const { data: issue } = await octokit.issues.create({ ...at, title: 'A', labels: ['later'], assignees: ['bob'] })
const one = { ...at, issue_number: issue.number }
await octokit.issues.update({ ...one, title: 'B', body: 'b', milestone: milestone.number, state: 'closed' })
const { data: comment } = await octokit.issues.createComment({ ...one, body: 'a' })
await octokit.issues.updateComment({ ...at, comment_id: comment.id, body: 'b' })
await octokit.issues.deleteComment({ ...at, comment_id: comment.id })
const june = { ...at, milestone_number: milestone.number }
await octokit.issues.updateMilestone({ ...june, title: 'July', state: 'closed' })
await octokit.issues.updateMilestone({ ...june, state: 'open' })
await octokit.issues.deleteMilestone(june)

const { sha, ...pull } = await propose('work', 'a.txt', 'a\n')
await octokit.pulls.update({ ...pull.one, title: 'Work', body: 'Hard' })
await octokit.issues.addLabels({ ...at, issue_number: pull.number, labels: ['later'] })
await octokit.issues.deleteLabel({ ...at, name: 'later' })
await octokit.pulls.requestReviewers({ ...pull.one, reviewers: ['bob'] })
const { data: review } = await bob.pulls.createReview({ ...pull.one, event: 'APPROVE', body: 'Good' })
const given = { ...pull.one, review_id: review.id }
await octokit.pulls.dismissReview({ ...given, message: 'Too early' })
const place = { path: 'a.txt', line: 1, commit_id: sha }
const { data: line } = await bob.pulls.createReviewComment({ ...pull.one, ...place, body: 'a?' })
await bob.pulls.updateReviewComment({ ...at, comment_id: line.id, body: 'a!' })
await octokit.pulls.update({ ...pull.one, state: 'closed' })
await github.idle()

/** From a copy: the server holds its file for itself. */
async function readRuns() {
  for (const end of ['', '-wal']) await cp(join(root, `server/local-github.sqlite${end}`), join(root, `copy${end}`))
  const store = new DatabaseSync(join(root, 'copy'))
  const rows = store.prepare("SELECT json FROM row WHERE kind = 'runs'").all()
  store.close()
  return rows.map(({ json }) => JSON.parse(String(json)) as { event: string; payload: { action: string } })
}

const runs = await readRuns()

it.each(Object.entries(EVENTS))('tells workflows of %s what GitHub tells them', (event, types) => {
  const payloads = runs.filter((run) => run.event === event).map(({ payload }) => payload)
  for (const payload of payloads) checkPayload(`${event}.${payload.action}`, payload)
  expect([...new Set(payloads.map(({ action }) => action))].sort()).toEqual([...types].sort())
})
