import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, fetchVersion, quarantine, readState, register } from '../src/index.ts'
import { candidate, inProduction } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'
import { writeTags } from './support/tags.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const run = promisify(execFile)
const MODEL = 'flight-delay'
/** What the model of a hundred versions was judged against. */
const STANDING = { champion: 'v0.99.0', today: inProduction }

let server: Server
let repository: Repository
let large: Repository
beforeAll(async () => {
  server = await openServer()
  repository = await server.repository()
  await register(repository.connect(), candidate('one', repository))
  await register(repository.connect(), candidate('two', repository))
  large = await server.repository()
  await pushVersions(large, { versions: 100, stages: ['staging', 'production'] })
  await register(large.connect(), candidate('one', { ...large, expect: STANDING }))
})
afterAll(() => server.close())

/** Versions that another tool registered, each of which went through all stages. */
async function pushVersions(
  { gitDir }: Repository,
  { versions, stages }: { versions: number; stages: string[] },
): Promise<void> {
  const tags = Array.from({ length: versions }, (_, at) => [
    { name: `${MODEL}@v0.${at}.0`, at, time: 10 * at },
    ...stages.map((stage, index) => ({ name: `${MODEL}#${stage}#${at + 1}`, at, time: 10 * at + index + 1 })),
  ]).flat()
  const folder = await writeTags(versions, tags)
  await run('git', ['push', '-q', gitDir, '--tags'], { cwd: folder })
  await rm(folder, { recursive: true, force: true })
}

/** What a connection of its own asked for while it worked: `POST git/trees`. */
async function callsOf(
  { connect, name }: Repository,
  work: (github: ReturnType<Repository['connect']>) => Promise<unknown>,
): Promise<string[]> {
  const calls: string[] = []
  const github = connect(async (input, init) => {
    const path = new URL(String(input)).pathname
      .replace(/^\/api\/(?:v3\/|uploads\/)?/, '')
      .replace(`repos/${name}/`, '')
    calls.push(`${init?.method ?? 'GET'} ${path}`)
    return fetch(input, init)
  })
  await work(github)
  return calls
}

const isUpload = (call: string) => /^POST releases\/\d+\/assets$/.test(call)

describe('GitHub is asked no more than is needed', () => {
  it('to read a state: one listing and one query', async () => {
    expect(await callsOf(repository, (github) => readState(github, MODEL))).toEqual([
      `GET git/matching-refs/tags%2F${MODEL}`,
      'POST graphql',
    ])
  })

  it('to register a version: eleven calls and its uploads', async () => {
    const calls = await callsOf(repository, (github) => register(github, candidate('three', repository)))
    expect(calls.filter(isUpload)).toHaveLength(2)
    expect(calls.filter((call) => !isUpload(call))).toEqual([
      `GET git/matching-refs/tags%2F${MODEL}`,
      'POST graphql',
      'POST releases',
      'POST git/trees',
      'POST git/commits',
      'POST git/tags',
      'POST git/trees',
      'POST git/commits',
      `PATCH git/refs/modelyard%2F${MODEL}`,
      'POST git/refs',
      expect.stringMatching(/^PATCH releases\/\d+$/),
    ])
  })

  it('to register a version of a model with a hundred versions and two hundred stage tags: twelve', async () => {
    const calls = await callsOf(large, (github) => register(github, candidate('two', { ...large, expect: STANDING })))
    expect(calls.filter((call) => !isUpload(call))).toHaveLength(12)
    expect(calls.filter((call) => call === 'POST graphql')).toHaveLength(2)
  })

  it('to find a version again: four', async () => {
    const calls = await callsOf(repository, (github) => register(github, candidate('two', repository)))
    expect(calls).toHaveLength(4)
  })

  it('to move a stage, or to put a version into quarantine: seven', async () => {
    const move = { model: MODEL, stage: 'production', version: 'v1.0.0', reason: '', actor: 'ada' }
    const expectation = { expect: { current: null } }
    expect(await callsOf(repository, (github) => assign(github, { ...move, ...expectation }))).toHaveLength(7)
    expect(await callsOf(repository, (github) => quarantine(github, { ...move, version: 'v1.0.1' }))).toHaveLength(7)
  })

  it('to fetch the latest version: five, the download among them', async () => {
    const options = { model: MODEL, version: 'latest', folder: `${server.folder}/fetched` }
    const calls = await callsOf(repository, (github) => fetchVersion(github, options))
    expect(calls).toHaveLength(5)
  })
})
