import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type GitHub, listReleases } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { measure } from '../src/bytes/measure.ts'
import { logRef } from '../src/events/log.ts'
import {
  type AssignmentRequest,
  assign,
  deprecate,
  fetchVersion,
  quarantine,
  type Registration,
  readState,
  register,
  unassign,
} from '../src/index.ts'
import { advancesLog, dieBefore } from './support/between.ts'
import { candidate, digest } from './support/candidate.ts'
import { callsToDieAfter, forEachCall, loseAnswer } from './support/kill.ts'
import { describeRepository, dyingAfter, openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const MODEL = 'flight-delay'
const run = promisify(execFile)
const FETCH_PROCESS = join(import.meta.dirname, 'support/fetch-process.ts')

const move: AssignmentRequest = {
  ...{ model: MODEL, stage: 'production', version: 'v1.0.1', actor: 'ada', reason: 'It is better.' },
  expect: { current: 'v1.0.0' },
}

const by = { model: MODEL, actor: 'ada', reason: 'It is unwell.' }

/** A change of the registry, and what was there before. */
interface WritePath {
  /** What the log and the tags hold before. */
  prepare(github: GitHub, repository: Repository): Promise<unknown>
  /** What a run that died left beside them. */
  leave?(repository: Repository): Promise<unknown>
  work(github: GitHub, repository: Repository): Promise<unknown>
}

const one = (github: GitHub, repository: Repository) => register(github, candidate('one', repository))
const two = (github: GitHub, repository: Repository) => register(github, candidate('two', repository))

async function both(github: GitHub, repository: Repository): Promise<void> {
  await one(github, repository)
  await two(github, repository)
}

async function inUse(github: GitHub, repository: Repository): Promise<void> {
  await both(github, repository)
  await assign(github, { ...move, version: 'v1.0.0', expect: { current: null } })
}

/** Its model goes in parts of a few bytes, as one of gigabytes does. */
async function inParts(registration: Registration): Promise<Registration> {
  const [model, ...others] = registration.assets('v1.0.1')
  const measured = await measure(model!.content, 5)
  return { ...registration, assets: () => [{ ...model!, measured }, ...others] }
}

const WRITE_PATHS: Record<string, WritePath> = {
  'registering the first version': { prepare: async () => {}, work: one },
  'registering a version after others': { prepare: one, work: two },
  'registering after a pre-release': {
    prepare: (github, repository) => register(github, { ...candidate('one', repository), version: 'v2.0.0-rc.1' }),
    work: two,
  },
  'registering a version that is asked for by name': {
    prepare: one,
    work: (github, repository) => register(github, { ...candidate('two', repository), version: 'v3.1.0' }),
  },
  'registering a large model in parts': {
    prepare: one,
    work: async (github, repository) => register(github, await inParts(candidate('a large model', repository))),
  },
  'registering from the draft of another version': {
    prepare: one,
    // It had decided on v1.0.1, which another registration took.
    async leave(repository) {
      await dieBefore(advancesLog, repository, (github) => two(github, repository))
      await register(repository.connect(), candidate('three', repository))
    },
    work: two,
  },
  'assigning a version to a stage': { prepare: inUse, work: (github) => assign(github, move) },
  'rolling a stage back': {
    async prepare(github, repository) {
      await inUse(github, repository)
      await assign(github, move)
    },
    async work(github) {
      await quarantine(github, { ...by, version: 'v1.0.1' })
      await assign(github, { ...move, version: 'v1.0.0', expect: { current: 'v1.0.1' } })
    },
  },
  'emptying a stage': {
    prepare: inUse,
    work: (github) => unassign(github, { ...by, stage: 'production', version: 'v1.0.0' }),
  },
  'putting a version into quarantine': {
    prepare: both,
    work: (github) => quarantine(github, { ...by, version: 'v1.0.1' }),
  },
  'taking a version out of quarantine': {
    async prepare(github, repository) {
      await both(github, repository)
      await quarantine(github, { ...by, version: 'v1.0.1' })
    },
    work: (github) => quarantine(github, { ...by, version: 'v1.0.1', lift: true }),
  },
  'deprecating a version': { prepare: inUse, work: (github) => deprecate(github, { ...by, version: 'v1.0.1' }) },
  'deprecating the model': { prepare: both, work: (github) => deprecate(github, { ...by, version: null }) },
}

/** The end of a write path that nothing disturbed, the calls that it made, and repositories to disturb it in. */
async function rehearse({ prepare, leave = async () => {}, work }: WritePath) {
  const template = await server.repository()
  await prepare(template.connect(), template)
  const open = async () => {
    const repository = await server.repository(template)
    await leave(repository)
    return repository
  }
  const undisturbed = await open()
  const { process } = await dyingAfter(Number.POSITIVE_INFINITY, undisturbed, (github) => work(github, undisturbed))
  return { open, process, end: await describeRepository(undisturbed, MODEL) }
}

/** Work that is killed after every answer and done again; the end is always the same. */
async function killEverywhere(path: WritePath): Promise<string> {
  const { open, process, end } = await rehearse(path)
  const calls = callsToDieAfter(process)
  await forEachCall(calls, async (call) => {
    const repository = await open()
    const { outcome } = await dyingAfter(call, repository, (github) => path.work(github, repository))
    expect(outcome).toBe('dead')
    await path.work(repository.connect(), repository)
    expect(
      await describeRepository(repository, MODEL),
      `killed after call ${call}, ${process.answered[call - 1]}`,
    ).toEqual(end)
  })
  return `killed after ${calls.length} of its ${process.answered.length} API calls and run again, ${calls.length} equal ends`
}

describe('killed after any answer and run again, the end is the same and nothing else is left behind', () => {
  it.each(Object.entries(WRITE_PATHS))('%s', async (name, path) => {
    console.log(`${name}: ${await killEverywhere(path)}`)
  })

  it('fetching a version', async () => {
    const repository = await server.repository()
    await both(repository.connect(), repository)
    const bring = (github: GitHub, folder: string) => fetchVersion(github, { model: MODEL, version: 'latest', folder })
    const undisturbed = join(server.folder, 'undisturbed')
    const { token } = await server.local.createUser('ada')
    const rehearsal = await dyingAfter(Number.POSITIVE_INFINITY, repository, (github) => bring(github, undisturbed))
    const calls = rehearsal.process.answered.map((_, index) => index + 1)
    await forEachCall(calls, async (call) => {
      const folder = join(server.folder, `killed-${call}`)
      // A process that lives is not robbed of the part that it writes: this one has to die.
      const where = [server.local.apiUrl, token, repository.name, MODEL, folder, String(call)]
      await expect(run(process.execPath, [FETCH_PROCESS, ...where])).rejects.toMatchObject({ signal: 'SIGKILL' })
      expect(await bring(repository.connect(), folder)).toMatchObject({ version: 'v1.0.1', sha256: digest('two') })
      expect(await readdir(folder)).toEqual(await readdir(undisturbed))
    })
    console.log(`fetching a version: killed after each of its ${calls.length} API calls and run again`)
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

describe('an answer that is lost, whichever it is,', () => {
  it.each(['registering a version after others', 'assigning a version to a stage', 'deprecating a version'])(
    'changes nothing about the end of %s',
    async (name) => {
      const path = WRITE_PATHS[name]!
      const { open, process, end } = await rehearse(path)
      const calls = callsToDieAfter(process)
      await forEachCall(calls, async (call) => {
        const repository = await open()
        await path.work(repository.connect(loseAnswer(call)), repository)
        // A draft that was made twice goes when the same is run again.
        await path.work(repository.connect(), repository)
        const lost = `lost the answer to ${process.answered[call - 1]}`
        expect(await describeRepository(repository, MODEL), lost).toEqual(end)
      })
      console.log(`${name}: ${calls.length} answers lost, one at a time, ${calls.length} equal ends`)
    },
  )
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
