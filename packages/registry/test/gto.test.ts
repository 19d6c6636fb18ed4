import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { UserError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, deprecate, quarantine, readState, register, unassign } from '../src/index.ts'
import { historyOf } from '../src/tags/history.ts'
import { readTagsOfClone } from '../src/tags/mirror.ts'
import { candidate } from './support/candidate.ts'
import { compareWithGto, counts, type Seen } from './support/compare.ts'
import { type GtoApi, hasGto, openGto } from './support/gto.ts'
import { randomFrom } from './support/random.ts'
import { openServer, type Server } from './support/repository.ts'
import { START, writeTags } from './support/tags.ts'

vi.setConfig({ testTimeout: 900_000, hookTimeout: 60_000 })

const run = promisify(execFile)
/** So many in the gate, and 200 where all is asked for: most of their time is GTO's. */
const EVENTS = Number(process.env.MODELYARD_GTO_EVENTS ?? 40)
const SEED = Number(process.env.MODELYARD_SEED ?? 8)

describe.skipIf(!hasGto())('gto and we', () => {
  let gto: GtoApi
  let server: Server
  beforeAll(async () => {
    gto = openGto()
    server = await openServer()
  })
  afterAll(async () => {
    await gto.close()
    await server.close()
  })

  it(`read the same of ${EVENTS} events that we wrote`, async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const models = ['flight-delay', 'eu/churn', 'spam', 'eu/spam']
    const written: Record<string, number> = {}
    const write = async (model: string, seed: number) => {
      const random = randomFrom(seed)
      // What this turn's predecessors left: asking for it would take as long as writing.
      const versions: string[] = []
      const held = new Map<string, string>()
      for (let events = 0, turn = 0; events < EVENTS / models.length; turn++) {
        const version = random.pick(versions)
        const stage = random.pick(['staging', 'production', 'eu/prod'])
        const current = held.get(stage) ?? null
        const common = { model, actor: 'ada', reason: `Turn ${turn}: it is time.` }
        const kind = version === undefined ? 'register' : random.pick(WEIGHTED)
        const open = { champion: null, today: () => null }
        const made = { ...repository, model, expect: open, data: `${turn % 3}` }
        const act: Record<string, () => Promise<{ found: boolean }>> = {
          register: async () => {
            const registered = await register(github, candidate(`${model} ${turn}`, made))
            versions.push(registered.version)
            return registered
          },
          assign: async () => {
            const assigned = await assign(github, { ...common, stage, version: version!, expect: { current } })
            held.set(stage, version!)
            return assigned
          },
          unassign: async () => {
            const emptied = await unassign(github, { ...common, stage, version: current ?? version! })
            held.delete(stage)
            return emptied
          },
          quarantine: () => quarantine(github, { ...common, version: version! }),
          lift: () => quarantine(github, { ...common, version: version!, lift: true }),
          deprecate: () => deprecate(github, { ...common, version: random.chance(0.1) ? null : version! }),
        }
        // What is refused writes nothing: another turn comes.
        const found = await act[kind]!().then(({ found }) => found, refused)
        if (found) continue
        events++
        written[kind] = (written[kind] ?? 0) + 1
      }
    }
    await Promise.all(models.map((model, index) => write(model, SEED + index)))

    const clone = join(server.folder, 'clone')
    await run('git', ['clone', '-q', repository.cloneUrl, clone])
    const seen = await compareWithGto(clone, gto, { samples: 12 })
    console.log(`Written by us, ${counts(written)}. ${summary(seen)}`)
    expect(seen.events).toBe(EVENTS)
    expect(Object.keys(written).sort()).toEqual(['assign', 'deprecate', 'lift', 'quarantine', 'register', 'unassign'])
  })

  it(`read the same of ${EVENTS} events that gto wrote`, async () => {
    const folder = await writeTags(EVENTS, [])
    const { stdout } = await run('git', ['rev-list', '--reverse', 'main'], { cwd: folder })
    const commits = stdout.trimEnd().split('\n')
    const random = randomFrom(SEED)
    const models = ['rf', 'some/folder:some/nn', 'sub.dir:nn']
    const registered = new Map(models.map((model) => [model, [] as string[]]))
    const written: Record<string, number> = {}
    let time = START
    for (let events = 0; events < EVENTS; ) {
      const model = random.pick(models)
      const versions = registered.get(model)!
      const version = random.pick(versions)
      const kind = version === undefined ? 'register' : random.pick(WEIGHTED_OF_GTO)
      const stage = random.pick(['staging', 'production', 'eu/prod'])
      const next = `v${versions.length}.0.0`
      const options: Record<string, Record<string, unknown>> = {
        register: { name: model, ref: commits[versions.length], version: next },
        assign: { name: model, stage, version, force: true },
        unassign: { name: model, stage, version },
        deregister: { name: model, version },
        deprecate: { name: model, force: true },
      }
      // An event a second at least: where several share one, gto and we decide differently (E4).
      time += 1 + random.below(100)
      const isDone = await gto.call(folder, kind, { options: options[kind]!, time }).then(
        () => true,
        () => false,
      )
      if (!isDone) continue
      events++
      written[kind] = (written[kind] ?? 0) + 1
      if (kind === 'register') versions.push(next)
    }
    const seen = await compareWithGto(folder, gto, { samples: 12 })
    console.log(`Written by gto, ${counts(written)}. ${summary(seen)}`)
    expect(seen.events).toBe(EVENTS)
    expect(Object.keys(written).sort()).toEqual(['assign', 'deprecate', 'deregister', 'register', 'unassign'])
    await rm(folder, { recursive: true })
  })

  it('take turns in one model: our next counter is free, and the later event counts for both', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const common = { model: 'rf', actor: 'ada', reason: 'It is better.' }
    const open = { champion: null, today: () => null }
    await register(github, candidate('one', { ...repository, model: 'rf', expect: open }))
    await register(github, candidate('two', { ...repository, model: 'rf', expect: open, data: 'more' }))
    await assign(github, { ...common, stage: 'production', version: 'v1.0.0', expect: { current: null } })

    const clone = await mkdtemp(join(tmpdir(), 'modelyard-clone-'))
    await run('git', ['clone', '-q', repository.cloneUrl, clone])
    const { token } = await server.local.createUser('ada')
    const origin = repository.cloneUrl.replace('://', `://ada:${token}@`)
    const later = Math.ceil(Date.now() / 1000) + 1000
    await gto.call(clone, 'assign', { args: ['rf', 'production'], options: { version: 'v1.1.0' }, time: later })
    await run('git', ['push', '-q', origin, '--tags'], { cwd: clone })
    expect((await readState(github, 'rf')).stages.production?.current).toBe('v1.1.0')

    const again = { ...common, stage: 'production', version: 'v1.0.0', expect: { current: 'v1.1.0' } }
    expect((await assign(github, again)).tag).toBe('rf#production#3')
    await run('git', ['fetch', '-q', '--tags', 'origin'], { cwd: clone })
    const seen = await compareWithGto(clone, gto, { samples: 1 })
    expect(seen.differences).toEqual([])
    expect(historyOf('rf', await readTagsOfClone(clone)).map(({ tag }) => tag)).toEqual([
      'rf@v1.0.0',
      'rf@v1.1.0',
      'rf#production#1',
      'rf#production#2',
      'rf#production#3',
    ])
    await rm(clone, { recursive: true })
  })

  it('take turns in an artifact of a folder, in a stage with a slash', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const clone = await mkdtemp(join(tmpdir(), 'modelyard-clone-'))
    await run('git', ['clone', '-q', repository.cloneUrl, clone])
    const { token } = await server.local.createUser('ada')
    const origin = repository.cloneUrl.replace('://', `://ada:${token}@`)
    const model = 'sub.dir/models:nn'
    await gto.call(clone, 'register', { args: [model, 'HEAD'], time: START })
    await run('git', ['push', '-q', origin, '--tags'], { cwd: clone })

    const common = { model, actor: 'ada', reason: 'It is better.', version: 'v0.0.1' }
    const assigned = await assign(github, { ...common, stage: 'eu/prod', expect: { current: null } })
    expect(assigned.tag).toBe('sub.dir/models=nn#eu/prod#1')
    await quarantine(github, common)
    expect(await repository.git('for-each-ref', '--format=%(refname)', 'refs/modelyard')).toBe(
      'refs/modelyard/sub%2Edir.models=nn',
    )
    await run('git', ['fetch', '-q', '--tags', 'origin'], { cwd: clone })
    expect(await compareWithGto(clone, gto, { samples: 3 })).toMatchObject({ events: 3, differences: [] })
    await rm(clone, { recursive: true })
  })
})

const WEIGHTED = ['register', 'register', 'assign', 'assign', 'assign', 'unassign', 'quarantine', 'lift', 'deprecate']
const WEIGHTED_OF_GTO = [
  ...['register', 'register', 'assign', 'assign', 'assign', 'assign'],
  ...['unassign', 'unassign', 'unassign', 'unassign', 'deregister', 'deprecate'],
]

function refused(error: unknown): true {
  if (error instanceof UserError) return true
  throw error
}

function summary({ events, reads, differences, deprecated }: Seen): string {
  return `${events} events and ${reads} answers of gto compared; ${differences.length} stages where gto goes back to an earlier version and we say that nothing is there (E1, E2); ${deprecated.length} models that are deprecated for us alone.`
}
