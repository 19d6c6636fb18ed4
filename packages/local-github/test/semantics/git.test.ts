import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, write, push, cloneUrl } = fixture
const at = { owner, repo }
const jobToken = github.createJobToken('acme/model', { contents: 'write' })
const job = connect(github.apiUrl, jobToken)
const first = await git('rev-parse', 'HEAD')
await write('.github/workflows/ci.yml', 'on: workflow_dispatch\njobs: {}\n')
const flow = await push('Workflow')
await write('.github/workflows/ci.yml', 'on: workflow_dispatch\njobs: { }\n')
await push('Changed')

const message = async (call: Promise<unknown>) => ((await refusal(call)).body as { message: string }).message

it('git/no-old-workflows-for-a-job', async () => {
  const old = { ...at, ref: 'refs/tags/old', sha: flow }
  expect(await refusal(job.git.createRef(old))).toMatchObject({
    status: 403,
    body: { message: 'Resource not accessible by integration' },
  })
  expect((await job.git.createRef({ ...at, ref: 'refs/tags/without', sha: first })).status).toBe(201)
  expect((await octokit.git.createRef(old)).status).toBe(201)
})

it('git/no-workflows-pushed-by-a-job', async () => {
  const remote = cloneUrl.replace('://', `://x:${jobToken}@`)
  const clone = ['-C', `${fixture.root}/clone`]
  const env = { ...process.env, HOME: fixture.root }
  const { stderr } = await promisify(execFile)('git', [...clone, 'push', remote, `${flow}:refs/heads/flow`], {
    env,
  }).catch((error: { stderr: string }) => error)
  expect(stderr).toContain(
    '(refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission)',
  )
})

it('git/app-commits-are-signed', async () => {
  const tree = (await octokit.git.getCommit({ ...at, commit_sha: first })).data.tree.sha
  const commit = { ...at, message: 'By an app', tree, parents: [first] }
  const { data } = await job.git.createCommit(commit)
  expect(data).toMatchObject({
    author: { name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com' },
    committer: { name: 'GitHub', email: 'noreply@github.com' },
    verification: { verified: true, reason: 'valid' },
  })
  const author = { name: 'Eve', email: 'eve@example.com' }
  expect((await job.git.createCommit({ ...commit, author })).data.verification.verified).toBe(false)
  expect((await octokit.git.createCommit(commit)).data.verification.verified).toBe(false)
  const file = { ...at, path: 'made.txt', message: 'Made', content: '' }
  await octokit.git.createRef({ ...at, ref: 'refs/heads/made', sha: first })
  const { data: made } = await job.repos.createOrUpdateFileContents({ ...file, branch: 'made' })
  expect(made.commit).toMatchObject({ committer: { name: 'GitHub' }, verification: { verified: true } })
})

it('git/tags-are-kept-as-given', async () => {
  const tagger = { name: 'John Doe', email: 'j.doe@example.com', date: '2008-07-09T16:13:30+12:00' }
  const tag = { ...at, tag: 'v0', message: 'Zero', object: first, type: 'commit', tagger } as const
  const { data } = await octokit.git.createTag(tag)
  expect(data).toMatchObject({ message: 'Zero', tagger: { ...tagger, date: '2008-07-09T04:13:30Z' } })
  await octokit.git.createRef({ ...at, ref: 'refs/tags/v0', sha: data.sha })
  await git('fetch', '-q', 'origin', 'tag', 'v0')
  expect(await git('cat-file', 'tag', 'v0')).toMatch(/tagger John Doe <j\.doe@example\.com> 1215576810 \+1200\n\nZero$/)
})

it('git/merges-are-signed', async () => {
  await octokit.git.createRef({ ...at, ref: 'refs/heads/base', sha: first })
  const { data } = await octokit.repos.merge({ ...at, base: 'base', head: 'main' })
  expect(data.commit).toMatchObject({ committer: { name: 'GitHub' }, verification: { verified: true } })
})

it('git/only-forward-without-force', async () => {
  await octokit.git.createRef({ ...at, ref: 'refs/heads/forward', sha: flow })
  const back = { ...at, ref: 'heads/forward', sha: first }
  expect(await message(octokit.git.updateRef(back))).toBe('Update is not a fast forward')
})

it('git/ref-made-once', async () => {
  const ref = { ...at, ref: 'refs/tags/once', sha: first }
  await octokit.git.createRef(ref)
  expect(await message(octokit.git.createRef(ref))).toBe('Reference already exists')
})

it('git/matching-refs-unpaged', async () => {
  for (let index = 0; index < 31; index++)
    await octokit.git.createRef({ ...at, ref: `refs/tags/page-${index}`, sha: first })
  const { data, headers } = await octokit.git.listMatchingRefs({ ...at, ref: 'tags/page-', per_page: 5 } as never)
  expect([(data as unknown[]).length, headers.link]).toEqual([31, undefined])
})

it('git/nothing-made-in-an-empty-repository', async () => {
  await github.createRepository('acme/empty', { owner: 'ann' })
  expect(await refusal(octokit.git.createBlob({ owner, repo: 'empty', content: 'x' }))).toMatchObject({
    status: 409,
    body: { message: 'Git Repository is empty.' },
  })
})

it('git/tree-cannot-lose-what-it-has-not', async () => {
  const tree = [{ path: 'none', mode: '100644', type: 'blob', sha: null } as const]
  expect((await refusal(octokit.git.createTree({ ...at, base_tree: first, tree }))).status).toBe(422)
})

it('git/default-branch-stays', async () => {
  expect((await refusal(octokit.git.deleteRef({ ...at, ref: 'heads/main' }))).status).toBe(422)
})

it('git/pull-refs-are-read-only', async () => {
  await octokit.git.createRef({ ...at, ref: 'refs/heads/topic', sha: first })
  const content = Buffer.from('x').toString('base64')
  await octokit.repos.createOrUpdateFileContents({ ...at, path: 'x', message: 'x', content, branch: 'topic' })
  const { data } = await octokit.pulls.create({ ...at, title: 'x', head: 'topic', base: 'main' })
  const ref = `pull/${data.number}/head`
  expect((await octokit.git.getRef({ ...at, ref })).data.object.sha).toBe(data.head.sha)
  expect((await refusal(octokit.git.updateRef({ ...at, ref, sha: flow, force: true }))).status).toBe(422)
})

it('commits/comparison-of-250', async () => {
  await git('checkout', '-q', '-b', 'long', first)
  let stream = ''
  for (let index = 1; index <= 260; index++) {
    const from = index === 1 ? `from ${first}\n` : ''
    stream += `commit refs/heads/many\ncommitter A <a@b.c> ${1_700_000_000 + index} +0000\ndata 3\nc${String(index).slice(-2).padStart(2)}\n${from}`
  }
  await write('stream', stream)
  await git('-c', 'alias.load=!git fast-import --quiet <stream', 'load')
  await git('push', '-q', 'origin', 'many')
  const { data } = await octokit.repos.compareCommitsWithBasehead({ ...at, basehead: `${first}...many` })
  expect([data.total_commits, data.commits.length]).toEqual([260, 250])
  expect(data.commits.at(-1)!.sha).toBe(await git('rev-parse', 'many'))
})

it('commits/files-on-the-first-page', async () => {
  const compare = (page: number) =>
    octokit.repos.compareCommitsWithBasehead({ ...at, basehead: `${first}...main`, per_page: 1, page })
  expect((await compare(1)).data.files).toHaveLength(1)
  expect((await compare(2)).data).toMatchObject({ files: [], commits: [{ commit: { message: 'Changed' } }] })
})
