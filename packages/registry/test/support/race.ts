import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { readState } from '../../src/index.ts'
import type { GtoApi } from './gto.ts'
import type { Random } from './random.ts'
import type { Repository } from './repository.ts'
import type { Done, What, Workers } from './workers.ts'

const run = promisify(execFile)

/** The model that the races are about. */
export const MODEL = 'flight-delay'
const STAGES = ['staging', 'production'] as const
const LONGEST_WAIT = 60

/** One of several at once: what it did, and what it says came of it. */
export interface Racer {
  reason: string
  what: What
  done: Done
}

export interface Raced {
  racers: Racer[]
  /** The tag that gto pushed meanwhile. */
  foreign: string | null
}

/** What one of the racers does: registering most often, the rest as it happens in a day. */
function draw(random: Random, race: string, index: number): What {
  const stage = random.pick(STAGES)!
  const kind = random.pick([
    'register',
    'register',
    'register',
    'assign',
    'assign',
    'assign',
    'rollback',
    'rollback',
    'unassign',
    'lift',
    'deprecate',
  ] as const)!
  if (kind === 'register') {
    // Now and then the same run is started twice.
    const number = random.chance(0.15) ? 0 : index
    // What was judged by one gate was trained on the same data.
    return { kind, content: `${race} ${number}`, data: number % 2 === 0 ? 'data' : 'more' }
  }
  return kind === 'lift' || kind === 'deprecate' ? { kind } : { kind, stage }
}

/** What all races are run with; without gto nobody pushes in between. */
export interface Track {
  workers: Workers
  gto: GtoApi | null
  token: string
  apiUrl: string
}

interface Start {
  repository: Repository
  size: number
  random: Random
  /** The numbers of the repository and of the race in it: `3 1`. */
  race: string
  /** A clone for gto. */
  clone: string | null
}

/** A race of so many at once, each a process of its own, with a push of gto in between where there is a clone. */
export async function raceOnce(
  { workers, gto, token, apiUrl }: Track,
  { repository, size, random, race, clone }: Start,
): Promise<Raced> {
  const isFirst = race.endsWith(' 1')
  const whats = Array.from(
    { length: size },
    (_, index): What =>
      isFirst ? { kind: 'register', content: `${race} ${index % 4}`, data: 'data' } : draw(random, race, index),
  )
  const tasks = whats.map((what, index) => ({
    ...{ what, model: MODEL, reason: `race ${race}, ${index + 1}`, source: repository.source },
    ...{ seed: random.below(2 ** 31), delay: LONGEST_WAIT },
    ...{ token, repository: repository.name, apiUrl },
  }))
  const isVisited = gto !== null && clone !== null && !isFirst && random.chance(0.5)
  const [done, foreign] = await Promise.all([
    workers.run(tasks),
    isVisited ? assignByGto(gto, { repository, clone, random, race }) : null,
  ])
  return { racers: tasks.map(({ reason, what }, index) => ({ reason, what, done: done[index]! })), foreign }
}

/** Assigns as gto does, which knows nothing of the log: a tag in a clone, and a push of it. */
async function assignByGto(
  gto: GtoApi,
  { repository, clone, random, race }: Pick<Start, 'repository' | 'random' | 'race'> & { clone: string },
): Promise<string | null> {
  const git = (...args: string[]) => run('git', args, { cwd: clone })
  await git('fetch', '-q', '--prune', 'origin', '+refs/tags/*:refs/tags/*')
  const version = random.pick((await readState(repository.connect(), MODEL)).versions)?.version
  if (!version) return null
  const options = { version, message: `race ${race}, gto`, force: true, push: true }
  try {
    const { tag } = await gto.call<{ tag: string }>(clone, 'assign', { args: [MODEL, random.pick(STAGES)!], options })
    return tag
  } catch {
    // Refused as its number was taken: the next fetch takes the tag that it left in the clone away.
    return null
  }
}

/** A clone that pushes as ada and tags as bob. */
export async function cloneFor(
  { cloneUrl }: Repository,
  { clone, token }: { clone: string; token: string },
): Promise<void> {
  await run('git', ['clone', '-q', cloneUrl.replace('://', `://ada:${token}@`), clone])
  for (const [key, value] of Object.entries({ 'user.name': 'bob', 'user.email': 'bob@example.com' }))
    await run('git', ['config', key, value], { cwd: clone })
}
