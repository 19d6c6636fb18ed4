import { type GitHub, listReleases } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type AssignmentRequest, assign, logRef, readState, register } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { callsToDieAfter, forEachCall } from './support/kill.ts'
import { describeRepository, dyingAfter, openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const MODEL = 'flight-delay'

const move: AssignmentRequest = {
  ...{ model: MODEL, stage: 'production', version: 'v1.0.1', actor: 'ada', reason: 'It is better.' },
  expect: { current: 'v1.0.0' },
}

/** Work on a repository that was prepared, killed after every answer and done again; the end is always the same. */
async function killEverywhere(
  prepare: (repository: Repository) => Promise<void>,
  work: (github: GitHub, repository: Repository) => Promise<unknown>,
): Promise<string> {
  const undisturbed = await server.repository()
  await prepare(undisturbed)
  const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed, (github) => work(github, undisturbed))
  const end = await describeRepository(undisturbed, MODEL)
  const calls = callsToDieAfter(process)
  await forEachCall(calls, async (call) => {
    const repository = await server.repository()
    await prepare(repository)
    const { outcome } = await dyingAfter(call, repository, (github) => work(github, repository))
    expect(outcome).toBe('dead')
    await work(repository.connect(), repository)
    expect(
      await describeRepository(repository, MODEL),
      `killed after call ${call}, ${process.answered[call - 1]}`,
    ).toEqual(end)
  })
  return `killed after ${calls.length} of its ${process.answered.length} API calls and run again, ${calls.length} equal ends`
}

describe('killed after any answer and run again, the end is the same and nothing else is left behind', () => {
  it('registering the first version', async () => {
    const outcome = await killEverywhere(
      async () => {},
      (github, repository) => register(github, candidate('one', repository)),
    )
    console.log(`register, first version: ${outcome}`)
  })

  it('registering a version after others', async () => {
    const outcome = await killEverywhere(
      async (repository) => void (await register(repository.connect(), candidate('one', repository))),
      (github, repository) => register(github, candidate('two', repository)),
    )
    console.log(`register, second version: ${outcome}`)
  })

  it('assigning a version to a stage', async () => {
    const outcome = await killEverywhere(
      async (repository) => {
        const github = repository.connect()
        await register(github, candidate('one', repository))
        await register(github, candidate('two', repository))
        await assign(github, { ...move, version: 'v1.0.0', expect: { current: null } })
      },
      (github) => assign(github, move),
    )
    console.log(`assign: ${outcome}`)
  })

  it('is finished by whoever comes next, where the one who died does not come back', async () => {
    const rehearsal = await server.repository()
    const { process } = await dyingAfter(Number.POSITIVE_INFINITY, rehearsal, (github) =>
      register(github, candidate('one', rehearsal)),
    )
    const seen = { abandoned: 0, finished: 0 }
    await forEachCall(callsToDieAfter(process), async (call) => {
      const repository = await server.repository()
      await dyingAfter(call, repository, (github) => register(github, candidate('one', repository)))
      const announced = (await repository.git('for-each-ref', logRef(MODEL))) !== ''
      const { version } = await register(repository.connect(), candidate('two', repository))
      expect(version).toBe(announced ? 'v1.0.1' : 'v1.0.0')
      // And if it does come back after all, it finds its version or takes the next one; no draft stays.
      const late = await register(repository.connect(), candidate('one', repository))
      expect([late.version, late.found]).toEqual(announced ? ['v1.0.0', true] : ['v1.0.1', false])
      const releases = await listReleases(repository.connect())
      expect(releases.map(({ tag, draft }) => [tag, draft]).sort()).toEqual([
        [`${MODEL}@v1.0.0`, false],
        [`${MODEL}@v1.0.1`, false],
      ])
      seen[announced ? 'finished' : 'abandoned'] += 1
    })
    console.log(
      `register by the next: ${seen.finished} unfinished entries finished, ${seen.abandoned} drafts taken up later`,
    )
    expect(seen.finished).toBeGreaterThan(0)
  })
})

describe('a release', () => {
  it('is never published before its tag is there', async () => {
    const repository = await server.repository()
    const early: string[] = []
    const watched = repository.connect(async (input, init) => {
      const response = await fetch(input, init)
      const published = (await listReleases(repository.connect())).filter(({ draft }) => !draft)
      const tags = await repository.git('tag', '--list')
      early.push(...published.filter(({ tag }) => !tags.split('\n').includes(tag)).map(({ tag }) => tag))
      return response
    })
    await register(watched, candidate('one', repository))
    expect(early).toEqual([])
  })
})

describe('two at once', () => {
  it('register two different versions, and the log is one line', async () => {
    for (let round = 0; round < 5; round++) {
      const repository = await server.repository()
      const both = await Promise.all(
        ['one', 'two'].map((content) => register(repository.connect(), candidate(content, repository))),
      )
      expect(both.map(({ version }) => version).sort()).toEqual(['v1.0.0', 'v1.0.1'])
      const log = await repository.git('log', '--first-parent', '--format=%s', logRef(MODEL))
      // Below the first entry lies what it keeps: the registry commit and the source.
      expect(log.split('\n').slice(0, 3)).toEqual([
        `${MODEL} v1.0.1 registered`,
        `${MODEL} v1.0.0 registered`,
        `${MODEL} v1.0.0`,
      ])
      const releases = await listReleases(repository.connect())
      expect(releases.map(({ tag, draft }) => [tag, draft]).sort()).toEqual([
        [`${MODEL}@v1.0.0`, false],
        [`${MODEL}@v1.0.1`, false],
      ])
    }
  })

  it('register the same version once', async () => {
    for (let round = 0; round < 5; round++) {
      const repository = await server.repository()
      const both = await Promise.allSettled(
        [1, 2].map(() => register(repository.connect(), candidate('one', repository))),
      )
      const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(made.length).toBeGreaterThan(0)
      expect(new Set(made.map(({ version }) => version))).toEqual(new Set(['v1.0.0']))
      await register(repository.connect(), candidate('one', repository))
      expect((await listReleases(repository.connect())).map(({ tag, draft }) => [tag, draft])).toEqual([
        [`${MODEL}@v1.0.0`, false],
      ])
      expect((await readState(repository.connect(), MODEL)).versions).toHaveLength(1)
    }
  })

  it('move one stage: one wins, the other says so; two stages: both', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', repository))
    await register(github, candidate('two', repository))
    const first = (version: string, stage = 'production') =>
      assign(repository.connect(), { ...move, version, stage, expect: { current: null } })
    const outcome = await Promise.allSettled([first('v1.0.0'), first('v1.0.1')])
    expect(outcome.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const lost = outcome.find((one) => one.status === 'rejected')
    expect(String(lost?.reason)).toMatch(
      /^UserError: production of flight-delay holds v1\.0\.\d now, not nothing, so it was left as it is\./,
    )
    const tags = await Promise.all([first('v1.0.0', 'eu'), first('v1.0.1', 'us')])
    expect(tags.map(({ tag }) => tag)).toEqual([`${MODEL}#eu#1`, `${MODEL}#us#1`])
  })
})
