import { mkdtemp, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createCommit, createTree, deleteAsset, findRelease, listAssets } from '@modelyard/github'
import { assign, quarantine, register } from '@modelyard/registry'
import type { Problem } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { candidate } from '../../registry/test/support/candidate.ts'
import { openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { type FetchRequest, fetchModel } from '../src/fetch-model.ts'
import { modelCache, type StepContext } from '../src/index.ts'

const MODEL = 'flight-delay'
const DESCRIPTION = 'Will this flight arrive more than 15 minutes late?'

let server: Server
let repository: Repository
let fork: Repository
beforeAll(async () => {
  server = await openServer()
  repository = await server.repository()
  fork = await server.repository()
  const github = repository.connect()
  await register(github, candidate('one', { source: repository.source }))
  const common = { model: MODEL, version: 'v1.0.0', actor: 'ada', reason: 'Because.' }
  await assign(github, { ...common, stage: 'staging', expect: { current: null } })
  await quarantine(github, common)
}, 60_000)
afterAll(() => server.close())

/** A job that has no checkout at all, in the repository or in a fork of it. */
async function fetchIn(
  { connect, name }: Repository,
  request: Omit<FetchRequest, 'folder'>,
  run: StepContext['run'] = {},
  cache?: StepContext['cache'],
  warnings: string[] = [],
) {
  const root = await mkdtemp(join(server.folder, 'job-'))
  const warn = ({ message }: Problem) => void warnings.push(message)
  const log = { info: () => {}, warn, group: <T>(_: string, work: () => Promise<T>) => work() }
  const store = { publish: async () => {}, collect: async () => [] }
  const github = connect()
  return fetchModel(
    { root, log, store, github, run: { repository: name, ...run }, ...(cache ? { cache } : {}) },
    { folder: 'model', ...request },
  )
}

describe('fetching a model', () => {
  it('needs no checkout, and tells by which event the model is there', async () => {
    const fetched = await fetchIn(repository, { model: MODEL, version: 'staging' })
    expect(fetched).toMatchObject({ version: 'v1.0.0', event: 'assignment', stage: 'staging', type: 'model' })
    expect(await readFile(fetched.path!, 'utf8')).toBe('one')
    const byVersion = await fetchIn(repository, { model: MODEL, version: 'v1.0.0' })
    expect(byVersion).toMatchObject({ event: 'registration', stage: null, description: DESCRIPTION })
  })

  it('takes what the tag put there that started the run', async () => {
    const fetched = await fetchIn(repository, {}, { tag: 'flight-delay#staging#1' })
    expect(fetched).toMatchObject({ model: MODEL, version: 'v1.0.0', event: 'assignment', stage: 'staging' })
    expect(await readFile(fetched.path!, 'utf8')).toBe('one')
    expect(await fetchIn(repository, {}, { tag: 'flight-delay@v1.0.0' })).toMatchObject({ event: 'registration' })
  })

  it('fetches nothing where the tag took something away', async () => {
    const told = await fetchIn(repository, {}, { tag: 'flight-delay#quarantine#1' })
    expect(told).toMatchObject({ record: null, path: null, version: 'v1.0.0', stage: 'quarantine' })
  })

  it('fetches from the original in a fork, which has no releases', async () => {
    await expect(fetchIn(fork, { model: MODEL })).rejects.toThrow(`There is no model "${MODEL}" in the registry`)
    const fetched = await fetchIn(fork, { model: MODEL, version: 'v1.0.0', repository: repository.name })
    expect(await readFile(fetched.path!, 'utf8')).toBe('one')
  })

  it('warns of a file that says unreadably what the model is, and fetches it all the same', async () => {
    const other = await server.repository()
    const github = other.connect()
    const changes = [{ path: 'dvc.yaml', content: 'artifacts: [' }]
    const tree = await createTree(github, { base: other.source.tree, changes })
    const commit = await createCommit(github, { message: 'Break it', tree, parents: [other.source.commit] })
    await register(github, candidate('one', { source: { commit, tree } }))
    for (const [request, run] of [
      [{ model: MODEL }, {}],
      [{}, { tag: `${MODEL}@v1.0.0` }],
    ] as const) {
      const warnings: string[] = []
      const { path, type } = await fetchIn(other, request, run, undefined, warnings)
      expect([await readFile(path!, 'utf8'), type]).toEqual(['one', 'model'])
      expect(warnings).toEqual([expect.stringMatching(/^dvc\.yaml is no YAML/)])
    }
  })

  it.each([
    [{}, {}, 'The input "name" is empty, and no tag started this run: say under with: which model is meant.'],
    [{}, { tag: 'nightly' }, 'The input "name" is empty, and the tag nightly is none of a registry'],
    [{ model: MODEL, repository: 'models' }, {}, 'The input "repository" is "models"; it must be owner/name.'],
  ])('says what is missing: %o %o', async (request, run, sentence) => {
    await expect(fetchIn(repository, request, run)).rejects.toThrow(sentence)
  })
})

describe('the cache of models', () => {
  it.each([
    [{ RUNNER_TOOL_CACHE: '/opt/tools' }, 'linux', '/opt/tools/modelyard/sha256'],
    [{ XDG_CACHE_HOME: '/home/ada/cache' }, 'linux', '/home/ada/cache/modelyard/sha256'],
    [{}, 'linux', join(homedir(), '.cache/modelyard/sha256')],
    [{}, 'darwin', join(homedir(), 'Library/Caches/modelyard/sha256')],
    [{ LOCALAPPDATA: '/ada' }, 'win32', '/ada/modelyard/sha256'],
  ] as const)('is where caches are: %j on %s', (env, platform, folder) => {
    expect(modelCache(env, platform)).toEqual({ folder })
  })

  it('is none on a machine that is thrown away after the job', () => {
    expect(modelCache({ RUNNER_TOOL_CACHE: '/opt/tools', RUNNER_ENVIRONMENT: 'github-hosted' })).toBeUndefined()
  })

  it('is asked before the release is', async () => {
    const cache = { folder: join(server.folder, 'cache') }
    await fetchIn(repository, { model: MODEL, version: 'v1.0.0' }, {}, cache)
    const { id } = (await findRelease(repository.connect(), `${MODEL}@v1.0.0`))!
    for (const asset of await listAssets(repository.connect(), id)) await deleteAsset(repository.connect(), asset.id)
    const { path } = await fetchIn(repository, { model: MODEL, version: 'v1.0.0' }, {}, cache)
    expect(await readFile(path!, 'utf8')).toBe('one')
  })
})
