import { at, createDraft, findRelease, type GitHub, listReleases } from '@modelyard/github'
import { RefusedError, UserError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { settle } from '../src/events/decide.ts'
import { pendingTag } from '../src/events/draft.ts'
import { logRef } from '../src/events/log.ts'
import {
  type AssignmentRequest,
  assign,
  deprecate,
  quarantine,
  type Registration,
  readState,
  readVersionFile,
  register,
  unassign,
} from '../src/index.ts'
import { expectReleasesInOrder } from './support/audit.ts'
import {
  advancesLog,
  always,
  before,
  createsDraft,
  dieBefore,
  losing,
  type Matches,
  makesTag,
  publishes,
  uploadsCard,
} from './support/between.ts'
import { candidate, inProduction } from './support/candidate.ts'
import { foreignTag } from './support/foreign.ts'
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
const by = { model: MODEL, actor: 'ada', reason: 'It is better.' }
const toProduction = (version: string, current: string | null): AssignmentRequest => ({
  ...{ ...by, stage: 'production', version },
  expect: { current },
})

/** Two versions with their releases, the older one in production. */
async function withReleases(): Promise<Repository> {
  const repository = await server.repository()
  const github = repository.connect()
  await register(github, candidate('one', repository))
  await register(github, candidate('two', repository))
  await assign(github, toProduction('v1.0.0', null))
  return repository
}

/** The same without the releases, of which most of these tests ask nothing. */
const withTwo = () => server.repository(two)

const third = (repository: Repository) =>
  candidate('three', { ...repository, expect: { champion: 'v1.0.0', today: () => 'v1.0.0' } })

/** What the model's log says, newest first, down to where it began. */
async function logOf({ git }: Repository): Promise<string[]> {
  return (await git('log', '--first-parent', '--format=%s', logRef(MODEL))).split('\n')
}

async function production(github: GitHub): Promise<{ current: string | null; tags: string[] }> {
  const { current = null, history = [] } = (await readState(github, MODEL)).stages.production ?? {}
  return { current, tags: history.map(({ tag }) => tag) }
}

describe('a tool that does not know the log, between a decision and what came of it,', () => {
  it('takes the name of the tag: the event never happened, and what is there now decides', async () => {
    const repository = await withTwo()
    const intrude = () => foreignTag(repository, { name: `${MODEL}#production#2`, at: `${MODEL}@v1.0.0` })
    const github = repository.connect(before(makesTag, intrude))
    // The stage still holds what was expected, so the move is made under the next number.
    expect(await assign(github, toProduction('v1.0.1', 'v1.0.0'))).toMatchObject({ tag: `${MODEL}#production#3` })
    expect((await logOf(repository)).slice(0, 3)).toEqual([
      `${MODEL} v1.0.1 is in production`,
      `${MODEL} v1.0.1 is in production`,
      `${MODEL} v1.0.0 is in production`,
    ])
    expect(await production(repository.connect())).toMatchObject({ current: 'v1.0.1' })
  })

  it('takes the name and changes the stage: the move is refused, and the next one stands on what is there', async () => {
    const repository = await withTwo()
    await register(repository.connect(), third(repository))
    const intrude = () => foreignTag(repository, { name: `${MODEL}#production#2`, at: `${MODEL}@v1.0.2` })
    const github = repository.connect(before(makesTag, intrude))
    await expect(assign(github, toProduction('v1.0.1', 'v1.0.0'))).rejects.toThrow(
      new UserError(
        'production of flight-delay holds v1.0.2 now, not v1.0.0, so it was left as it is. Plan the move to v1.0.1 again.',
      ),
    )
    await settle(repository.connect(), MODEL)
    expect(await production(repository.connect())).toEqual({
      current: 'v1.0.2',
      tags: [`${MODEL}#production#1`, `${MODEL}#production#2`],
    })
    expect(await assign(repository.connect(), toProduction('v1.0.1', 'v1.0.2'))).toMatchObject({
      tag: `${MODEL}#production#3`,
    })
  })

  it('takes the number of a version: the registration takes the next one, and its release with it', async () => {
    const repository = await withReleases()
    const intrude = () => foreignTag(repository, { name: `${MODEL}@v1.0.2`, at: 'main' })
    const github = repository.connect(before(makesTag, intrude))
    expect(await register(github, third(repository))).toMatchObject({ version: 'v2.0.0', found: false })
    const releases = await listReleases(repository.connect())
    expect(releases.map(({ tag, draft }) => [tag, draft]).sort()).toEqual([
      [`${MODEL}@v1.0.0`, false],
      [`${MODEL}@v1.0.1`, false],
      [`${MODEL}@v2.0.0`, false],
    ])
    const last = (await readState(repository.connect(), MODEL)).versions.at(-1)!
    expect(await readVersionFile(repository.connect(), MODEL, last)).toMatchObject({ version: 'v2.0.0' })
  })

  it('occupies names by lightweight tags: they are passed over', async () => {
    const repository = await withTwo()
    for (const name of [`${MODEL}#production#2`, `${MODEL}@v1.0.2`])
      await foreignTag(repository, { name, at: 'main', light: true })
    expect(await assign(repository.connect(), toProduction('v1.0.1', 'v1.0.0'))).toMatchObject({
      tag: `${MODEL}#production#3`,
    })
    const judged = { champion: 'v1.0.1', today: () => 'v1.0.1' }
    expect(await register(repository.connect(), candidate('three', { ...repository, expect: judged }))).toMatchObject({
      version: 'v1.0.3',
    })
  })

  it('counts further and lives in the future: ours come after it, in number and in time', async () => {
    const repository = await withTwo()
    await foreignTag(repository, {
      ...{ name: `${MODEL}#production#7`, at: `${MODEL}@v1.0.1` },
      time: new Date('2030-01-01T00:00:00Z'),
    })
    expect(await assign(repository.connect(), toProduction('v1.0.0', 'v1.0.1'))).toMatchObject({
      tag: `${MODEL}#production#8`,
    })
    const { stages, last } = await readState(repository.connect(), MODEL)
    expect([stages.production?.current, last?.time]).toEqual(['v1.0.0', '2030-01-01T00:00:01.000Z'])
  })

  it('comes with a later time while our tag is made: by the order of times it came after ours', async () => {
    const repository = await withTwo()
    const later = new Date('2030-01-01T00:00:00Z')
    const intrude = () => foreignTag(repository, { name: `${MODEL}#production#9`, at: `${MODEL}@v1.0.0`, time: later })
    const github = repository.connect(before(makesTag, intrude))
    expect(await assign(github, toProduction('v1.0.1', 'v1.0.0'))).toMatchObject({ tag: `${MODEL}#production#2` })
    expect(await production(repository.connect())).toEqual({
      current: 'v1.0.0',
      tags: [1, 2, 9].map((counter) => `${MODEL}#production#${counter}`),
    })
    await expect(assign(repository.connect(), toProduction('v1.0.0', 'v1.0.1'))).resolves.toMatchObject({ found: true })
  })

  it('makes a release of its own for our tag: the model moves on, and the registration says what is in the way', async () => {
    const repository = await withReleases()
    const { octokit, owner, repo } = repository.connect()
    const intrude = () =>
      octokit.rest.repos.createRelease({ owner, repo, tag_name: `${MODEL}@v1.0.2`, name: 'By a bot' })
    const sentence = new UserError(
      'flight-delay v1.0.2 is registered, but its release could not be published: another release has the tag flight-delay@v1.0.2. Delete that release, leave the tag where it is, and run it again.',
    )
    const github = repository.connect(before(publishes, intrude))
    await expect(register(github, third(repository))).rejects.toThrow(sentence)
    await expect(register(repository.connect(), third(repository))).rejects.toThrow(sentence)
    // A rollback must not wait until somebody has cleaned up.
    await quarantine(repository.connect(), { ...by, version: 'v1.0.2' })
    expect(await assign(repository.connect(), toProduction('v1.0.1', 'v1.0.0'))).toMatchObject({ found: false })
    await expect(register(repository.connect(), third(repository))).rejects.toThrow(sentence)

    const other = await findRelease(repository.connect(), `${MODEL}@v1.0.2`)
    await octokit.rest.repos.deleteRelease({ owner, repo, release_id: other!.id })
    expect(await register(repository.connect(), third(repository))).toMatchObject({ version: 'v1.0.2', found: true })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })
})

describe('a writer that stops between its entry and its tag', () => {
  it('is finished by who waits; coming back, it finds its own event and not a refusal', async () => {
    const repository = await withTwo()
    // Meanwhile the other finishes it, and moves on.
    const goOn = () => assign(repository.connect(), toProduction('v1.0.0', 'v1.0.1'))
    const github = repository.connect(before(makesTag, goOn))
    expect(await assign(github, toProduction('v1.0.1', 'v1.0.0'))).toEqual({
      tag: `${MODEL}#production#2`,
      commit: await repository.git('rev-parse', `${MODEL}@v1.0.1^{commit}`),
      replaces: 'v1.0.0',
      found: false,
    })
    expect(await production(repository.connect())).toEqual({
      current: 'v1.0.0',
      tags: [1, 2, 3].map((counter) => `${MODEL}#production#${counter}`),
    })
  })

  it('is published by who waits, where it registered', async () => {
    const repository = await withReleases()
    const goOn = () => assign(repository.connect(), toProduction('v1.0.2', 'v1.0.0'))
    const github = repository.connect(before(makesTag, goOn))
    expect(await register(github, third(repository))).toMatchObject({ version: 'v1.0.2', found: false })
    expect(await production(repository.connect())).toMatchObject({ current: 'v1.0.2' })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })
})

describe('an answer that is lost on the way', () => {
  it('and another event behind it: the writer learns that its own happened', async () => {
    const repository = await withTwo()
    const goOn = () => assign(repository.connect(), toProduction('v1.0.0', 'v1.0.1'))
    const github = repository.connect(losing(advancesLog, goOn))
    expect(await assign(github, toProduction('v1.0.1', 'v1.0.0'))).toMatchObject({
      tag: `${MODEL}#production#2`,
      replaces: 'v1.0.0',
    })
    expect((await logOf(repository)).filter((line) => line.endsWith('v1.0.1 is in production'))).toHaveLength(1)
    expect(await production(repository.connect())).toMatchObject({ current: 'v1.0.0' })
  })
})

describe('a decision whose ground is gone when it would be written', () => {
  const inBetween = (repository: Repository, happen: (github: GitHub) => Promise<unknown>) =>
    repository.connect(before(advancesLog, () => happen(repository.connect())))

  it.each<[string, (github: GitHub) => Promise<unknown>, string]>([
    [
      'the version went into quarantine',
      (github) => quarantine(github, { ...by, version: 'v1.0.1', reason: 'It is unwell.' }),
      'flight-delay v1.0.1 is in quarantine since',
    ],
    [
      'the version was deprecated',
      (github) => deprecate(github, { ...by, version: 'v1.0.1' }),
      'flight-delay v1.0.1 is deprecated since',
    ],
    [
      'the stage was emptied',
      (github) => unassign(github, { ...by, stage: 'production', version: 'v1.0.0' }),
      'production of flight-delay holds nothing now, not v1.0.0',
    ],
  ])('is no move of the stage: %s', async (_, happen, sentence) => {
    const repository = await withTwo()
    await expect(assign(inBetween(repository, happen), toProduction('v1.0.1', 'v1.0.0'))).rejects.toThrow(sentence)
    expect((await production(repository.connect())).current).not.toBe('v1.0.1')
  })

  it('is no deprecation of what came into a stage', async () => {
    const repository = await withTwo()
    const github = inBetween(repository, (other) => assign(other, toProduction('v1.0.1', 'v1.0.0')))
    await expect(deprecate(github, { ...by, version: 'v1.0.1' })).rejects.toThrow(
      'production of flight-delay holds v1.0.1, so it cannot be deprecated.',
    )
  })

  it('is no registration against a champion of yesterday', async () => {
    const repository = await withTwo()
    const github = inBetween(repository, (other) => assign(other, toProduction('v1.0.1', 'v1.0.0')))
    const judged = { champion: 'v1.0.0', today: inProduction }
    await expect(register(github, candidate('three', { ...repository, expect: judged }))).rejects.toThrow(
      "The gate compared with v1.0.0, but today's champion of flight-delay is v1.0.1",
    )
    expect((await readState(repository.connect(), MODEL)).versions).toHaveLength(2)
  })

  it('keeps no draft that nobody finds again, and leaves those of other registrations', async () => {
    const repository = await withTwo()
    const drafts = async () => (await listReleases(repository.connect())).filter(({ draft }) => draft)
    const another = candidate('four', { ...repository, expect: { champion: 'v1.0.0', today: () => 'v1.0.0' } })
    await dieBefore(advancesLog, repository, (other) => register(other, another))
    const [theirs] = await drafts()
    const github = inBetween(repository, (other) => assign(other, toProduction('v1.0.1', 'v1.0.0')))
    const judged = { champion: 'v1.0.0', today: inProduction }
    await expect(register(github, candidate('three', { ...repository, expect: judged }))).rejects.toThrow(
      "today's champion of flight-delay is v1.0.1",
    )
    expect(await drafts()).toEqual([theirs])
    // What came to be deprecated, after a run had left its draft.
    await register(repository.connect(), another)
    await deprecate(repository.connect(), { ...by, version: 'v1.0.2' })
    await createDraft(repository.connect(), { ...theirs!, tag: pendingTag(MODEL, another.identity) })
    await expect(register(repository.connect(), another)).rejects.toThrow(
      'These bytes of flight-delay are v1.0.2, which is deprecated since',
    )
    expect(await drafts()).toEqual([])
  })

  it('is given up after five attempts, with nothing written', async () => {
    const repository = await withTwo()
    let rivals = 0
    const overtake = async () => {
      await quarantine(repository.connect(), { ...by, version: 'v1.0.1', lift: rivals++ % 2 === 1 })
    }
    const github = repository.connect(always(advancesLog, overtake))
    await expect(unassign(github, { ...by, stage: 'production', version: 'v1.0.0' })).rejects.toThrow(
      new RefusedError(
        'Others kept changing flight-delay at the same time: none of 5 attempts took effect. Run it again.',
      ),
    )
    expect(rivals).toBe(5)
    expect(await production(repository.connect())).toEqual({ current: 'v1.0.0', tags: [`${MODEL}#production#1`] })
    expect((await logOf(repository)).filter((line) => line.includes('no longer'))).toEqual([])
  })
})

describe('the same registration, by several at once,', () => {
  it('leaves alone the draft that another one is about to announce', async () => {
    const repository = await withReleases()
    const again = (github: GitHub) => register(github, third(repository))
    const dies = () => dieBefore(advancesLog, repository, again)
    // One leaves a draft while the second makes its own; a third sees both before the second announces its.
    const second = repository.connect(before(createsDraft, dies, before(advancesLog, dies)))
    expect(await again(second)).toMatchObject({ version: 'v1.0.2', found: false })
    expect(await again(repository.connect())).toMatchObject({ version: 'v1.0.2', found: true })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })

  it('finds its version where another one made it and cleared the draft away', async () => {
    const repository = await withReleases()
    const again = (github: GitHub) => register(github, third(repository))
    const dies = () => dieBefore(advancesLog, repository, again)
    const slow = repository.connect(
      before(
        createsDraft,
        dies,
        before(uploadsCard, () => again(repository.connect())),
      ),
    )
    expect(await again(slow)).toMatchObject({ version: 'v1.0.2', found: true })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })

  /** The same registration, by a run whose model card says so. */
  const thirdBy = (repository: Repository, run: string): Registration => {
    const { assets, ...registration } = third(repository)
    const card = { name: 'MODEL_CARD.md', content: { bytes: new TextEncoder().encode(`# By ${run}\n`) } }
    return { ...registration, assets: (version) => [assets(version)[0]!, card] }
  }
  /** One has filled the draft, and another one gets as far as this with its own card before the first is announced. */
  const withCardsOfTwo = (repository: Repository, matches: Matches) => {
    const dies = () => dieBefore(matches, repository, (github) => register(github, thirdBy(repository, 'another run')))
    return register(repository.connect(before(advancesLog, dies)), thirdBy(repository, 'one run'))
  }

  it.each([
    ['put its own there', advancesLog],
    ['took it away', uploadsCard],
  ])('publishes the files of its manifest, where another one with the same draft %s', async (_, matches) => {
    const repository = await withReleases()
    expect(await withCardsOfTwo(repository, matches)).toMatchObject({ version: 'v1.0.2', found: false })
    await expectReleasesInOrder(repository.connect(), MODEL)
    const again = thirdBy(repository, 'another run')
    expect(await register(repository.connect(), again)).toMatchObject({ version: 'v1.0.2', found: true })
  })

  it('says what to do where the release is immutable and holds the files of another one', async () => {
    const repository = await withReleases()
    const github = repository.connect()
    await github.octokit.rest.repos.enableImmutableReleases(at(github))
    await expect(withCardsOfTwo(repository, advancesLog)).rejects.toThrow(
      new UserError(
        'flight-delay v1.0.2 is registered, but its release does not hold MODEL_CARD.md as it was registered, because two runs filled it at the same time, and it is immutable: deprecate v1.0.2 and register the model again by the name of another version.',
      ),
    )
    // What it says can be done.
    await deprecate(github, { ...by, version: 'v1.0.2' })
    const named = { ...thirdBy(repository, 'one run'), version: 'v1.0.3' }
    expect(await register(github, named)).toMatchObject({ version: 'v1.0.3', found: false })
    expect(await register(github, named)).toMatchObject({ version: 'v1.0.3', found: true })
  })

  it('publishes what its manifest says, though another one filled the same draft for another version', async () => {
    const repository = await withReleases()
    const again = (github: GitHub) => register(github, third(repository))
    await dieBefore(createsDraft, repository, again)
    // The slow one has decided on v1.0.2, which another registration takes; a quick one makes v1.0.3 of the same draft.
    const overtake = async () => {
      const judged = { champion: 'v1.0.0', today: () => 'v1.0.0' }
      await register(repository.connect(), candidate('four', { ...repository, expect: judged }))
      await dieBefore(advancesLog, repository, again)
    }
    const slow = repository.connect(before(uploadsCard, overtake))
    expect(await again(slow)).toMatchObject({ version: 'v1.0.3' })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })

  it('keeps what a newer decision put into the draft, though an older one comes to it last', async () => {
    const repository = await withReleases()
    const again = (github: GitHub) => register(github, third(repository))
    const filled = Promise.withResolvers<void>()
    let quick: Promise<unknown> | undefined
    const overtake = async () => {
      const judged = { champion: 'v1.0.0', today: () => 'v1.0.0' }
      await register(repository.connect(), candidate('four', { ...repository, expect: judged }))
      const pause = async () => {
        filled.resolve()
        await slow
      }
      quick = again(repository.connect(before(advancesLog, pause)))
      await filled.promise
    }
    // It decided on v1.0.2 and goes on when v1.0.3 is about to be announced, to die before it could be itself.
    const slow = dieBefore(advancesLog, repository, again, before(uploadsCard, overtake))
    await slow
    expect(await quick).toMatchObject({ version: 'v1.0.3', found: false })
    await expectReleasesInOrder(repository.connect(), MODEL)
  })
})
