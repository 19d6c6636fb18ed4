import { describe, expect, it } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal } from '../semantics/support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, git, push, write } = fixture
const at = { owner, repo }
const { repos } = octokit

describe('commits', () => {
  it('are listed by path, author and time, a page at a time', async () => {
    await write('model.py', 'one\n')
    const first = await push('Model')
    await git(
      '-c',
      'user.name=Eve',
      '-c',
      'user.email=eve@example.com',
      'commit',
      '-q',
      '--allow-empty',
      '-m',
      'By Eve',
    )
    await git('push', '-q', 'origin', 'HEAD:refs/heads/main')
    const messages = async (filter: object) =>
      (await repos.listCommits({ ...at, ...filter })).data.map(({ commit }) => commit.message)
    expect(await messages({})).toEqual(['By Eve', 'Model', 'First'])
    expect(await messages({ path: 'model.py' })).toEqual(['Model'])
    expect(await messages({ path: ':(glob)*' })).toEqual([])
    expect(await messages({ author: 'ann' })).toEqual(['Model', 'First'])
    expect(await messages({ author: 'eve@example.com' })).toEqual(['By Eve'])
    expect(await messages({ sha: first, per_page: 1, page: 2 })).toEqual(['First'])
    expect(await messages({ until: '2001-01-01T00:00:00Z' })).toEqual([])
    expect((await refusal(repos.listCommits({ ...at, sha: '--all' }))).status).toBe(404)
  })

  it('are shown with their files, as JSON, diff or patch', async () => {
    await git('mv', 'README.md', 'READ ME.md')
    await write('model.py', 'one\ntwo\n')
    await write('blob.bin', 'a\0b')
    const sha = await push('Many changes')
    const { data } = await repos.getCommit({ ...at, ref: sha })
    expect(data.files).toMatchObject([
      { filename: 'READ ME.md', status: 'renamed', previous_filename: 'README.md', changes: 0 },
      { filename: 'blob.bin', status: 'added', additions: 0 },
      { filename: 'model.py', status: 'modified', additions: 1, deletions: 0, patch: '@@ -1 +1,2 @@\n one\n+two' },
    ])
    expect(data.stats).toEqual({ additions: 1, deletions: 0, total: 1 })
    expect(data.files![1]!.patch).toBeUndefined()
    const as = async (format: string) =>
      (await repos.getCommit({ ...at, ref: sha, mediaType: { format } })).data as unknown
    expect(await as('diff')).toMatch(/^diff --git .*rename to READ ME\.md/s)
    expect(await as('patch')).toMatch(/^From [0-9a-f]{40} .*Subject: \[PATCH\] Many changes/s)
    expect(await as('sha')).toBe(sha)
    expect((await refusal(repos.getCommit({ ...at, ref: 'none' }))).body).toMatchObject({
      message: 'No commit found for SHA: none',
    })
  })

  it('name the branches whose heads they are, and the pull requests that bring them', async () => {
    await write('topic.txt', 'x')
    const sha = await push('Topic', 'topic')
    const { data: pull } = await octokit.pulls.create({ ...at, title: 'Topic', head: 'topic', base: 'main' })
    const { data } = await repos.listBranchesForHeadCommit({ ...at, commit_sha: sha })
    expect(data.map(({ name }) => name)).toEqual(['topic'])
    const pulls = await repos.listPullRequestsAssociatedWithCommit({ ...at, commit_sha: sha })
    expect(pulls.data.map(({ number }) => number)).toEqual([pull.number])
  })
})

describe('comparisons', () => {
  it('say how far two commits are apart', async () => {
    const compare = async (basehead: string) => (await repos.compareCommitsWithBasehead({ ...at, basehead })).data
    expect(await compare('main...topic')).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      behind_by: 0,
      files: [{ filename: 'topic.txt' }],
      commits: [{ commit: { message: 'Topic' } }],
    })
    expect(await compare('topic...main')).toMatchObject({ status: 'behind', behind_by: 1, files: [] })
    expect((await compare('main...main')).status).toBe('identical')
    await git('checkout', '-q', '-b', 'away', 'HEAD~1')
    await push('Away', 'away')
    const old = await octokit.request('GET /repos/{owner}/{repo}/compare/{base}...{head}', {
      ...at,
      base: 'topic',
      head: 'away',
    })
    expect(old.data.status).toBe('diverged')
    expect((await refusal(compare('main...none'))).status).toBe(404)
    expect((await refusal(compare('main..topic'))).status).toBe(404)
  })

  it('reach into forks', async () => {
    const carl = await fixture.as('carl')
    await carl.repos.createFork(at)
    const readme = { path: 'c.txt', message: 'C', content: Buffer.from('c').toString('base64'), branch: 'main' }
    await carl.repos.createOrUpdateFileContents({ owner: 'carl', repo, ...readme })
    const { data } = await repos.compareCommitsWithBasehead({ ...at, basehead: 'main...carl:main' })
    expect(data).toMatchObject({ status: 'ahead', files: [{ filename: 'c.txt' }] })
  })
})

describe('comments on commits', () => {
  it('are made, changed, reacted to and taken away', async () => {
    const sha = (await repos.getBranch({ ...at, branch: 'topic' })).data.commit.sha
    const place = { path: 'topic.txt', position: 1 }
    const { data: made } = await repos.createCommitComment({ ...at, commit_sha: sha, body: 'Good', ...place })
    expect(made).toMatchObject({ commit_id: sha, path: 'topic.txt', position: 1, author_association: 'MEMBER' })
    const one = { ...at, comment_id: made.id }
    expect((await repos.updateCommitComment({ ...one, body: 'Better' })).data.body).toBe('Better')
    const reaction = await octokit.reactions.createForCommitComment({ ...one, content: 'rocket' })
    expect((await octokit.reactions.listForCommitComment(one)).data).toHaveLength(1)
    expect((await repos.getCommitComment(one)).data.reactions).toMatchObject({ rocket: 1, total_count: 1 })
    await octokit.reactions.deleteForCommitComment({ ...one, reaction_id: reaction.data.id })
    expect((await repos.listCommentsForCommit({ ...at, commit_sha: sha })).data).toHaveLength(1)
    expect((await repos.listCommitCommentsForRepo(at)).data.map(({ id }) => id)).toEqual([made.id])
    const dora = await fixture.as('dora')
    expect((await refusal(dora.repos.updateCommitComment({ ...one, body: 'Mine' }))).status).toBe(403)
    await repos.deleteCommitComment(one)
    expect((await refusal(repos.getCommitComment(one))).status).toBe(404)
  })
})
