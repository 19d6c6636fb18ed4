import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { createProposals } from '../proposals.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, push } = fixture
const at = { owner, repo }
const bob = await fixture.as('bob')
const { commit, branch, propose } = createProposals(octokit, at)
const numbered = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`)
const changed = (line: number, text: string) =>
  numbered.map((old, index) => (index + 1 === line ? `${text}\n` : old)).join('')
await commit('main', 'train.py', numbered.join(''))

// Those that only are refused something go to a branch that rests, so that main has few to follow it.
const quiet = { base: 'quiet' }
await branch('quiet')
const shared = await propose('shared', 'train.py', changed(10, 'tenth'), quiet)

const because = (message: string) => ({
  status: 422,
  body: { errors: [{ resource: 'PullRequest', code: 'custom', message }] },
})
const sentence = (text: string) => ({ status: 422, body: { message: 'Unprocessable Entity', errors: [text] } })

it('pulls/no-commits', async () => {
  const { data: main } = await octokit.git.getRef({ ...at, ref: 'heads/main' })
  await octokit.git.createRef({ ...at, ref: 'refs/heads/empty', sha: main.object.sha })
  const asked = octokit.pulls.create({ ...at, head: 'empty', base: 'main', title: 'Empty' })
  expect(await refusal(asked)).toMatchObject(because('No commits between main and empty'))
})

it('pulls/one-for-branches', async () => {
  const asked = octokit.pulls.create({ ...at, head: 'shared', ...quiet, title: 'Again' })
  expect(await refusal(asked)).toMatchObject(because('A pull request already exists for acme:shared.'))
})

it('pulls/head-moved', async () => {
  const { one } = await propose('moves', undefined, undefined, quiet)
  expect(await refusal(octokit.pulls.merge({ ...one, sha: shared.sha }))).toMatchObject({
    status: 409,
    body: { message: 'Head branch was modified. Review and try the merge again.' },
  })
})

it('pulls/draft-merge', async () => {
  const { one } = await propose('draft', undefined, undefined, { ...quiet, draft: true })
  expect((await octokit.pulls.get(one)).data).toMatchObject({ draft: true, mergeable_state: 'draft' })
  const still = { status: 405, body: { message: 'Pull Request is still a draft' } }
  expect(await refusal(octokit.pulls.merge(one))).toMatchObject(still)
})

it('pulls/method-switched-off', async () => {
  const { one } = await propose('only-merges', undefined, undefined, quiet)
  await octokit.repos.update({ ...at, allow_squash_merge: false })
  const merge = refusal(octokit.pulls.merge({ ...one, merge_method: 'squash' }))
  const body = { message: 'Squash merges are not allowed on this repository.' }
  expect(await merge).toMatchObject({ status: 405, body })
  await octokit.repos.update({ ...at, allow_squash_merge: true })
})

it('pulls/not-mergeable', async () => {
  const { one } = await propose('theirs', 'train.py', changed(2, 'theirs'))
  await commit('main', 'train.py', changed(2, 'ours'))
  expect((await octokit.pulls.get(one)).data).toMatchObject({
    ...{ mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null },
  })
  expect(await refusal(octokit.pulls.merge(one))).toMatchObject({ status: 405 })
})

it('pulls/own-approval', async () => {
  const asked = octokit.pulls.createReview({ ...shared.one, event: 'APPROVE' })
  expect(await refusal(asked)).toMatchObject(sentence('Can not approve your own pull request'))
})

/** A review of bob’s that is not submitted, gone after what is done beside it. */
async function besidePending(work: () => Promise<void>): Promise<void> {
  const { data } = await bob.pulls.createReview(shared.one)
  await work()
  await bob.pulls.deletePendingReview({ ...shared.one, review_id: data.id })
}

it('pulls/one-pending', () =>
  besidePending(async () => {
    const asked = bob.pulls.createReview({ ...shared.one, event: 'APPROVE' })
    expect(await refusal(asked)).toMatchObject(sentence('User can only have one pending review per pull request'))
  }))

const onLine = (line: number) => ({ ...shared.one, path: 'train.py', commit_id: shared.sha, line, body: 'Why?' })

it('pulls/reply-while-pending', () =>
  besidePending(async () => {
    expect(await refusal(bob.pulls.createReviewComment(onLine(10)))).toMatchObject({
      status: 422,
      body: { errors: [{ resource: 'PullRequestReview', code: 'custom', field: 'user_id' }] },
    })
  }))

it('pulls/pending-hidden', () =>
  besidePending(async () => {
    const seen = async (who: typeof bob) =>
      (await who.pulls.listReviews(shared.one)).data.filter(({ state }) => state === 'PENDING').length
    expect([await seen(octokit), await seen(bob)]).toEqual([0, 1])
  }))

it('pulls/line-outside', async () => {
  expect(await refusal(bob.pulls.createReviewComment(onLine(2)))).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'pull_request_review_thread.line', message: 'could not be resolved' }] },
  })
  const before = (await bob.pulls.listReviewComments(shared.one)).data.length
  const [good, bad] = [10, 2].map((line) => ({ path: 'train.py', line, body: 'Why?' }))
  const asked = bob.pulls.createReview({ ...shared.one, event: 'COMMENT', comments: [good!, bad!] })
  expect(await refusal(asked)).toMatchObject(sentence('Line could not be resolved'))
  expect((await bob.pulls.listReviewComments(shared.one)).data).toHaveLength(before)
})

it('pulls/submitted-stays', async () => {
  const { data } = await bob.pulls.createReview({ ...shared.one, event: 'COMMENT', body: 'Hm' })
  const asked = bob.pulls.deletePendingReview({ ...shared.one, review_id: data.id })
  expect(await refusal(asked)).toMatchObject(sentence('Can not delete a non-pending pull request review'))
})

it('pulls/dismissal', async () => {
  const { data } = await bob.pulls.createReview({ ...shared.one, event: 'APPROVE' })
  const given = { ...shared.one, review_id: data.id, message: 'Stale' }
  await octokit.pulls.dismissReview(given)
  const again = refusal(octokit.pulls.dismissReview(given))
  expect(await again).toMatchObject(sentence('Can not dismiss a dismissed pull request review'))
})

it('pulls/review-words', async () => {
  expect((await refusal(bob.pulls.createReview({ ...shared.one, event: 'REQUEST_CHANGES' }))).status).toBe(422)
})

it('pulls/request-author', async () => {
  expect(await refusal(bob.pulls.requestReviewers({ ...shared.one, reviewers: ['ann'] }))).toMatchObject({
    status: 422,
    body: { message: 'Review cannot be requested from pull request author.' },
  })
})

it('pulls/request-stranger', async () => {
  await fixture.as('eve')
  expect(await refusal(octokit.pulls.requestReviewers({ ...shared.one, reviewers: ['eve'] }))).toMatchObject({
    status: 422,
    body: { message: expect.stringContaining('Reviews may only be requested from collaborators.') },
  })
})

it('pulls/request-answered', async () => {
  await octokit.pulls.requestReviewers({ ...shared.one, reviewers: ['bob'] })
  await bob.pulls.createReview({ ...shared.one, event: 'COMMENT', body: 'Hm' })
  expect((await octokit.pulls.listRequestedReviewers(shared.one)).data.users).toEqual([])
})

it('pulls/branch-gone', async () => {
  const { one } = await propose('gone', undefined, undefined, quiet)
  await octokit.git.deleteRef({ ...at, ref: 'heads/gone' })
  expect((await octokit.pulls.get(one)).data).toMatchObject({ state: 'closed', merged: false })
  const refused = because('state cannot be changed. The gone branch has been deleted.')
  expect(await refusal(octokit.pulls.update({ ...one, state: 'open' }))).toMatchObject(refused)
})

it('pulls/merged-by-push', async () => {
  const { one } = await propose('pushed')
  await git('fetch', '-q')
  await git('switch', '-q', '-C', 'main', 'origin/main')
  await git('merge', '-q', '--no-ff', '--no-edit', 'origin/pushed')
  await push('And more')
  expect((await octokit.pulls.get(one)).data).toMatchObject({ merged: true, merged_by: { login: 'ann' } })
})

it('pulls/owners-asked', async () => {
  await commit('main', 'CODEOWNERS', '*.cfg @bob\n')
  const { one } = await propose('owned', 'a.cfg', 'a')
  expect((await octokit.pulls.listRequestedReviewers(one)).data.users).toMatchObject([{ login: 'bob' }])
  await commit('main', 'CODEOWNERS', '\n')
})

it('pulls/owners-draft', async () => {
  await commit('main', 'CODEOWNERS', '*.cfg @bob\n')
  const { one } = await propose('owned-draft', 'b.cfg', 'b', { draft: true })
  expect((await octokit.pulls.listRequestedReviewers(one)).data.users).toEqual([])
  await commit('main', 'CODEOWNERS', '\n')
})

it('pulls/up-to-date', async () => {
  const { one } = await propose('fresh')
  expect((await octokit.pulls.get(one)).data.mergeable_state).toBe('clean')
  expect(await refusal(octokit.pulls.updateBranch(one))).toMatchObject({
    status: 422,
    body: { message: 'There are no new commits on the base branch.' },
  })
})

it('pulls/head-deleted-by-merge', async () => {
  await octokit.repos.update({ ...at, delete_branch_on_merge: true })
  const { one } = await propose('short-lived')
  await octokit.pulls.merge(one)
  await octokit.repos.update({ ...at, delete_branch_on_merge: false })
  expect(await refusal(octokit.git.getRef({ ...at, ref: 'heads/short-lived' }))).toMatchObject({ status: 404 })
  expect((await octokit.pulls.get(one)).data.merged).toBe(true)
})

it('pulls/squash-of-one', async () => {
  const { number, one } = await propose('single')
  const { data } = await octokit.pulls.merge({ ...one, merge_method: 'squash' })
  const { data: made } = await octokit.git.getCommit({ ...at, commit_sha: data.sha })
  expect(made.message).toBe(`Work on single (#${number})`)
})

it('pulls/outdated-comment', async () => {
  const { one, sha } = await propose('outdated', 'train.py', changed(18, 'odd'))
  const place = { path: 'train.py', commit_id: sha, line: 18 }
  const { data } = await bob.pulls.createReviewComment({ ...one, ...place, body: 'Odd' })
  await commit('outdated', 'train.py', changed(18, 'even'))
  expect((await octokit.pulls.getReviewComment({ ...at, comment_id: data.id })).data).toMatchObject({
    ...{ line: null, position: null, original_line: 18, commit_id: sha },
  })
})

/** A workflow of the default branch whose runs start no job. */
const workflow = (on: string) =>
  commit(
    'main',
    `.github/workflows/${on}.yml`,
    `on: ${on}\njobs: { none: { if: false, runs-on: x, steps: [{ run: a }] } }\n`,
  )

async function runsFor(event: string, head_branch: string) {
  await github.idle()
  const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, event })
  return data.workflow_runs.filter((run) => run.head_branch === head_branch)
}

it('pulls/conflict-no-run', async () => {
  await workflow('pull_request')
  await workflow('pull_request_target')
  await branch('clashing', 'train.py', changed(2, 'clash'))
  await commit('main', 'train.py', changed(2, 'main'))
  await octokit.pulls.create({ ...at, head: 'clashing', base: 'main', title: 'Clash' })
  expect(await runsFor('pull_request', 'clashing')).toEqual([])
  expect(await runsFor('pull_request_target', 'clashing')).toHaveLength(1)
})

it('pulls/target-is-default', async () => {
  await branch('release')
  await workflow('pull_request_target')
  await propose('to-release', undefined, undefined, { base: 'release' })
  expect(await runsFor('pull_request_target', 'to-release')).toHaveLength(1)
})

it('pulls/token-opens-none', async () => {
  await branch('work')
  const job = connect(github.apiUrl, github.createJobToken('acme/model', { 'pull-requests': 'write' }))
  const open = () => job.pulls.create({ ...at, head: 'work', base: 'main', title: 'Work' })
  expect(await refusal(open())).toMatchObject({
    status: 403,
    body: { message: 'GitHub Actions is not permitted to create or approve pull requests.' },
  })
  const settings = { default_workflow_permissions: 'read', can_approve_pull_request_reviews: true } as const
  await octokit.actions.setGithubActionsDefaultWorkflowPermissionsRepository({ ...at, ...settings })
  expect((await open()).data.user.login).toBe('github-actions[bot]')
})
