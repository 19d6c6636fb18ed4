import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { settle } from '../src/events/decide.ts'
import { readState, readTagsOfClone, register, type TagFact } from '../src/index.ts'
import { type Entry, expectOneLine, expectReleasesInOrder, readLog, stoodOn } from './support/audit.ts'
import { candidate, digest, inProduction } from './support/candidate.ts'
import { hasGto, openGto } from './support/gto.ts'
import { cloneFor, MODEL, type Raced, type Racer, raceOnce, type Track } from './support/race.ts'
import { randomFrom } from './support/random.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'
import { openWorkers } from './support/workers.ts'

vi.setConfig({ testTimeout: 3_600_000, hookTimeout: 60_000 })

const isGtoThere = hasGto()

/** How many races of each size; MODELYARD_RACES=100 takes a quarter of an hour. */
const RACES = Number(process.env.MODELYARD_RACES ?? 2)
const SEED = Number(process.env.MODELYARD_SEED ?? 8)
/** So many races take place in one repository, each on what the ones before left. */
const TOGETHER = 10

let server: Server
let track: Track
beforeAll(async () => {
  server = await openServer()
  const { token } = await server.local.createUser('ada')
  track = { token, apiUrl: server.local.apiUrl, workers: openWorkers(5), gto: isGtoThere ? openGto() : null }
})
afterAll(async () => {
  track.workers.close()
  await track.gto?.close()
  await server.close()
})

/** What a task said came of it is what the log says, no more and no less. */
function expectHonest(entries: readonly Entry[], racer: Racer): void {
  const { what, reason, done } = racer
  expect(done, reason).not.toHaveProperty('failed')
  const own = entries.filter((entry) => entry.holds && isOf(entry, racer))
  const tags = own.map(({ event }) => event.tag.name)
  if (what.kind === 'register') {
    expect(tags.length, reason).toBeLessThan(2)
    if ('tags' in done) expect(tags, reason).toEqual(done.tags)
  } else if ('tags' in done) expect(tags, reason).toEqual(done.tags.filter(() => !done.found))
  // A rollback that is refused has put its version into quarantine all the same: the first thing that it does.
  else
    expect(
      own.filter(({ event }) => event.type !== 'quarantine'),
      reason,
    ).toEqual([])
}

/** Runs every registration once more, as people do with what was refused, until each has its version. */
async function settleAll(repository: Repository, raced: readonly Raced[]): Promise<void> {
  await settle(repository.connect(), MODEL)
  const contents = raced.flatMap(({ racers }) => racers.flatMap(({ what }) => (what.kind === 'register' ? [what] : [])))
  for (const { content, data } of contents) {
    const github = repository.connect()
    const champion = inProduction(await readState(github, MODEL))
    const expect = { champion, today: inProduction }
    await register(github, candidate(content, { ...repository, model: MODEL, data, expect })).catch((error) => {
      // What somebody deprecated meanwhile does not come back by itself.
      if (!String(error).includes('is deprecated since')) throw error
    })
  }
}

async function raceMany(size: number): Promise<void> {
  const counts = { races: 0, repositories: 0, events: 0, void: 0, made: 0, found: 0, refused: 0, overtaken: 0, gto: 0 }
  while (counts.races < RACES) {
    const repository = await server.repository()
    const clone = track.gto ? join(server.folder, `clone-${size}-${counts.repositories}`) : null
    if (clone) await cloneFor(repository, { clone, token: track.token })
    counts.repositories += 1
    const random = randomFrom(SEED * 1000 + size * 100 + counts.repositories)
    const raced: Raced[] = []
    for (let race = 1; race <= TOGETHER && counts.races < RACES; race++, counts.races++) {
      raced.push(await raceOnce(track, { repository, size, random, race: `${counts.repositories} ${race}`, clone }))
    }
    const entries = await audit(repository, raced)
    await settleAll(repository, raced)
    expectOneLine(await readLog(repository, MODEL))
    await expectReleasesInOrder(repository.connect(), MODEL)

    const outcomes = raced.flatMap(({ racers }) => racers.map(({ done }) => done))
    counts.events += entries.length
    counts.void += entries.filter(({ holds }) => !holds).length
    counts.made += outcomes.filter((done) => 'found' in done && !done.found).length
    counts.found += outcomes.filter((done) => 'found' in done && done.found).length
    counts.refused += outcomes.filter((done) => 'refused' in done).length
    counts.overtaken += outcomes.filter((done) => 'refused' in done && done.refused.startsWith('Others kept')).length
    counts.gto += raced.filter(({ foreign }) => foreign !== null).length
  }
  console.log(
    `${counts.races} races of ${size} in ${counts.repositories} repositories: ${counts.events} log entries in one line each, ${counts.void} of them void as gto took the name; ${counts.made} made something, ${counts.found} found it done, ${counts.refused} were refused (${counts.overtaken} as overtaken 5 times); ${counts.gto} pushes of gto between them`,
  )
}

/** Holds what the races left in a repository against what the racers said and saw. */
async function audit(repository: Repository, raced: readonly Raced[]): Promise<Entry[]> {
  await settle(repository.connect(), MODEL)
  const entries = await readLog(repository, MODEL)
  expectOneLine(entries)
  for (const racer of raced.flatMap(({ racers }) => racers)) expectHonest(entries, racer)
  await expectGrounds(repository, entries, raced)
  return entries
}

/** Nobody's decision stood on a state that was gone; and no tag is there that nobody made. */
async function expectGrounds(
  repository: Repository,
  entries: readonly Entry[],
  raced: readonly Raced[],
): Promise<void> {
  const facts = await readTagsOfClone(repository.gitDir)
  const made = new Set(entries.flatMap(({ event, holds }) => (holds ? [event.tag.name] : [])))
  const pushed = raced.map(({ foreign }) => facts.find(({ name }) => name === foreign))
  expect(facts.map(({ name }) => name).sort()).toEqual(
    [...made, ...pushed.flatMap((fact) => (fact ? [fact.name] : []))].sort(),
  )
  const before: TagFact[] = []
  for (const entry of entries) {
    const race = raced.findIndex(({ racers }) => racers.some((racer) => isOf(entry, racer)))
    const seen = pushed.slice(0, race).filter((fact) => fact !== undefined)
    const meanwhile = pushed.slice(race, race + 1).filter((fact) => fact !== undefined)
    const { type, tag } = entry.event
    const stood = await stoodOn(repository, entry, MODEL, [...before, ...seen], meanwhile)
    expect(stood, `${type} ${tag.name} of ${raced[race]?.racers[0]?.reason}`).toBe(true)
    if (entry.holds) before.push(entry.fact!)
  }
}

function isOf({ event }: Entry, { what, reason }: Racer): boolean {
  if (event.type !== 'registration') return event.reason === reason
  return what.kind === 'register' && event.identity.model === digest(what.content)
}

describe('at once, in processes of their own, with random waits before each write', () => {
  it.each([2, 5])(
    '%i of them: the log is one line, each event is there once, and no decision stood on what was gone',
    raceMany,
  )
})
