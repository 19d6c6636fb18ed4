import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { expect, it, vi } from 'vitest'
import { createFixture } from '../fixture.ts'
import { refusal, uploadAsset } from './support.ts'

const fixture = await createFixture()
const { octokit, owner, repo, github, git, write, push } = fixture
const at = { owner, repo }
const { repos } = octokit
const eve = await fixture.as('eve')

// Every event makes a run whose name says which; nothing is run.
const heardOf = 'run-name: ${{ github.event_name }} ${{ github.event.action }} ${{ github.ref }}'
const skipped = 'jobs: { a: { if: false, runs-on: ubuntu-latest, steps: [{ run: a }] } }'
await write('.github/workflows/heard.yml', `on: [release, create, delete]\n${heardOf}\n${skipped}\n`)
const first = await git('rev-parse', 'HEAD')
const second = await push('Hear')

const create = async (tag_name: string, more: object = {}) =>
  (await repos.createRelease({ ...at, tag_name, ...more })).data
const refused = (code: string, field: string) => ({ status: 422, body: { errors: [{ code, field }] } })
const latest = async () => (await repos.getLatestRelease(at)).data.tag_name
/** The names of the runs that events about something have started. */
async function heard(about: string): Promise<string[]> {
  const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, per_page: 100 })
  const names = data.workflow_runs.map(({ display_title }) => display_title.replace('  ', ' '))
  return names.filter((name) => name.includes(about)).sort()
}

const assetsOf = async (release: { id: number }) =>
  (await repos.listReleaseAssets({ ...at, release_id: release.id })).data

/** Begins an upload of 100 bytes. */
async function beginUpload(release: { id: number; upload_url: string }, name: string): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${(await github.createUser('ann')).token}`, 'content-length': 100 }
  const sent = request(release.upload_url.replace(/\{.*/, `?name=${name}`), { method: 'POST', headers })
  sent.on('error', () => {})
  sent.write('the beginning')
  const begun = async () => expect((await assetsOf(release)).map((asset) => asset.name)).toContain(name)
  await vi.waitFor(begun, { timeout: 5000, interval: 20 })
  return sent
}

/** Begins an upload and breaks off before its end. */
async function breakUpload(release: { id: number; upload_url: string }, name: string): Promise<void> {
  const sent = await beginUpload(release, name)
  const closed = new Promise((resolve) => sent.on('close', resolve))
  sent.destroy()
  await closed
}

it('releases/asset-name-once', async () => {
  const release = await create('once')
  await uploadAsset(octokit, release.upload_url, 'model.onnx', 'one')
  expect(await refusal(uploadAsset(octokit, release.upload_url, 'model.onnx', 'two'))).toMatchObject({
    status: 422,
    body: { errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }] },
  })
})

it('releases/asset-renamed', async () => {
  const release = await create('renamed')
  const { data } = await uploadAsset(octokit, release.upload_url, '.my (best) model.onnx', 'x')
  expect(data.name).toBe('default.my.best.model.onnx')
})

it('releases/asset-not-empty', async () => {
  const release = await create('empty')
  const body = { errors: [{ field: 'size', message: 'size must be greater than or equal to 1' }] }
  expect(await refusal(uploadAsset(octokit, release.upload_url, 'a', ''))).toMatchObject({ status: 422, body })
})

it('releases/asset-under-2-gib', async () => {
  const release = await create('large')
  const headers = { authorization: `Bearer ${(await github.createUser('ann')).token}`, 'content-length': 2 ** 31 }
  const sent = request(`${release.upload_url.replace(/\{.*/, '')}?name=large`, { method: 'POST', headers })
  sent.on('error', () => {}).flushHeaders()
  const [{ statusCode }] = await once(sent, 'response', { signal: AbortSignal.timeout(2000) })
  expect(statusCode).toBe(422)
  sent.destroy()
})

it('releases/asset-starter', async () => {
  const release = await create('starter')
  await breakUpload(release, 'model.onnx')
  expect(await assetsOf(release)).toMatchObject([{ name: 'model.onnx', state: 'starter', size: 0, digest: null }])
  expect(await refusal(uploadAsset(octokit, release.upload_url, 'model.onnx', 'again'))).toMatchObject(
    refused('already_exists', 'name'),
  )
  await repos.deleteReleaseAsset({ ...at, asset_id: (await assetsOf(release))[0]!.id })
  expect((await uploadAsset(octokit, release.upload_url, 'model.onnx', 'again')).data.state).toBe('uploaded')
})

it('releases/starter-not-in-release', async () => {
  const release = await create('half')
  await uploadAsset(octokit, release.upload_url, 'whole', 'x')
  await breakUpload(release, 'broken')
  const { data } = await repos.getRelease({ ...at, release_id: release.id })
  expect(data.assets.map(({ name }) => name)).toEqual(['whole'])
})

it('releases/thousand-assets', async () => {
  const release = await create('many')
  const headers = { authorization: `Bearer ${(await github.createUser('ann')).token}` }
  const upload = (name: string) =>
    fetch(release.upload_url.replace(/\{.*/, `?name=${name}`), { method: 'POST', headers, body: 'x' })
  for (let done = 0; done < 1000; done += 50) {
    const parts = await Promise.all(Array.from({ length: 50 }, (_, index) => upload(`part-${done + index}`)))
    expect(parts.every(({ status }) => status === 201)).toBe(true)
  }
  expect((await upload('one-more')).status).toBe(422)
}, 60_000)

it('releases/draft-for-writers', async () => {
  const draft = await create('hidden', { draft: true })
  expect(await refusal(eve.repos.getRelease({ ...at, release_id: draft.id }))).toMatchObject({ status: 404 })
  expect((await repos.getRelease({ ...at, release_id: draft.id })).data.draft).toBe(true)
})

it('releases/draft-not-by-tag', async () => {
  await create('not-yet', { draft: true })
  expect(await refusal(repos.getReleaseByTag({ ...at, tag: 'not-yet' }))).toMatchObject({ status: 404 })
  expect(await git('ls-remote', '--tags', 'origin', 'not-yet')).toBe('')
})

it('releases/tag-at-target', async () => {
  await create('older', { target_commitish: first })
  expect(await git('ls-remote', '--tags', 'origin', 'older')).toMatch(first)
  await create('older-draft', { draft: true, target_commitish: second })
  await octokit.git.createRef({ ...at, ref: 'refs/tags/there', sha: first })
  await create('there', { target_commitish: second })
  expect(await git('ls-remote', '--tags', 'origin', 'there')).toMatch(first)
})

it('releases/one-per-tag', async () => {
  await create('single')
  expect(await refusal(create('single'))).toMatchObject(refused('already_exists', 'tag_name'))
  const draft = await create('single', { draft: true })
  expect(await refusal(repos.updateRelease({ ...at, release_id: draft.id, draft: false }))).toMatchObject(
    refused('already_exists', 'tag_name'),
  )
})

it('releases/body-125000', async () => {
  const body = { errors: [{ field: 'body', message: 'body is too long (maximum is 125000 characters)' }] }
  expect(await refusal(create('long', { body: 'x'.repeat(125_001) }))).toMatchObject({ status: 422, body })
  expect((await create('long', { body: '€'.repeat(125_000) })).body).toHaveLength(125_000)
})

it('releases/date-of-commit', async () => {
  const { data } = await repos.getCommit({ ...at, ref: first })
  expect((await create('dated', { target_commitish: first })).created_at).toBe(data.commit.committer!.date)
})

it('releases/newly-published-is-latest', async () => {
  await create('new-commit', { target_commitish: second })
  await create('old-commit', { target_commitish: first })
  expect(await latest()).toBe('old-commit')
  await create('quiet', { make_latest: 'false' })
  expect(await latest()).toBe('old-commit')
})

it('releases/legacy-latest', async () => {
  const tree = (await octokit.git.getCommit({ ...at, commit_sha: second })).data.tree.sha
  const later = await octokit.git.createCommit({
    ...{
      ...at,
      message: 'Later',
      parents: [second],
      tree,
    },
    committer: { name: 'Ann', email: 'ann@example.com', date: '2031-01-01T00:00:00Z' },
  })
  await create('later-9', { target_commitish: later.data.sha })
  await create('later-10', { target_commitish: later.data.sha, make_latest: 'false' })
  await create('earlier', { target_commitish: first, make_latest: 'legacy' })
  expect(await latest()).toBe('later-10')
})

it('releases/prerelease-not-latest', async () => {
  const errors = [{ resource: 'Release', code: 'custom', message: 'Latest release cannot be draft or prerelease.' }]
  const made = await create('rc', { prerelease: true })
  expect(await latest()).not.toBe('rc')
  const change = repos.updateRelease({ ...at, release_id: made.id, make_latest: 'true' })
  expect(await refusal(change)).toMatchObject({ status: 422, body: { errors } })
})

it('releases/no-discussions', async () => {
  const given = { discussion_category_name: 'Announcements' }
  expect(await refusal(create('discussed', given))).toMatchObject({ status: 404 })
})

it('releases/fixed-once-immutable', async () => {
  await repos.enableImmutableReleases(at)
  const release = await create('fixed', { draft: true })
  const asset = (await uploadAsset(octokit, release.upload_url, 'model', 'x')).data
  const release_id = release.id
  await repos.updateRelease({ ...at, release_id, draft: false })
  await repos.disableImmutableReleases(at)
  const changes = [
    uploadAsset(octokit, release.upload_url, 'more', 'x'),
    repos.deleteReleaseAsset({ ...at, asset_id: asset.id }),
    repos.updateRelease({ ...at, release_id, draft: true }),
    repos.updateRelease({ ...at, release_id, tag_name: 'moved' }),
  ]
  for (const { status } of await Promise.all(changes.map(refusal))) expect(status).toBe(422)
  expect((await repos.updateRelease({ ...at, release_id, name: 'Named' })).data.name).toBe('Named')
})

it('releases/no-asset-after-publishing', async () => {
  await repos.enableImmutableReleases(at)
  const release = await create('late', { draft: true })
  const sent = await beginUpload(release, 'model')
  await repos.updateRelease({ ...at, release_id: release.id, draft: false })
  await repos.disableImmutableReleases(at)
  sent.end('x'.repeat(100 - 'the beginning'.length))
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  answer.resume()
  expect(answer.statusCode).toBe(422)
  expect(await assetsOf(release)).toEqual([])
})

it('releases/immutable-from-then-on', async () => {
  const before = await create('before')
  await repos.enableImmutableReleases(at)
  await repos.updateRelease({ ...at, release_id: before.id, body: 'x' })
  await repos.disableImmutableReleases(at)
  expect((await repos.getRelease({ ...at, release_id: before.id })).data.immutable).toBe(false)
})

it('releases/immutable-tag-spent', async () => {
  await repos.enableImmutableReleases(at)
  const release = await create('spent')
  await repos.disableImmutableReleases(at)
  await repos.deleteRelease({ ...at, release_id: release.id })
  const errors = [
    { field: 'tag_name', message: 'tag_name was used by an immutable release' },
    { message: 'Published releases must have a valid tag' },
  ]
  expect(await refusal(create('spent'))).toMatchObject({ status: 422, body: { errors } })
})

it('releases/immutable-tag-not-made-again', async () => {
  await repos.enableImmutableReleases(at)
  const release = await create('burnt')
  await repos.disableImmutableReleases(at)
  await repos.deleteRelease({ ...at, release_id: release.id })
  await octokit.git.deleteRef({ ...at, ref: 'tags/burnt' })
  expect(await refusal(octokit.git.createRef({ ...at, ref: 'refs/tags/burnt', sha: first }))).toMatchObject({
    status: 422,
  })
  await expect(git('push', 'origin', `${first}:refs/tags/burnt`)).rejects.toThrow(/creations being restricted/)
})

it('releases/rules-in-release', async () => {
  const conditions = { ref_name: { include: ['refs/tags/ruled*'], exclude: [] } }
  const rules = [{ type: 'creation' as const }]
  await repos.createRepoRuleset({ ...at, name: 'tags', target: 'tag', enforcement: 'active', conditions, rules })
  expect(await refusal(create('ruled-1'))).toMatchObject({
    status: 422,
    body: {
      errors: [
        { resource: 'Release', code: 'custom', field: 'pre_receive' },
        { resource: 'Release', code: 'custom', message: 'Published releases must have a valid tag' },
      ],
    },
  })
})

it('releases/notes-previous-tag', async () => {
  const notes = repos.generateReleaseNotes({ ...at, tag_name: 'next', previous_tag_name: 'nowhere' })
  expect(await refusal(notes)).toMatchObject({ status: 400, body: { message: 'Invalid previous_tag parameter' } })
})

it('releases/events', async () => {
  const { id: release_id } = await create('told')
  await repos.updateRelease({ ...at, release_id, name: 'Told' })
  await repos.updateRelease({ ...at, release_id, draft: true })
  const told = ['created', 'edited', 'published', 'released', 'unpublished']
  expect(await heard('refs/tags/told')).toEqual([
    'create refs/tags/told',
    ...told.map((type) => `release ${type} refs/tags/told`),
  ])
})

it('releases/draft-events', async () => {
  await octokit.git.createRef({ ...at, ref: 'refs/tags/silent', sha: second })
  const { id: release_id } = await create('silent', { draft: true })
  await repos.updateRelease({ ...at, release_id, name: 'Silent' })
  await repos.deleteRelease({ ...at, release_id })
  expect(await heard('refs/tags/silent')).toEqual(['create refs/tags/silent'])
})

it('releases/prerelease-of-draft', async () => {
  await create('direct', { prerelease: true })
  expect(await heard('refs/tags/direct')).toContain('release prereleased refs/tags/direct')
  const { id: release_id } = await create('drafted', { draft: true, prerelease: true })
  await repos.updateRelease({ ...at, release_id, draft: false })
  expect(await heard('refs/tags/drafted')).toEqual(['create refs/tags/drafted', 'release published refs/tags/drafted'])
})

it('releases/delete-at-default-branch', async () => {
  const before = (await heard('delete refs/heads/main')).length
  await octokit.git.createRef({ ...at, ref: 'refs/heads/made', sha: second })
  await octokit.git.deleteRef({ ...at, ref: 'heads/made' })
  expect(await heard('refs/heads/made')).toEqual(['create refs/heads/made'])
  expect(await heard('delete refs/heads/main')).toHaveLength(before + 1)
})

it('releases/three-tags', async () => {
  const refs = (...names: string[]) => names.map((name) => `${second}:refs/tags/${name}`)
  await git('push', '-q', 'origin', ...refs('few-1', 'few-2', 'few-3'))
  await git('push', '-q', 'origin', ...refs('lot-1', 'lot-2', 'lot-3', 'lot-4'))
  expect(await heard('create refs/tags/few')).toHaveLength(3)
  expect(await heard('create refs/tags/lot')).toEqual([])
})
