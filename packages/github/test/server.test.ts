import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as hub from '../src/index.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const run = promisify(execFile)
let folder: string
let local: LocalGitHub
let gitDir: string
let ada: hub.GitHub
let bob: hub.GitHub
/** What a job may do: checks are written by apps alone. */
let job: hub.GitHub
let head: string
let pull: number

const git = async (...args: string[]) => (await run('git', args, { cwd: gitDir })).stdout.trimEnd()
const at = () => hub.at(ada)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-github-'))
  local = await startLocalGitHub({ root: join(folder, 'server') })
  const tokens = { ada: (await local.createUser('ada')).token, bob: (await local.createUser('bob')).token }
  ;({ gitDir } = await local.createRepository('ada/models', { owner: 'ada', collaborators: ['bob'] }))
  const connect = (token: string) => hub.connect({ token, repository: 'ada/models', apiUrl: local.apiUrl })
  ada = connect(tokens.ada)
  bob = connect(tokens.bob)
  job = connect(local.createJobToken('ada/models', { checks: 'write' }))

  const work = join(folder, 'work')
  const shell = (...args: string[]) =>
    run('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@b.c', ...args], { cwd: work })
  await run('git', ['init', '-q', '-b', 'main', work])
  await writeFile(join(work, 'a.txt'), 'a\n')
  await shell('add', '.')
  await shell('commit', '-q', '-m', 'One')
  await shell('push', '-q', gitDir, 'main')
  await shell('checkout', '-q', '-b', 'better')
  await writeFile(join(work, 'a.txt'), 'b\n')
  await shell('commit', '-q', '-a', '-m', 'Two')
  await shell('push', '-q', gitDir, 'better')
  head = await git('rev-parse', 'better')
  pull = (await ada.octokit.rest.pulls.create({ ...at(), title: 'Better', head: 'better', base: 'main' })).data.number
})
afterAll(async () => {
  await local.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a comment that is kept', () => {
  const marker = 'modelyard:report:flight-delay'
  const bodies = async (issue: number) =>
    (await ada.octokit.rest.issues.listComments({ ...at(), issue_number: issue })).data.map(({ body }) => body)
  const issue = async () => (await ada.octokit.rest.issues.create({ ...at(), title: 'x' })).data.number

  it('is made once, updated in place, and left alone where it says the same', async () => {
    const number = await issue()
    const made = await hub.upsertComment(ada, { issue: number, marker, body: 'first' })
    expect(made.changed).toBe(true)
    expect(await hub.upsertComment(ada, { issue: number, marker, body: 'first' })).toEqual({ ...made, changed: false })
    expect(await hub.upsertComment(ada, { issue: number, marker, body: 'second' })).toEqual({ ...made, changed: true })
    await hub.upsertComment(ada, { issue: number, marker: 'modelyard:report:other', body: 'other model' })
    expect(await bodies(number)).toEqual([`<!-- ${marker} -->\nsecond`, '<!-- modelyard:report:other -->\nother model'])
  })

  it('is found behind more comments than one page holds', async () => {
    const number = await issue()
    for (let count = 0; count < 101; count++)
      await bob.octokit.rest.issues.createComment({ ...at(), issue_number: number, body: `chat ${count}` })
    const made = await hub.upsertComment(ada, { issue: number, marker, body: 'first' })
    expect((await hub.upsertComment(ada, { issue: number, marker, body: 'second' })).id).toBe(made.id)
  })

  it('is never somebody else’s, whatever that one wrote into it', async () => {
    const number = await issue()
    const fake = `<!-- ${marker} -->\nAll gates pass`
    await bob.octokit.rest.issues.createComment({ ...at(), issue_number: number, body: fake })
    await hub.upsertComment(ada, { issue: number, marker, body: 'It failed' })
    expect(await bodies(number)).toEqual([fake, `<!-- ${marker} -->\nIt failed`])
  })

  it('is changed only where it is, if that is asked', async () => {
    const number = await issue()
    expect(await hub.changeComment(ada, { issue: number, marker, body: 'not reported' })).toBeUndefined()
    expect(await bodies(number)).toEqual([])
    const { id } = await hub.upsertComment(ada, { issue: number, marker, body: 'first' })
    expect(await hub.changeComment(ada, { issue: number, marker, body: 'not reported' })).toMatchObject({ id })
    expect(await bodies(number)).toEqual([`<!-- ${marker} -->\nnot reported`])
  })

  it('stays one where two are made at once', async () => {
    for (let round = 0; round < 5; round++) {
      const number = await issue()
      await Promise.all(['one', 'two'].map((body) => hub.upsertComment(ada, { issue: number, marker, body })))
      expect(await bodies(number)).toHaveLength(1)
    }
  })
})

describe('a check that is kept', () => {
  const annotation = (index: number): hub.Annotation => ({
    ...{ path: 'a.txt', start_line: index + 1, end_line: index + 1 },
    annotation_level: 'warning',
    message: `line ${index + 1}`,
  })
  const runs = async () =>
    (await ada.octokit.rest.checks.listForRef({ ...at(), ref: head, filter: 'all' })).data.check_runs

  it('is updated in place, takes more annotations than a request, and is left alone where nothing changed', async () => {
    const check: hub.Check = { name: 'model', sha: head, conclusion: 'failure', title: 'worse', summary: 'by a lot' }
    const made = await hub.upsertCheck(job, check)
    const annotations = Array.from({ length: 120 }, (_, index) => annotation(index))
    const more = await hub.upsertCheck(job, { ...check, conclusion: 'success', title: 'better', annotations })
    expect(more).toMatchObject({ id: made.id, changed: true })
    expect(await hub.upsertCheck(job, { ...check, conclusion: 'success', title: 'better', annotations })).toMatchObject(
      { id: made.id, changed: false },
    )
    const [only, ...others] = await runs()
    expect(others).toEqual([])
    expect(only).toMatchObject({
      conclusion: 'success',
      status: 'completed',
      output: { title: 'better', annotations_count: 120 },
    })
    // What is annotated cannot be taken back: another result is another check.
    const other = await hub.upsertCheck(job, { ...check, annotations: [annotation(0)] })
    expect(other.id).not.toBe(made.id)
  })
})

describe('a check by a personal token', () => {
  it('is a commit status, for GitHub takes checks from apps alone', async () => {
    const check: hub.Check = {
      name: 'by hand',
      sha: head,
      conclusion: 'failure',
      title: 'worse',
      summary: 's',
      url: 'https://x/1',
    }
    expect(await hub.upsertCheck(ada, check)).toMatchObject({ url: 'https://x/1', changed: true })
    expect(await hub.upsertCheck(ada, check)).toMatchObject({ changed: false })
    expect(await hub.upsertCheck(ada, { ...check, conclusion: 'neutral', title: '🟢'.repeat(200) })).toMatchObject({
      changed: true,
    })
    const { data } = await ada.octokit.rest.repos.getCombinedStatusForRef({ ...at(), ref: head })
    expect(data.statuses).toMatchObject([
      { context: 'by hand', state: 'success', description: '🟢'.repeat(140), target_url: 'https://x/1' },
    ])
  })
})

describe('a check that is only changed', () => {
  it('is not made where it is missing', async () => {
    const check: hub.Check = { name: 'claims', sha: head, conclusion: 'neutral', title: 'a claim', summary: 's' }
    expect(await hub.changeCheck(job, check)).toBeUndefined()
    const { id } = await hub.upsertCheck(job, check)
    expect(await hub.changeCheck(job, { ...check, conclusion: 'failure' })).toMatchObject({ id, changed: true })
  })
})

describe('the pull requests from a branch', () => {
  const from = (changes: object) =>
    hub.listPullRequestsAt(ada, { headRepository: 'ada/models', branch: 'better', sha: head, ...changes })

  it('are those whose newest commit it is, into whatever branch they go', async () => {
    await ada.octokit.rest.git.createRef({ ...at(), ref: 'refs/heads/next', sha: await git('rev-parse', 'main') })
    const { data } = await ada.octokit.rest.pulls.create({ ...at(), title: 'Next', head: 'better', base: 'next' })
    expect((await from({})).map(({ number }) => number).sort()).toEqual([pull, data.number])
    await ada.octokit.rest.pulls.update({ ...at(), pull_number: data.number, state: 'closed' })
    expect(await from({})).toMatchObject([{ number: pull, head, fork: false }])
  })

  it('are none for an older commit, another branch, or the same branch of somebody else', async () => {
    expect(await from({ sha: await git('rev-parse', 'main') })).toEqual([])
    expect(await from({ branch: 'other' })).toEqual([])
    expect(await from({ headRepository: 'ada/models-2' })).toEqual([])
    expect(await from({ headRepository: 'eve/models' })).toEqual([])
  })
})

describe('the pull request of a commit', () => {
  it('is found by the head, and by the commit of its merge', async () => {
    expect(await hub.findPullRequest(ada, { sha: head })).toMatchObject({
      number: pull,
      title: 'Better',
      author: 'ada',
      head,
      base: 'main',
      fork: false,
      merged: false,
      mergeCommit: null,
    })
    expect(await hub.findPullRequest(ada, { sha: await git('rev-parse', 'main') })).toBeUndefined()
    expect(await hub.findPullRequest(ada, { sha: '0'.repeat(40) })).toBeUndefined()
    const { data } = await ada.octokit.rest.pulls.merge({ ...at(), pull_number: pull })
    expect(await hub.findPullRequest(ada, { sha: data.sha })).toMatchObject({
      number: pull,
      merged: true,
      mergeCommit: data.sha,
      head,
    })
  })
})

describe('refs', () => {
  it('are read, listed by how they begin, and moved by compare and swap', async () => {
    const tree = await git('rev-parse', 'main^{tree}')
    const [one, two, three] = await Promise.all(
      ['1', '2', '3'].map((message) => hub.createCommit(ada, { message, tree, parents: [] })),
    )
    const next = await hub.createCommit(ada, { message: 'next', tree, parents: [one!] })
    const ref = 'refs/modelyard/flight.delay'
    expect(await hub.readRef(ada, ref)).toBeNull()
    expect(await hub.advanceRef(ada, { ref, from: null, to: one! })).toBe('advanced')
    expect(await hub.advanceRef(ada, { ref, from: null, to: two! })).toBe('lost')
    expect(await hub.advanceRef(ada, { ref, from: null, to: one! })).toBe('advanced')
    expect(await hub.advanceRef(ada, { ref, from: one!, to: next })).toBe('advanced')
    expect(await hub.advanceRef(ada, { ref, from: one!, to: three! })).toBe('lost')
    expect(await hub.readRef(ada, ref)).toEqual({ sha: next, type: 'commit' })
    await expect(
      hub.advanceRef(ada, { ref: 'refs/modelyard/x', from: null, to: '1'.repeat(40) }),
    ).rejects.toBeInstanceOf(hub.GitHubError)
  })

  it('hold annotated tags, whose names have signs in them', async () => {
    const commit = await git('rev-parse', 'main')
    const tag = {
      name: 'm#prod#1',
      commit,
      message: 'Assigning\n\nKey: value\n',
      tagger: 'ada',
      time: '2026-01-01T00:00:05.000Z',
    }
    const object = await hub.createTagObject(ada, tag)
    expect(await hub.listRefs(ada, 'refs/tags/m#')).toEqual([])
    await hub.advanceRef(ada, { ref: 'refs/tags/m#prod#1', from: null, to: object })
    await hub.advanceRef(ada, { ref: 'refs/tags/m2#prod#1', from: null, to: commit })
    expect(await hub.listRefs(ada, 'refs/tags/m#')).toEqual([{ ref: 'refs/tags/m#prod#1', sha: object, type: 'tag' }])
    expect(await hub.readTagObject(ada, object)).toMatchObject({
      name: 'm#prod#1',
      target: { sha: commit },
      tagger: 'ada',
      time: tag.time,
    })
    expect(await git('cat-file', '-t', 'refs/tags/m#prod#1')).toBe('tag')
  })

  it('lead to files', async () => {
    const commit = await git('rev-parse', 'main')
    expect(await hub.readFileAt(ada, commit, 'a.txt')).toBe('b\n')
    expect(await hub.readFileAt(ada, commit, 'none/b.txt')).toBeNull()
    const base = await git('rev-parse', 'main^{tree}')
    const tree = await hub.createTree(ada, {
      base,
      changes: [
        { path: 'a.txt', content: null },
        { path: 'x/y/z.json', content: '{}' },
        { path: 'x/y/a/b', content: 'b' },
      ],
    })
    const made = await hub.createCommit(ada, { message: 'm', tree, parents: [commit] })
    expect(await hub.listFolder(ada, { commit: made, folder: 'x/y' })).toEqual(['x/y/a/b', 'x/y/z.json'])
    expect(await hub.listFolder(ada, { commit: made, folder: '.github/workflows' })).toEqual([])
    expect(await hub.readCommit(ada, made)).toMatchObject({ tree, parents: [commit] })
  })
})

describe('the files of a release', () => {
  const bytes = new TextEncoder().encode('a model')

  it('are uploaded with their digest compared, kept where they are equal, and replaced where they are not', async () => {
    const release = await hub.createDraft(ada, { tag: 'm@v1.0.0', name: 'm v1.0.0', body: '' })
    const upload = (content: Uint8Array<ArrayBuffer>) =>
      hub.uploadAsset(ada, release, {
        ...{ name: 'model.onnx', content: new Blob([content]), contentType: 'application/octet-stream' },
        sha256: createHash('sha256').update(content).digest('hex'),
      })
    const first = await upload(bytes)
    expect(first).toMatchObject({ name: 'model.onnx', bytes: 7 })
    expect((await upload(bytes)).id).toBe(first.id)
    const larger = Buffer.alloc(3_000_000, 7)
    const second = await upload(larger)
    expect(second).toMatchObject({ name: 'model.onnx', bytes: 3_000_000 })
    expect((await hub.listAssets(ada, release.id)).map(({ id }) => id)).toEqual([second.id])
    const part = await (await hub.openAsset(ada, second.id))({ start: 2_000_000, end: 3_000_000 })
    expect(Buffer.concat(await Readable.from(part).toArray()).equals(larger.subarray(2_000_000))).toBe(true)
  })

  it('go with their length, and what GitHub then holds is compared', async () => {
    const lengths: unknown[] = []
    let digest = 'sha256:abc'
    const server = createServer((request, response) => {
      lengths.push(request.headers['content-length'], request.url)
      request.resume().on('end', () => {
        response.writeHead(201, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ id: 1, name: 'model.onnx', size: 7, state: 'uploaded', digest }))
      })
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const uploadUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/assets{?name,label}`
    const release = { id: 1, tag: 't', name: 'n', body: '', draft: true, url: '', uploadUrl, assets: [] }
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const file = { name: 'model.onnx', content: new Blob([bytes]), sha256, contentType: 'application/octet-stream' }
    await expect(hub.uploadAsset(ada, release, file, [])).rejects.toThrow(
      /^GitHub holds model\.onnx with the digest abc, but model\.onnx with [0-9a-f]{12} was uploaded\. Run it again\.$/,
    )
    digest = `sha256:${sha256}`
    expect(await hub.uploadAsset(ada, release, file, [])).toMatchObject({ id: 1, bytes: 7 })
    expect(lengths.slice(0, 2)).toEqual(['7', '/assets?name=model.onnx'])
    server.close()
  })

  it('go with the draft that is deleted; deleting it twice is deleting it once', async () => {
    const release = await hub.createDraft(ada, { tag: 'm@v2.0.0', name: 'm v2.0.0', body: '' })
    await hub.deleteDraft(ada, release.id)
    await hub.deleteDraft(ada, release.id)
    expect(await hub.readRelease(ada, release.id)).toBeNull()
  })
})
