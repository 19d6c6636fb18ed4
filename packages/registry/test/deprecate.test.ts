import { findRelease } from '@modelyard/github'
import { UserError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { logRef, readLogTip } from '../src/events/log.ts'
import { assign, deprecate, quarantine, readState, readTags, register, resolveVersion, unassign } from '../src/index.ts'
import { historyOf } from '../src/tags/history.ts'
import { candidate } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
let two: Repository
beforeAll(async () => {
  server = await openServer()
  two = await withReleases()
})
afterAll(() => server.close())

const MODEL = 'flight-delay'
const by = { model: MODEL, actor: 'ada', reason: 'It learned from wrong labels.' }
const TODAY = new Date().toISOString().slice(0, 10)

/** Two versions with their releases, the newer one in production. */
async function withReleases(): Promise<Repository> {
  const repository = await server.repository()
  const github = repository.connect()
  await register(github, candidate('one', repository))
  await register(github, candidate('two', repository))
  const move = { ...by, stage: 'production', version: 'v1.0.1', expect: { current: null } }
  await assign(github, move)
  return repository
}

/** The same without the releases, of which most of these tests ask nothing. */
const withTwo = () => server.repository(two)

const refs = ({ git }: Repository) => git('for-each-ref')

describe('emptying a stage', () => {
  it('is an event of its own, once, after which the stage may be filled again', async () => {
    const repository = await withTwo()
    const github = repository.connect()
    const request = { ...by, stage: 'production', version: 'v1.0.1' }
    expect(await unassign(github, request)).toEqual({ tag: 'flight-delay#production!#2', found: false })
    const before = await refs(repository)
    expect(await unassign(github, request)).toEqual({ tag: 'flight-delay#production!#2', found: true })
    expect(await refs(repository)).toBe(before)
    expect((await readState(github, MODEL)).stages.production).toMatchObject({ current: null })
    expect(await readLogTip(github, MODEL)).toMatchObject({ event: { type: 'unassignment', stage: 'production' } })
    expect(await repository.git('log', '-1', '--format=%B', logRef(MODEL))).toMatch(
      /^flight-delay v1\.0\.1 is no longer in production\n\nIt learned from wrong labels\.\n\nModel: flight-delay\n/,
    )
    const again = { ...request, expect: { current: null } }
    expect(await assign(github, again)).toMatchObject({ tag: 'flight-delay#production#3', found: false })
  })

  it('is refused where the stage holds something else', async () => {
    const repository = await withTwo()
    const before = await refs(repository)
    const ask = (stage: string, version: string) => unassign(repository.connect(), { ...by, stage, version })
    await expect(ask('production', 'v1.0.0')).rejects.toThrow(
      new UserError(
        'production of flight-delay holds v1.0.1, not v1.0.0, so it was left as it is. Ask for what it holds.',
      ),
    )
    await expect(ask('staging', 'v1.0.1')).rejects.toThrow('Nothing was ever in staging of flight-delay. Its stages')
    expect(await refs(repository)).toBe(before)
  })
})

describe('deprecating a version', () => {
  it('takes it out of what is chosen, keeps its bytes, and says so wherever it is asked for', async () => {
    const repository = await withReleases()
    const github = repository.connect()
    const request = { ...by, version: 'v1.0.0' }
    expect(await deprecate(github, request)).toEqual({ tag: 'flight-delay@v1.0.0!', found: false })
    const before = await refs(repository)
    expect(await deprecate(github, request)).toEqual({ tag: 'flight-delay@v1.0.0!', found: true })
    expect(await refs(repository)).toBe(before)

    const state = await readState(github, MODEL)
    expect(state.versions.map(({ version }) => version)).toEqual(['v1.0.1'])
    expect(state.deprecated.map(({ version }) => version)).toEqual(['v1.0.0'])
    const sentence = `flight-delay v1.0.0 is deprecated since ${TODAY}, by ada («It learned from wrong labels.»). There are the stages production (v1.0.1); it has v1.0.1.`
    expect(() => resolveVersion(state, 'v1.0.0')).toThrow(new UserError(sentence))
    const move = { ...by, stage: 'staging', version: 'v1.0.0', expect: { current: null } }
    await expect(assign(github, move)).rejects.toThrow(new UserError(sentence))
    expect(await findRelease(github, 'flight-delay@v1.0.0')).toMatchObject({ draft: false })
    expect(historyOf(MODEL, await readTags(github, MODEL)).at(-1)).toMatchObject({
      kind: 'deregistration',
      version: 'v1.0.0',
    })
  })

  it('is refused while a stage holds it, until that is emptied', async () => {
    const repository = await withTwo()
    const github = repository.connect()
    const before = await refs(repository)
    const request = { ...by, version: 'v1.0.1' }
    await expect(deprecate(github, request)).rejects.toThrow(
      new UserError(
        'production of flight-delay holds v1.0.1, so it cannot be deprecated. Deploy another version there, or empty the stage: modelyard registry deprecate --name flight-delay --version v1.0.1 --stage production --reason "…"',
      ),
    )
    await expect(deprecate(github, { ...by, version: 'v7.0.0' })).rejects.toThrow('has no version or stage "v7.0.0"')
    await expect(deprecate(github, { ...by, version: 'production' })).rejects.toThrow(
      'The version is "production"; it must look like v1.2.3.',
    )
    expect(await refs(repository)).toBe(before)
    await unassign(github, { ...request, stage: 'production' })
    expect(await deprecate(github, request)).toMatchObject({ found: false })
  })

  it('does not come back by a workflow that runs by itself, only under a name that somebody asks for', async () => {
    const repository = await withTwo()
    const github = repository.connect()
    await deprecate(github, { ...by, version: 'v1.0.0' })
    const judged = { champion: 'v1.0.1', today: () => 'v1.0.1' }
    const again = candidate('one', { ...repository, expect: judged })
    await expect(register(github, again)).rejects.toThrow(
      new UserError(
        `These bytes of flight-delay are v1.0.0, which is deprecated since ${TODAY}, by ada («It learned from wrong labels.»): train a model that differs, or ask for a version by name.`,
      ),
    )
    await expect(register(github, { ...again, version: 'v1.0.0' })).rejects.toThrow(
      'The tag flight-delay@v1.0.0 exists',
    )
    expect(await register(github, { ...again, version: 'v1.0.2' })).toMatchObject({ version: 'v1.0.2', found: false })
    expect(await register(github, again)).toMatchObject({ version: 'v1.0.2', found: true })
  })
})

describe('deprecating a model', () => {
  it('stops what is new, until another version is registered', async () => {
    const repository = await withTwo()
    const github = repository.connect()
    const request = { ...by, version: null, reason: 'Nobody asks it any more.' }
    await expect(deprecate(github, request)).rejects.toThrow(
      'production of flight-delay holds v1.0.1, so the model cannot be deprecated. Deploy another version there, or empty',
    )
    await unassign(github, { ...by, stage: 'production', version: 'v1.0.1' })
    expect(await deprecate(github, request)).toEqual({ tag: 'flight-delay@deprecated', found: false })
    expect(await deprecate(github, request)).toEqual({ tag: 'flight-delay@deprecated', found: true })
    expect((await readLogTip(github, MODEL))?.event).toMatchObject({ type: 'deprecation', version: null })
    const move = { ...by, stage: 'production', version: 'v1.0.1', expect: { current: null } }
    await expect(assign(github, move)).rejects.toThrow(
      new UserError(
        `flight-delay is deprecated since ${TODAY}, by ada («Nobody asks it any more.»), so none of its versions goes anywhere. Register a new one: that takes it back.`,
      ),
    )

    expect(await register(github, candidate('three', repository))).toMatchObject({ version: 'v1.0.2' })
    expect((await readState(github, MODEL)).deprecated).toEqual([])
    expect(await assign(github, move)).toMatchObject({ found: false })
    await unassign(github, move)
    expect(await deprecate(github, request)).toEqual({ tag: 'flight-delay@deprecated#1', found: false })
  })

  it('needs a version to be about', async () => {
    const repository = await server.repository()
    await expect(deprecate(repository.connect(), { ...by, version: null })).rejects.toThrow(
      'flight-delay has no version yet: register one first.',
    )
  })

  it('is about a version by its number, as quarantine is', async () => {
    const github = two.connect()
    for (const act of [quarantine, deprecate])
      await expect(act(github, { ...by, version: 'latest' })).rejects.toThrow(
        new UserError('The version is "latest"; it must look like v1.2.3.'),
      )
  })

  it('takes versions in quarantine as well', async () => {
    const repository = await withTwo()
    const github = repository.connect()
    await quarantine(github, { ...by, version: 'v1.0.0' })
    expect(await deprecate(github, { ...by, version: 'v1.0.0' })).toMatchObject({ found: false })
  })
})
