import { expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { createProposals } from '../proposals.ts'

const fixture = await createFixture()
const { octokit, owner, repo } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')
const { commit, branch, propose } = createProposals(octokit, at)
const lines = (count: number, changed: Record<number, string> = {}) =>
  Array.from({ length: count }, (_, index) => `${changed[index + 1] ?? `line ${index + 1}`}\n`).join('')
await commit('main', 'train.py', lines(30))

it('opens, shows, changes and lists pull requests', async () => {
  const { number, one, sha } = await propose('rate', 'train.py', lines(30, { 3: 'rate = 0.1' }))
  const { data: shown } = await octokit.pulls.get(one)
  expect(shown).toMatchObject({
    ...{ number, state: 'open', merged: false, mergeable: true, mergeable_state: 'clean', draft: false },
    ...{ commits: 1, additions: 1, deletions: 1, changed_files: 1, comments: 0, review_comments: 0 },
    head: { ref: 'rate', sha, label: 'acme:rate' },
    base: { ref: 'main' },
  })
  const { data: asIssue } = await octokit.issues.get({ ...at, issue_number: number })
  expect(asIssue.pull_request?.url).toBe(shown.url)
  expect(asIssue.id).not.toBe(shown.id)
  const { data: files } = await octokit.pulls.listFiles(one)
  expect(files).toMatchObject([{ filename: 'train.py', status: 'modified', changes: 2 }])
  expect((await octokit.pulls.listCommits(one)).data).toMatchObject([{ sha }])
  const { data: changed } = await octokit.pulls.update({ ...one, title: 'Learn slower', body: 'Slower.' })
  expect(changed).toMatchObject({ title: 'Learn slower', body: 'Slower.' })
  await octokit.pulls.update({ ...one, state: 'closed' })
  expect((await octokit.pulls.list({ ...at, state: 'closed' })).data).toMatchObject([{ number }])
  expect((await octokit.pulls.update({ ...one, state: 'open' })).data).toMatchObject({ state: 'open', mergeable: true })
  expect((await octokit.pulls.list({ ...at, head: 'acme:rate', base: 'main' })).data).toMatchObject([{ number }])
})

it('merges with a commit that has both parents', async () => {
  const { number, one, sha } = await propose('by-merge', 'a.txt', 'a')
  await expect(octokit.pulls.checkIfMerged(one)).rejects.toMatchObject({ status: 404 })
  const { data } = await octokit.pulls.merge({ ...one, sha })
  expect((await octokit.pulls.checkIfMerged(one)).status).toBe(204)
  const { data: made } = await octokit.repos.getCommit({ ...at, ref: data.sha })
  expect(made.commit.message).toBe(`Merge pull request #${number} from acme/by-merge\n\nby-merge`)
  expect(made.parents).toHaveLength(2)
})

it('squashes all commits into one', async () => {
  const { number, one } = await propose('by-squash', 'b.txt', 'b')
  await commit('by-squash', 'b.txt', 'bb', 'More of it')
  const { data } = await octokit.pulls.merge({ ...one, merge_method: 'squash' })
  const { data: made } = await octokit.repos.getCommit({ ...at, ref: data.sha })
  expect(made.commit.message).toBe(`by-squash (#${number})\n\n* Work on by-squash\n\n* More of it`)
  expect(made.parents).toHaveLength(1)
})

it('rebases the commits onto the base', async () => {
  const { number, one } = await propose('by-rebase', 'c.txt', 'c')
  await octokit.pulls.merge({ ...one, merge_method: 'rebase' })
  expect((await octokit.pulls.get(one)).data).toMatchObject({ merged: true, merged_by: { login: 'ann' } })
  const { data: history } = await octokit.issues.listEvents({ ...at, issue_number: number })
  expect(history.map(({ event }) => event)).toEqual(['merged', 'closed'])
})

it('brings a branch up to date with its base', async () => {
  const { one } = await propose('behind', 'd.txt', 'd')
  const base = await commit('main', 'README.md', 'Meanwhile')
  const { data: before } = await octokit.pulls.get(one)
  const { data } = await octokit.pulls.updateBranch({ ...one, expected_head_sha: before.head.sha })
  expect(data.message).toBe('Updating pull request branch.')
  const { data: after } = await octokit.pulls.get(one)
  expect(after.commits).toBe(2)
  const { data: tip } = await octokit.repos.getCommit({ ...at, ref: after.head.sha })
  expect(tip.commit.message).toBe("Merge branch 'main' into behind")
  expect(tip.parents.map(({ sha }) => sha)).toEqual([before.head.sha, base])
})

it('asks people and teams for reviews, and forgets who has given one', async () => {
  await octokit.teams.create({ org: owner, name: 'Owners', repo_names: [`${owner}/${repo}`] })
  const { one } = await propose('reviewed', 'e.txt', 'e')
  const { data } = await octokit.pulls.requestReviewers({ ...one, reviewers: ['bob'], team_reviewers: ['owners'] })
  expect(data).toMatchObject({ requested_reviewers: [{ login: 'bob' }], requested_teams: [{ slug: 'owners' }] })
  await bob.pulls.createReview({ ...one, event: 'APPROVE' })
  expect((await octokit.pulls.listRequestedReviewers(one)).data).toMatchObject({
    users: [],
    teams: [{ name: 'Owners' }],
  })
  const { data: left } = await octokit.pulls.removeRequestedReviewers({
    ...one,
    reviewers: [],
    team_reviewers: ['owners'],
  })
  expect(left.requested_teams).toEqual([])
})

it('keeps reviews pending until they are submitted, and dismisses them', async () => {
  const { one, sha } = await propose('pending', 'train.py', lines(30, { 10: 'tenth' }))
  const comments = [{ path: 'train.py', line: 10, side: 'RIGHT', body: 'Why?' }]
  const { data: pending } = await bob.pulls.createReview({ ...one, commit_id: sha, body: 'Hm', comments })
  expect(pending).toMatchObject({ state: 'PENDING', user: { login: 'bob' } })
  expect(pending).not.toHaveProperty('submitted_at')
  expect((await octokit.pulls.listReviews(one)).data).toEqual([])
  expect((await octokit.pulls.listReviewComments(one)).data).toEqual([])
  const review = { ...one, review_id: pending.id }
  expect((await bob.pulls.updateReview({ ...review, body: 'Hmm' })).data.body).toBe('Hmm')
  const { data: given } = await bob.pulls.submitReview({ ...review, event: 'REQUEST_CHANGES' })
  expect(given).toMatchObject({ state: 'CHANGES_REQUESTED', body: 'Hmm', commit_id: sha })
  const { data: said } = await octokit.pulls.listCommentsForReview(review)
  expect(said).toMatchObject([{ body: 'Why?', position: 5, pull_request_review_id: pending.id }])
  const { data: dismissed } = await octokit.pulls.dismissReview({ ...review, message: 'It is needed' })
  expect(dismissed.state).toBe('DISMISSED')
  expect((await octokit.pulls.getReview(review)).data.state).toBe('DISMISSED')

  const { data: second } = await bob.pulls.createReview(one)
  expect((await bob.pulls.deletePendingReview({ ...one, review_id: second.id })).data.id).toBe(second.id)
  expect((await octokit.pulls.listReviews(one)).data).toHaveLength(1)
})

it('keeps comments on lines of the diff, with replies, which follow their lines', async () => {
  const { one, sha } = await propose('lines', 'train.py', lines(30, { 5: 'fifth', 25: 'twenty-fifth' }))
  const place = { path: 'train.py', commit_id: sha }
  const { data: first } = await bob.pulls.createReviewComment({ ...one, ...place, line: 25, body: 'Odd' })
  expect(first).toMatchObject({ line: 25, side: 'RIGHT', position: 14, subject_type: 'line' })
  expect(first.diff_hunk).toMatch(/^@@ -22,7 \+22,7 @@.*\n\+twenty-fifth$/s)
  const range = { start_line: 4, start_side: 'RIGHT', line: 5, side: 'LEFT' } as const
  const { data: old } = await bob.pulls.createReviewComment({ ...one, ...place, ...range, body: 'Was better' })
  expect(old).toMatchObject({ start_line: 4, line: 5, side: 'LEFT' })
  const whole = { ...one, ...place, subject_type: 'file', body: 'All of it' } as const
  expect((await bob.pulls.createReviewComment(whole)).data).toMatchObject({ subject_type: 'file' })
  const { data: reply } = await octokit.pulls.createReplyForReviewComment({ ...one, comment_id: first.id, body: 'Yes' })
  expect(reply).toMatchObject({ in_reply_to_id: first.id, path: 'train.py', line: 25 })

  const comment = { ...at, comment_id: first.id }
  expect((await bob.pulls.updateReviewComment({ ...comment, body: 'Strange' })).data.body).toBe('Strange')
  const { data: rocket } = await octokit.reactions.createForPullRequestReviewComment({ ...comment, content: 'rocket' })
  expect((await octokit.reactions.listForPullRequestReviewComment(comment)).data).toEqual([rocket])
  await octokit.reactions.deleteForPullRequestComment({ ...comment, reaction_id: rocket.id })

  const head = await commit('lines', 'train.py', `new\n${lines(30, { 5: '5th', 25: 'twenty-fifth' })}`)
  expect((await octokit.pulls.getReviewComment(comment)).data).toMatchObject({
    ...{ line: 26, original_line: 25, commit_id: head, original_commit_id: sha },
  })
  expect(
    (await octokit.pulls.listReviewCommentsForRepo({ ...at, sort: 'created', direction: 'desc' })).data[0]?.id,
  ).toBe(reply.id)
  expect((await octokit.pulls.listReviewComments(one)).data).toHaveLength(4)
  await octokit.pulls.deleteReviewComment(comment)
  expect((await octokit.pulls.get(one)).data.review_comments).toBe(3)
})

it('opens pull requests from forks, whose branch the base’s people may push to', async () => {
  const eve = await fixture.as('eve')
  const { data: fork } = await eve.repos.createFork(at)
  expect(fork.full_name).toBe('eve/model')
  const theirs = { owner: 'eve', repo: 'model' }
  const content = Buffer.from('from eve').toString('base64')
  await eve.repos.createOrUpdateFileContents({ ...theirs, path: 'eve.txt', message: 'Mine', content, branch: 'main' })
  const { data } = await eve.pulls.create({ ...at, title: 'From a fork', head: 'eve:main', base: 'main' })
  expect(data).toMatchObject({ head: { label: 'eve:main', repo: { fork: true } }, maintainer_can_modify: true })
  expect(data.author_association).toBe('NONE')
})

it('makes a pull request of an issue', async () => {
  const { data: issue } = await octokit.issues.create({ ...at, title: 'Do it', body: 'Please', labels: ['bug'] })
  await branch('do-it')
  const { data } = await octokit.pulls.create({ ...at, issue: issue.number, head: 'do-it', base: 'main' })
  expect(data).toMatchObject({ number: issue.number, title: 'Do it', body: 'Please', labels: [{ name: 'bug' }] })
})

it('shows a pull request whose head has no history in common with its base any more', async () => {
  const { one, sha } = await propose('orphan')
  const { data: old } = await octokit.git.getCommit({ ...at, commit_sha: sha })
  const { data: made } = await octokit.git.createCommit({ ...at, message: 'Alone', tree: old.tree.sha, parents: [] })
  await octokit.git.updateRef({ ...at, ref: 'heads/orphan', sha: made.sha, force: true })
  expect((await octokit.pulls.get(one)).data).toMatchObject({ mergeable: false, head: { sha: made.sha } })
  expect((await octokit.pulls.listFiles(one)).data).toMatchObject([{ filename: 'orphan.txt' }])
})
