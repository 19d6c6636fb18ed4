import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { type LocalGitHub, startLocalGitHub } from '@modelyard/local-github'
import { validate } from '@octokit/graphql-schema'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import * as hub from '../src/index.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const run = promisify(execFile)
const FILES = {
  'a.txt': 'a\n',
  'b.txt': 'b\n',
  'empty.txt': '',
  binary: 'a\0b',
  large: 'x'.repeat(600 * 1024),
  'in/flows/one.yml': '1',
  'in/flows/a/b/two.yml': '2',
  'in/deep/1/2/3/4/five.yml': '5',
}

let folder: string
let local: LocalGitHub
let token: string
let head: string
const git = async (...args: string[]) => (await run('git', args, { cwd: join(folder, 'work') })).stdout.trimEnd()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-graph-'))
  local = await startLocalGitHub({ root: join(folder, 'server') })
  token = (await local.createUser('ada')).token
  const { gitDir } = await local.createRepository('ada/models', { owner: 'ada' })
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, 'work', path)), { recursive: true })
    await writeFile(join(folder, 'work', path), text)
  }
  await git('init', '-q', '-b', 'main')
  await git('config', 'user.name', 'Ada')
  await git('config', 'user.email', 'ada@example.com')
  await git('add', '.')
  await git('commit', '-q', '-m', 'One')
  await git('tag', '-a', 'm@v1.0.0', '-m', 'Registering\n\nKey: value')
  await git('tag', '-a', 'again', '-m', 'A tag of a tag', 'm@v1.0.0')
  await git('push', '-q', gitDir, 'main', '--tags', 'main:refs/modelyard/m')
  head = await git('rev-parse', 'HEAD')
})
afterAll(async () => {
  await local.close()
  await rm(folder, { recursive: true, force: true })
})

/** A connection that notes what it asks for; `answer` stands for GraphQL where it is given. */
function watched(answer?: (query: string) => object | undefined) {
  const asked: string[] = []
  const queries: string[] = []
  const github = hub.connect({
    token,
    repository: 'ada/models',
    apiUrl: local.apiUrl,
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input))
      asked.push(pathname.replace(/^\/api\/(v3\/repos\/ada\/models\/)?/, ''))
      if (!pathname.endsWith('/graphql')) return fetch(input, init)
      const { query } = JSON.parse(String(init?.body)) as { query: string }
      queries.push(query)
      const answered = answer?.(query)
      return answered ? Response.json(answered) : fetch(input, init)
    },
  })
  return { github, asked, queries }
}

describe('reads of one tick', () => {
  it('are one query, which GitHub’s published schema allows, and answer what REST answers', async () => {
    const { github, asked, queries } = watched()
    const tag = await git('rev-parse', 'm@v1.0.0')
    const outer = await git('rev-parse', 'again')
    await hub.createDraft(github, { tag: 'pending', name: 'm v1', body: 'text' })
    asked.length = 0
    const answers = await Promise.all([
      hub.loadTag(github, tag),
      hub.loadTag(github, outer),
      hub.loadText(github, head, 'a.txt'),
      hub.loadText(github, 'refs/tags/m@v1.0.0', 'empty.txt'),
      hub.loadText(github, 'main', 'none/at/all'),
      hub.loadFolder(github, { commit: head, folder: 'in/flows' }),
      hub.loadFolder(github, { commit: head, folder: 'none' }),
      hub.loadRefFile(github, 'refs/modelyard/m', 'a.txt'),
      hub.loadRefFile(github, 'refs/modelyard/m', 'none'),
      hub.loadRelease(github, 'pending'),
      hub.loadRelease(github, 'none'),
    ])
    expect(asked).toEqual(['graphql'])
    expect(validate(queries)).toEqual([])
    expect(answers).toEqual([
      await hub.readTagObject(github, tag),
      await hub.readTagObject(github, outer),
      'a\n',
      '',
      null,
      await hub.listFolder(github, { commit: head, folder: 'in/flows' }),
      [],
      { sha: head, text: 'a\n' },
      { sha: head, text: null },
      expect.objectContaining({ tag: 'pending', name: 'm v1', body: 'text', draft: true }),
      null,
    ])
  })

  it('are as many queries as 250 fields each make, and more where that is too much for GitHub', async () => {
    const read = async (github: hub.GitHub) => {
      const texts = Array.from({ length: 251 }, () => hub.loadText(github, 'main', 'a.txt'))
      expect(new Set(await Promise.all(texts))).toEqual(new Set(['a\n']))
    }
    const { github, asked } = watched()
    await read(github)
    expect(asked).toEqual(['graphql', 'graphql'])

    const tooMuch = { data: { repository: null }, errors: [{ message: 'Resource limits for this query exceeded.' }] }
    const strict = watched((query) => (query.split('\n').length > 100 ? tooMuch : undefined))
    await read(strict.github)
    expect(strict.asked).toEqual(Array(8).fill('graphql'))
  })

  it('do not ask again for objects, which never change', async () => {
    const { github, asked } = watched()
    const sha = await git('rev-parse', 'm@v1.0.0')
    const read = async () => [
      await Promise.all([hub.loadTag(github, sha), hub.loadText(github, head, 'a.txt')]),
      await hub.loadRefFile(github, 'refs/modelyard/m', 'a.txt'),
    ]
    expect(await read()).toEqual(await read())
    expect(asked).toEqual(['graphql', 'graphql', 'graphql'])
  })
})

describe('what GraphQL does not tell', () => {
  it.each(['large', 'binary'])('of a file that is %s, REST does', async (path) => {
    const { github, asked } = watched()
    expect(await hub.loadText(github, head, path)).toBe(FILES[path as keyof typeof FILES])
    expect(asked).toEqual(['graphql', `contents/${path}`])
  })

  const answered = { a: { file: { object: { text: 'a\n', isTruncated: false } } }, nothing: { file: null } }
  it.each([
    ['as the error’s path says', ['repository', 'f0', 'file'], ['graphql', 'contents/b.txt']],
    ['of an error without a path, nobody knows which', undefined, ['graphql', 'contents/b.txt', 'contents/a.txt']],
  ])('of a field for which it ran out of time, REST does: %s', async (_, path, expected) => {
    const { github, asked } = watched(() => ({
      data: { repository: { f0: answered.nothing, f1: answered.a } },
      errors: [{ type: 'SERVICE_UNAVAILABLE', message: 'Try again later.', path }],
    }))
    const texts = [hub.loadText(github, 'main', 'b.txt'), hub.loadText(github, 'main', 'a.txt')]
    expect(await Promise.all(texts)).toEqual(['b\n', 'a\n'])
    expect(asked).toEqual(expected)
  })

  it('of what was too much for one query, nothing counts as absent', async () => {
    const tooMuch = { type: 'RESOURCE_LIMITS_EXCEEDED', message: 'Too much.', path: ['repository', 'f0', 'file'] }
    const { github } = watched(() => ({ data: { repository: { f0: { file: null } } }, errors: [tooMuch] }))
    expect(await hub.loadText(github, head, 'b.txt')).toBe('b\n')
    expect(await hub.loadFolder(github, { commit: head, folder: 'in/flows' })).toHaveLength(2)
  })

  it.each([
    [
      'GitHub, which is waited for twice,',
      3,
      'https://api.github.com',
      { type: 'RATE_LIMITED', message: 'API rate limit exceeded for ada.' },
    ],
    ['a server of one’s own', 1, undefined, { type: 'RATE_LIMIT', message: 'API rate limit exceeded for ada.' }],
  ])('because the rate limit of %s is used up, nobody asks for, one by one', async (_, times, apiUrl, error) => {
    const asked: string[] = []
    const github = hub.connect({
      token,
      repository: 'ada/models',
      apiUrl: apiUrl ?? local.apiUrl,
      fetch: async (input) => {
        asked.push(new URL(String(input)).pathname)
        return Response.json({ data: null, errors: [error] })
      },
    })
    const texts = Array.from({ length: 100 }, (_, index) => hub.loadText(github, 'main', `${index}.txt`))
    for (const outcome of await Promise.allSettled(texts))
      expect(outcome).toMatchObject({
        reason: {
          ...{ name: 'GitHubError', status: 429 },
          message: `GitHub's rate limit is used up, so it could not read the repository (API rate limit exceeded for ada). Run it again later.`,
        },
      })
    expect(asked).toEqual(Array(times).fill(expect.stringMatching(/\/graphql$/)))
  })

  it('of folders that are deep, REST does', async () => {
    const { github } = watched()
    expect(await hub.loadFolder(github, { commit: head, folder: 'in/deep' })).toEqual(['in/deep/1/2/3/4/five.yml'])
  })

  it.each([
    ['it finds nothing', () => ({ data: { repository: {} } })],
    ['it gives up', () => ({ data: { repository: null }, errors: [{ message: 'Resource limits exceeded' }] })],
    ['it refuses', () => ({ errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }] })],
  ])('because %s, REST does, so that nothing is taken for absent', async (_, answer) => {
    const { github } = watched(answer)
    const sha = await git('rev-parse', 'm@v1.0.0')
    expect(await hub.loadTag(github, sha)).toMatchObject({ name: 'm@v1.0.0', tagger: 'Ada', target: { sha: head } })
    expect(await hub.loadText(github, head, 'a.txt')).toBe('a\n')
    expect(await hub.loadText(github, head, 'none')).toBeNull()
    expect(await hub.loadFolder(github, { commit: head, folder: 'in/flows' })).toHaveLength(2)
    expect(await hub.loadRefFile(github, 'refs/modelyard/m', 'a.txt')).toEqual({ sha: head, text: 'a\n' })
    expect(await hub.loadRefFile(github, 'refs/modelyard/none', 'a.txt')).toBeNull()
    await expect(hub.loadTag(github, head)).rejects.toBeInstanceOf(hub.GitHubError)
  })

  it('because it refuses, nobody can: drafts are found by no other way', async () => {
    const { github } = watched(() => ({ errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by x.' }] }))
    await expect(hub.loadRelease(github, 'pending')).rejects.toMatchObject({
      name: 'GitHubError',
      status: 403,
      message: 'GitHub refused to read the repository: Resource not accessible by x.',
    })
  })

  it('to a token of another repository, it does not tell that the repository is there', async () => {
    await local.createRepository('eve/secret', { owner: 'eve', private: true })
    const github = hub.connect({ token, repository: 'eve/secret', apiUrl: local.apiUrl })
    await expect(hub.loadRelease(github, 'm@v1.0.0')).rejects.toMatchObject({
      status: 404,
      message: "GitHub refused to read the repository: Could not resolve to a Repository with the name 'eve/secret'.",
    })
  })
})
