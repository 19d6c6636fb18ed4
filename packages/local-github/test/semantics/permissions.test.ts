import { expect, it } from 'vitest'
import type { Permissions } from '../../src/scheduler/permissions.ts'
import { connect, createFixture } from '../fixture.ts'
import { refusal } from './support.ts'

const { github, octokit, owner } = await createFixture()
const open = { owner, repo: 'model' }
const closed = { owner, repo: 'secret' }
await github.createRepository('acme/secret', { owner: 'ann', private: true })
const content = Buffer.from('# secret').toString('base64')
const made = await octokit.repos.createOrUpdateFileContents({ ...closed, path: 'README.md', message: 'm', content })
const commit_sha = made.data.commit.sha!

const job = (repo: string, permissions: Permissions) =>
  connect(github.apiUrl, github.createJobToken(`acme/${repo}`, permissions))

it('permissions/public-needs-none', async () => {
  const here = job('model', {})
  expect((await here.actions.listRepoWorkflows(open)).data.total_count).toBe(0)
  expect((await here.issues.listForRepo(open)).data).toEqual([])
  const refused = { status: 403, body: { message: 'Resource not accessible by integration' } }
  expect(await refusal(here.issues.create({ ...open, title: 'x' }))).toMatchObject(refused)
  expect(await refusal(job('secret', {}).actions.listRepoWorkflows(closed))).toMatchObject(refused)
})

it('permissions/artifact-needs-token', async () => {
  const artifact = { ...open, artifact_id: 1, archive_format: 'zip' }
  expect(await refusal(connect(github.apiUrl).actions.downloadArtifact(artifact))).toMatchObject({
    status: 401,
    body: { message: 'You must have the actions scope to download artifacts.' },
  })
  expect(await refusal(job('model', {}).actions.downloadArtifact(artifact))).toMatchObject({ status: 403 })
  expect(await refusal(job('model', { actions: 'read' }).actions.downloadArtifact(artifact))).toMatchObject({
    status: 404,
  })
})

it('permissions/tags-by-metadata', async () => {
  expect((await job('secret', {}).repos.listTags(closed)).data).toEqual([])
  expect(await refusal(job('secret', {}).git.getRef({ ...closed, ref: 'heads/main' }))).toMatchObject({ status: 403 })
})

it('permissions/commit-comments-by-metadata', async () => {
  expect((await job('secret', {}).repos.listCommentsForCommit({ ...closed, commit_sha })).data).toEqual([])
})

it('permissions/commit-comment-by-reader', async () => {
  const comment = (at: typeof open, permissions: Permissions) =>
    job(at.repo, permissions).repos.createCommitComment({ ...at, commit_sha, body: 'Seen' })
  expect((await comment(closed, { contents: 'read' })).status).toBe(201)
  expect(await refusal(comment(closed, {}))).toMatchObject({ status: 403 })
  expect(await refusal(comment(open, {}))).toMatchObject({ status: 403 })
})
