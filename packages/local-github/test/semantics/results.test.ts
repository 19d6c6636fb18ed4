import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, truncate } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import { createFixture } from '../fixture.ts'

// Jobs that hold on write down their runtime token, see the stand-in for act.
const act = fileURLToPath(new URL('../fixtures/act', import.meta.url))
const fixture = await createFixture({ act })
const { octokit, owner, repo, github, git, write, push, root } = fixture
const at = { owner, repo }
const DAY = 24 * 3600 * 1000

const jobs = `jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 'hold ${root}' }] } }\n`
await write('.github/workflows/hold.yml', `on: [workflow_dispatch, issue_comment, pull_request]\n${jobs}`)
const sha = await push('Workflows')
for (const branch of ['left', 'right']) await git('push', '-q', 'origin', `${sha}:refs/heads/${branch}`)

type Answer = Record<string, string> & { ok?: boolean; artifacts?: { name: string }[] }

interface Client {
  run: number
  call: (service: 'Artifact' | 'Cache', method: string, message?: unknown) => Promise<{ status: number; body: Answer }>
  /** Names the run and the job of an artifact. */
  own: { workflow_run_backend_id: string; workflow_job_run_backend_id: string }
}

/** What the job of the newest run may, once it has begun. */
async function clientOf(event: string, head_branch: string): Promise<Client> {
  const found = await vi.waitFor(
    async () => {
      const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...at, event })
      const run = data.workflow_runs.find((each) => each.head_branch === head_branch)!
      const token = (await readFile(join(root, String(run.id)), 'utf8')).trim()
      expect(token).not.toBe('')
      return { run: run.id, token }
    },
    { timeout: 10_000, interval: 30 },
  )
  const { data } = await octokit.actions.listJobsForWorkflowRun({ ...at, run_id: found.run })
  const ids = { workflow_run_backend_id: String(found.run), workflow_job_run_backend_id: String(data.jobs[0]!.id) }
  return { run: found.run, call: caller(found.token), own: ids }
}

const caller =
  (token: string): Client['call'] =>
  async (service, method, message = {}) => {
    const response = await fetch(`${github.url}/twirp/github.actions.results.api.v1.${service}Service/${method}`, {
      method: 'POST',
      body: typeof message === 'string' ? message : JSON.stringify(message),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    return { status: response.status, body: (await response.json()) as Answer }
  }

async function dispatched(ref: string): Promise<Client> {
  await octokit.actions.createWorkflowDispatch({ ...at, workflow_id: 'hold.yml', ref })
  return clientOf('workflow_dispatch', ref)
}

const main = await dispatched('main')

// No more than two jobs run at a time: the other one ends with its test.
const others: Client[] = []
async function begin(ref: string): Promise<Client> {
  const client = await dispatched(ref)
  others.push(client)
  return client
}
afterEach(async () => {
  for (const client of others.splice(0)) await end(client)
})

async function end({ run, call, own }: Client): Promise<void> {
  await octokit.actions.cancelWorkflowRun({ ...at, run_id: run })
  const ended = async () => expect((await call('Artifact', 'ListArtifacts', own)).status).toBe(401)
  await vi.waitFor(ended, { timeout: 10_000, interval: 30 })
}

async function upload({ call, own }: Client, name: string, more: object = {}): Promise<string> {
  const { body } = await call('Artifact', 'CreateArtifact', { ...own, name, version: 7, ...more })
  await fetch(body.signed_upload_url!, { method: 'PUT', body: 'bytes' })
  await call('Artifact', 'FinalizeArtifact', { ...own, name, size: '5' })
  return body.signed_upload_url!
}

async function save({ call }: Client, key: string, size_bytes = '5') {
  const { body, status } = await call('Cache', 'CreateCacheEntry', { key, version: 'v' })
  if (status !== 200 || !body.ok) return { status, body }
  await fetch(body.signed_upload_url!, { method: 'PUT', body: 'bytes' })
  // As large as it says that it is, without as many bytes.
  await truncate(join(root, 'server/blobs', basename(new URL(body.signed_upload_url!).pathname)), Number(size_bytes))
  return call('Cache', 'FinalizeCacheEntryUpload', { key, version: 'v', size_bytes })
}

/** The key of what is restored. */
async function restore({ call }: Client, key: string, ...restore_keys: string[]): Promise<string | undefined> {
  return (await call('Cache', 'GetCacheEntryDownloadURL', { key, restore_keys, version: 'v' })).body.matched_key
}

const cacheKeys = async () =>
  (await octokit.actions.getActionsCacheList({ ...at, per_page: 100 })).data.actions_caches.map(({ key }) => key)

it('results/artifact-once', async () => {
  await upload(main, 'once')
  const again = await main.call('Artifact', 'CreateArtifact', { ...main.own, name: 'once', version: 7 })
  const msg = 'an artifact with this name already exists on the workflow run'
  expect(again).toMatchObject({ status: 409, body: { code: 'already_exists', msg } })
})

it('results/artifact-name', async () => {
  for (const name of ['../up', 'a\\b', 'a:b', 'a*', 'a\nb', 'a\0b']) {
    const { status } = await main.call('Artifact', 'CreateArtifact', { ...main.own, name, version: 7 })
    expect(status, name).toBe(400)
  }
})

it('results/artifact-own-run', async () => {
  const left = await begin('left')
  for (const method of [
    'CreateArtifact',
    'FinalizeArtifact',
    'ListArtifacts',
    'GetSignedArtifactURL',
    'DeleteArtifact',
  ]) {
    const message = { ...left.own, name: 'once', version: 7, size: '1' }
    expect((await main.call('Artifact', method, message)).body.code, method).toBe('permission_denied')
  }
})

it('results/artifact-stays', async () => {
  const url = await upload(main, 'kept')
  expect((await fetch(url, { method: 'PUT', body: 'other' })).status).toBe(403)
  expect((await main.call('Artifact', 'FinalizeArtifact', { ...main.own, name: 'kept', size: '9' })).status).toBe(404)
  const { body } = await main.call('Artifact', 'GetSignedArtifactURL', { ...main.own, name: 'kept' })
  expect(await (await fetch(body.signed_url!)).text()).toBe('bytes')
})

it('an artifact stays as it was when its upload ended, whatever was still on its way', async () => {
  const { body } = await main.call('Artifact', 'CreateArtifact', { ...main.own, name: 'late', version: 7 })
  const url = body.signed_upload_url!
  await fetch(url, { method: 'PUT', body: 'bytes' })
  const blobs = () => readdir(join(root, 'server/blobs'))
  const before = (await blobs()).length
  const late = request(url, { method: 'PUT' })
  late.write('other')
  const answered = once(late, 'response')
  // It has begun once its first bytes lie in a file of their own.
  await vi.waitFor(async () => expect((await blobs()).length).toBeGreaterThan(before))
  await main.call('Artifact', 'FinalizeArtifact', { ...main.own, name: 'late', size: '5' })
  late.end()
  const [answer] = (await answered) as [IncomingMessage]
  expect(answer.resume().statusCode).toBe(403)
  const { body: signed } = await main.call('Artifact', 'GetSignedArtifactURL', { ...main.own, name: 'late' })
  expect(await (await fetch(signed.signed_url!)).text()).toBe('bytes')
})

it('what ends an upload is not believed: nothing, another size and another hash are refused', async () => {
  const { body } = await main.call('Artifact', 'CreateArtifact', { ...main.own, name: 'claimed', version: 7 })
  const finalize = async (size: string, hash?: string) =>
    (await main.call('Artifact', 'FinalizeArtifact', { ...main.own, name: 'claimed', size, hash })).status
  expect(await finalize('5')).toBe(400)
  await fetch(body.signed_upload_url!, { method: 'PUT', body: 'bytes' })
  const hash = `sha256:${createHash('sha256').update('bytes').digest('hex')}`
  expect(await finalize('6', hash)).toBe(400)
  expect(await finalize('5', hash.replace(/.$/, '!'))).toBe(400)
  expect(await finalize('5', hash)).toBe(200)
  const entry = { key: 'claimed', version: 'v' }
  await main.call('Cache', 'CreateCacheEntry', entry)
  expect((await main.call('Cache', 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '5' })).status).toBe(400)
})

it('an address of the store is good for what it was given for, and for no other file', async () => {
  const upload_url = await upload(main, 'signed')
  const { body } = await main.call('Artifact', 'GetSignedArtifactURL', { ...main.own, name: 'signed' })
  const url = body.signed_url!
  const other = (await main.call('Artifact', 'GetSignedArtifactURL', { ...main.own, name: 'kept' })).body.signed_url!
  const swapped = url.replace(new URL(url).pathname, new URL(other).pathname)
  for (const wrong of [upload_url, swapped, url.replace(/se=\d+/, 'se=2999'), url.split('?')[0]!])
    expect((await fetch(wrong)).status, wrong).toBe(403)
  expect((await fetch(url, { method: 'PUT', body: 'other' })).status).toBe(403)
  expect((await fetch(url)).status).toBe(200)
})

it('results/artifact-90-days', async () => {
  const left = await begin('left')
  const expires_at = new Date(Date.now() + 400 * DAY).toISOString()
  await upload(left, 'long', { expires_at })
  await upload(left, 'short', { expires_at: new Date(Date.now() + DAY).toISOString() })
  const list = (await octokit.actions.listWorkflowRunArtifacts({ ...at, run_id: left.run })).data.artifacts
  const days = (artifact: (typeof list)[number]) =>
    Math.round((Date.parse(artifact.expires_at!) - Date.parse(artifact.created_at!)) / DAY)
  expect(list.map((artifact) => [artifact.name, days(artifact)])).toEqual([
    ['short', 1],
    ['long', 90],
  ])
})

it('results/wrong-type', async () => {
  expect((await main.call('Artifact', 'ListArtifacts', '{')).body.code).toBe('malformed')
  expect((await main.call('Artifact', 'ListArtifacts', '[]')).body.code).toBe('malformed')
  expect((await main.call('Artifact', 'CreateArtifact', { ...main.own, name: { a: 1 } })).body.code).toBe('malformed')
  const size = { ...main.own, name: 'once', size: 'many' }
  expect((await main.call('Artifact', 'FinalizeArtifact', size)).status).not.toBe(200)
})

it('results/no-such-method', async () => {
  for (const method of ['constructor', 'toString', '__proto__', 'Migrate'])
    expect((await main.call('Artifact', method)).body.code).toBe('bad_route')
})

it('results/cache-once', async () => {
  await save(await begin('main'), 'fixed')
  // Its job has ended: what is there stays for its own sake.
  await end(others.pop()!)
  expect(await save(main, 'fixed')).toMatchObject({ status: 409, body: { code: 'already_exists' } })
})

it('results/cache-reserved', async () => {
  const other = await begin('main')
  const entry = { key: 'contended', version: 'v' }
  const { body } = await main.call('Cache', 'CreateCacheEntry', entry)
  expect(await save(other, 'contended')).toMatchObject({ status: 409, body: { code: 'already_exists' } })
  expect((await other.call('Cache', 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '5' })).status).toBe(404)
  await fetch(body.signed_upload_url!, { method: 'PUT', body: 'bytes' })
  expect((await main.call('Cache', 'FinalizeCacheEntryUpload', { ...entry, size_bytes: '5' })).status).toBe(200)
  await other.call('Cache', 'CreateCacheEntry', { ...entry, key: 'left-behind' })
  await end(others.pop()!)
  expect((await save(main, 'left-behind')).status).toBe(200)
})

it('results/cache-key', async () => {
  expect((await save(main, 'a,b')).status).toBe(400)
  expect((await save(main, 'x'.repeat(513))).status).toBe(400)
  expect((await save(main, 'x'.repeat(512))).status).toBe(200)
})

it('results/cache-prefix', async () => {
  await save(main, 'deps-1')
  await save(main, 'deps-2')
  expect(await restore(main, 'deps-3', 'deps-')).toBe('deps-2')
  expect(await restore(main, 'deps-1', 'deps-')).toBe('deps-1')
})

it('results/cache-of-default-branch', async () => {
  const left = await begin('left')
  await save(main, 'shared')
  expect(await restore(left, 'shared')).toBe('shared')
})

it('results/cache-own-before-default', async () => {
  const left = await begin('left')
  await save(left, 'both-old')
  await save(main, 'both-new')
  expect(await restore(left, 'both-x', 'both-')).toBe('both-old')
})

it('results/cache-10-gb', async () => {
  await save(main, 'big-1', String(6e9))
  await save(main, 'big-2', String(6e9))
  expect(await cacheKeys()).toContain('big-2')
  expect(await cacheKeys()).not.toContain('big-1')
})

it('results/token-of-ended-job', async () => {
  const ended = await dispatched('right')
  expect((await ended.call('Artifact', 'ListArtifacts', ended.own)).status).toBe(200)
  await end(ended)
})

it('keeps a log once, however often it is asked for', async () => {
  const ended = await dispatched('right')
  await end(ended)
  const get = () => octokit.actions.downloadWorkflowRunLogs({ ...at, run_id: ended.run })
  await vi.waitFor(get, { timeout: 10_000, interval: 30 })
  const blobs = await readdir(join(root, 'server/blobs'))
  await get()
  expect(await readdir(join(root, 'server/blobs'))).toEqual(blobs)
})

it('results/cache-of-other-branch', async () => {
  const left = await dispatched('left')
  await save(left, 'own')
  expect(await restore(left, 'own')).toBe('own')
  await end(left)
  const right = await begin('right')
  for (const other of [right, main]) expect(await restore(other, 'own')).toBe('')
})

it('results/cache-read-only', async () => {
  const { data: issue } = await octokit.issues.create({ ...at, title: 'Anybody' })
  const eve = await fixture.as('eve')
  await eve.issues.createComment({ ...at, issue_number: issue.number, body: 'run' })
  const stranger = await clientOf('issue_comment', 'main')
  others.push(stranger)
  const message = 'cache write denied: token has no writable scopes'
  expect(await save(stranger, 'poison')).toMatchObject({ status: 200, body: { ok: false, message } })
  await save(main, 'clean')
  expect(await restore(stranger, 'clean')).toBe('clean')
})

// The time only goes on: these come last.
it('results/link-one-minute', async () => {
  await upload(main, 'linked')
  const { data } = await octokit.actions.listArtifactsForRepo({ ...at, name: 'linked' })
  const token = (await github.createUser('ann')).token
  const { headers } = await fetch(data.artifacts[0]!.archive_download_url, {
    headers: { authorization: `token ${token}` },
    redirect: 'manual',
  })
  const url = headers.get('location')!
  expect((await fetch(url)).status).toBe(200)
  await github.advance(61_000)
  expect((await fetch(url)).status).toBe(403)
})

it('results/cache-seven-days', async () => {
  await save(main, 'used')
  await save(main, 'unused')
  await github.advance(6 * DAY)
  expect(await restore(main, 'used')).toBe('used')
  await github.advance(2 * DAY)
  expect(await cacheKeys()).toEqual(['used'])
})
