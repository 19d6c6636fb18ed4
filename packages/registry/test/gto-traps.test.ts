import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { nextTime } from '../src/events/decide.ts'
import {
  assign,
  inClone,
  parseTag,
  readReference,
  readState,
  readTrailers,
  register,
  resolveVersion,
  type State,
  unassign,
} from '../src/index.ts'
import { bumpVersion } from '../src/tags/grammar.ts'
import { type GtoModel, readAsGto } from '../src/tags/gto.ts'
import { historyOf } from '../src/tags/history.ts'
import { isShallow, readTagsOfClone } from '../src/tags/mirror.ts'
import { deriveState, type TagFact } from '../src/tags/state.ts'
import { candidate } from './support/candidate.ts'
import { type GtoApi, hasGto, openGto } from './support/gto.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'
import { START, type WrittenTag, writeTags } from './support/tags.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const run = promisify(execFile)

// docs/gto.md has a row for each of these.
describe.skipIf(!hasGto())('the traps of GTO, what it does and what we do', () => {
  let gto: GtoApi
  let server: Server
  const folders: string[] = []
  beforeAll(async () => {
    gto = openGto()
    server = await openServer()
  })
  afterAll(async () => {
    await gto.close()
    await server.close()
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
  })

  /** What gto says of the model m in a repository with these tags (or how it fails), and what we say. */
  async function read(tags: WrittenTag[], commits = 3): Promise<Read> {
    const folder = await writeTags(commits, tags)
    folders.push(folder)
    return readAgain(folder)
  }

  async function readAgain(folder: string): Promise<Read> {
    const facts = await readTagsOfClone(folder)
    const show = await gto.call<Record<string, Shown>>(folder, 'show').catch(({ message }: Error) => message)
    const its = typeof show === 'string' ? show : show.m
    const predicted = readAsGto(facts)
    if (typeof its === 'object' && 'models' in predicted) expect(asModel(its)).toEqual(predicted.models.get('m'))
    return { folder, facts, its, ours: deriveState('m', facts) }
  }

  /** A repository of ours with so many versions of m, v1.0.0 and on. */
  async function registered(count: number): Promise<Repository> {
    const repository = await server.repository()
    for (let index = 0; index < count; index++) await registerNext(repository, index)
    return repository
  }

  it('E1: after an unassignment gto goes back to the version before; for us nothing is there', async () => {
    const { its, ours } = await read([...LIVE, { name: 'm#prod!#3', at: 1, time: 5 }])
    expect(its).toMatchObject({ stage: { prod: 'v1.0.0' } })
    expect(ours.stages.prod?.current).toBeNull()
  })

  it('E2: after a deregistration gto goes back to the version before; for us nothing is there', async () => {
    const { its, ours } = await read([...LIVE, { name: 'm@v2.0.0!', at: 1, time: 5 }])
    expect(its).toMatchObject({ version: 'v1.0.0', stage: { prod: 'v1.0.0' } })
    expect(ours.versions.map(({ version }) => version)).toEqual(['v1.0.0'])
    expect(ours.stages.prod?.current).toBeNull()
    // Nor does it come to be there by a tag that is made afterwards.
    const after = await read([...LIVE, { name: 'm@v2.0.0!', at: 1, time: 5 }, { name: 'm#prod#3', at: 1, time: 6 }])
    expect([after.its, after.ours.stages.prod?.current]).toMatchObject([{ stage: { prod: 'v1.0.0' } }, null])
  })

  it('E3: gto wants --force to go back to a version; for us it is an event as any other', async () => {
    const { folder } = await read(LIVE)
    const back = { name: 'm', stage: 'prod', version: 'v1.0.0' }
    await expect(gto.call(folder, 'assign', { options: back })).rejects.toThrow('already in stage')
    await gto.call(folder, 'assign', { options: { ...back, force: true }, time: START + 9 })
    const { its, ours } = await readAgain(folder)
    expect([its, ours.stages.prod?.current]).toMatchObject([{ stage: { prod: 'v1.0.0' } }, 'v1.0.0'])

    const repository = await registered(2)
    await assigned(repository, 'v1.0.0', null)
    await assigned(repository, 'v2.0.0', 'v1.0.0')
    expect(await assigned(repository, 'v1.0.0', 'v2.0.0')).toMatchObject({ tag: 'm#prod#3', replaces: 'v2.0.0' })
  })

  it('E4: within a second the older version wins for gto, the higher counter for us; and we write no such two', async () => {
    const { its, ours } = await read([
      ...TWO,
      { name: 'm#prod#1', at: 0, time: 3 },
      { name: 'm#prod#2', at: 1, time: 3 },
    ])
    expect([its, ours.stages.prod?.current]).toMatchObject([{ stage: { prod: 'v1.0.0' } }, 'v2.0.0'])
    expect(nextTime({ tip: null, state: ours }, new Date(ours.last!.time))).toBe(after(ours, 1))
  })

  it('E5: a clock that goes wrong: the later time wins for both, and we write none that is earlier', async () => {
    const { its, ours } = await read([
      ...TWO,
      { name: 'm#prod#1', at: 0, time: 9 },
      { name: 'm#prod#2', at: 1, time: 3 },
    ])
    expect([its, ours.stages.prod?.current]).toMatchObject([{ stage: { prod: 'v1.0.0' } }, 'v1.0.0'])
    expect(nextTime({ tip: null, state: ours }, new Date(0))).toBe(after(ours, 1))
  })

  it('E6: gto has two answers to what is in a stage; we have one', async () => {
    const { folder, its, ours } = await read([...LIVE, { name: 'm#prod#3', at: 0, time: 5 }])
    expect(its).toMatchObject({ stage: { prod: 'v1.0.0' } })
    expect(await gto.call(folder, 'say', { args: ['show', 'm#prod', '--sort', 'semver', '--version'] })).toBe('v2.0.0')
    const [found] = await gto.call<Array<{ version: string }>>(folder, 'find_versions_in_stage', {
      args: ['m', 'prod'],
    })
    expect(found!.version).toBe('v2.0.0')
    expect(ours.stages.prod?.current).toBe('v1.0.0')
  })

  it('E7: of two versions on one commit gto reads nothing any more, of any model; we bind each event by its time', async () => {
    const both = [
      { name: 'm@v1.0.0', at: 0, time: 1 },
      { name: 'm@v1.1.0', at: 0, time: 3 },
    ]
    const other = { name: 'other@v1.0.0', at: 1, time: 1 }
    const { its, ours } = await read([
      ...both,
      other,
      { name: 'm#prod#1', at: 0, time: 2 },
      { name: 'm#prod#2', at: 0, time: 4 },
    ])
    expect(its).toContain('Multiple versions are not allowed on the same Git commit')
    expect(ours.stages.prod?.history.map(({ version }) => version)).toEqual(['v1.0.0', 'v1.1.0'])
    // We give each version a commit of its own, from whatever source.
    const repository = await registered(2)
    const { versions } = await readState(repository.connect(), 'm')
    expect(new Set(versions.map(({ commit }) => commit)).size).toBe(2)
  })

  it('E8: one tag m@created and gto reads nothing any more; to us it says nothing', async () => {
    for (const created of [
      { name: 'm@created', at: 0, time: 2 },
      { name: 'm@created', at: 0 },
    ]) {
      const { its, ours } = await read([...LIVE, created])
      expect(its).toBe("KeyError: 'action'")
      expect(ours.stages.prod?.current).toBe('v2.0.0')
    }
  })

  it('E9: in a shallow clone gto says that nothing is in production; we ask GitHub, or say that the clone is shallow', async () => {
    const repository = await registered(1)
    await assigned(repository, 'v1.0.0', null)
    const clone = await mkdtemp(join(tmpdir(), 'modelyard-shallow-'))
    folders.push(clone)
    await run('git', ['clone', '-q', '--depth=1', repository.cloneUrl, clone])
    expect(await gto.call(clone, 'show')).toEqual({})
    expect((await readState(repository.connect(), 'm')).stages.prod?.current).toBe('v1.0.0')
    expect(await isShallow(clone)).toBe(true)
    // What mends it.
    await run('git', ['fetch', '-q', '--depth=1', 'origin', 'refs/tags/*:refs/tags/*'], { cwd: clone })
    expect(await gto.call(clone, 'show')).toMatchObject({ m: { version: 'v1.0.0', stage: { prod: 'v1.0.0' } } })
  })

  it('E10: gto cannot show a version that was deregistered and registered again; for us the last word counts', async () => {
    const { folder } = await read([...TWO, { name: 'm@v2.0.0!', at: 1, time: 3 }])
    const again = { name: 'm', ref: (await readTagsOfClone(folder))[1]!.target }
    await expect(gto.call(folder, 'register', { options: again })).rejects.toThrow("tag 'm@v2.0.0' already exists")
    await gto.call(folder, 'register', { options: { ...again, simple: false }, time: START + 9 })
    expect(await gto.call(folder, 'say', { args: ['show', 'm'] })).toContain(
      'Multiple registrations are not supported currently',
    )
    const { ours } = await readAgain(folder)
    expect(ours.versions.at(-1)).toMatchObject({ version: 'v2.0.0', tag: 'm@v2.0.0#1' })
  })

  it('E11: gto unassigns again and again; we find that it was done', async () => {
    const { folder } = await read(LIVE)
    const options = { name: 'm', stage: 'prod', version: 'v2.0.0' }
    for (const time of [START + 9, START + 10]) await gto.call(folder, 'unassign', { options, time })
    expect((await readTagsOfClone(folder)).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['m#prod!#3', 'm#prod!#4']),
    )

    const repository = await registered(1)
    await assigned(repository, 'v1.0.0', null)
    const request = { model: 'm', stage: 'prod', version: 'v1.0.0', reason: 'It is over.', actor: 'ada' }
    const tags = [await unassign(repository.connect(), request), await unassign(repository.connect(), request)]
    expect(tags).toEqual([
      { tag: 'm#prod!#2', found: false },
      { tag: 'm#prod!#2', found: true },
    ])
  })

  it('E12: gto deletes tags and counts again; with us the log brings back what was deleted, and the next number is new', async () => {
    const { folder } = await read(LIVE)
    await gto.call(folder, 'unassign', { options: { name: 'm', stage: 'prod', version: 'v2.0.0', delete: true } })
    await gto.call(folder, 'assign', { options: { name: 'm', stage: 'prod', version: 'v2.0.0' }, time: START + 9 })
    const { facts } = await readAgain(folder)
    expect(facts.filter(({ name }) => name.startsWith('m#')).map(({ name }) => name)).toEqual(['m#prod#1', 'm#prod#2'])

    const repository = await registered(2)
    await assigned(repository, 'v1.0.0', null)
    await repository.git('tag', '-d', 'm#prod#1')
    expect((await assigned(repository, 'v2.0.0', 'v1.0.0')).tag).toBe('m#prod#2')
    expect(await repository.git('tag', '--list', 'm#prod*')).toBe('m#prod#1\nm#prod#2')
  })

  it('E13: from stale clones gto gives two stages one number in no order; our log puts both in order', async () => {
    const repository = await registered(2)
    const clones = await Promise.all(
      ['prod', 'staging'].map(async (stage) => {
        const clone = await mkdtemp(join(tmpdir(), 'modelyard-stale-'))
        folders.push(clone)
        await run('git', ['clone', '-q', repository.cloneUrl, clone])
        await gto.call(clone, 'assign', { args: ['m', stage], options: { version: 'v1.0.0' } })
        return (await readTagsOfClone(clone)).find(({ name }) => name.includes('#'))!
      }),
    )
    expect(clones.map(({ name }) => name)).toEqual(['m#prod#1', 'm#staging#1'])
    expect(clones[0]!.time.slice(0, 16)).toBe(clones[1]!.time.slice(0, 16))

    const moves = ['prod', 'staging'].map((stage) => assigned(repository, 'v1.0.0', null, stage))
    await Promise.all(moves)
    const times = historyOf('m', await readTagsOfClone(repository.gitDir)).map(({ time }) => time)
    expect(new Set(times).size).toBe(4)
    // The same name twice: one of two wins, the other hears what is there now.
    await expect(assigned(repository, 'v2.0.0', null)).rejects.toThrow('prod of m holds v1.0.0 now, not nothing')
  })

  it('E14: where a version’s tag was moved, gto shows a commit in the stage; so do we, and use it for nothing', async () => {
    const { its, ours, facts } = await read([
      { name: 'm@v1.0.0', at: 1, time: 1 },
      { name: 'm#prod#1', at: 0, time: 2 },
    ])
    const [{ target }] = facts as [TagFact]
    expect([its, ours.stages.prod?.current]).toMatchObject([{ stage: { prod: target } }, target])
    expect(() => resolveVersion(ours, 'prod')).toThrow(`prod of m holds ${target}, which is not a registered version.`)
  })

  it('E15: a lightweight tag registers nothing for gto and is in its way; we pass over its name', async () => {
    const { folder, its } = await read([{ name: 'm@v1.0.0', at: 0 }])
    expect(its).toBeUndefined()
    const options = { name: 'm', ref: 'HEAD', version: 'v1.0.0' }
    await expect(gto.call(folder, 'register', { options })).rejects.toThrow("tag 'm@v1.0.0' already exists")

    const repository = await registered(0)
    await repository.git('tag', 'm@v1.0.0', 'main')
    expect((await registerNext(repository, 0)).version).toBe('v1.0.1')
    const byName = { ...candidate('other', { ...repository, model: 'm', expect: OPEN }), version: 'v1.0.0' }
    await expect(register(repository.connect(), byName)).rejects.toThrow('The tag m@v1.0.0 exists already')
  })

  it('E16: a stage that was assigned before its commit was registered holds that version, for gto and for us', async () => {
    const { its, ours } = await read([
      { name: 'm#prod#1', at: 0, time: 1 },
      { name: 'm@v1.0.0', at: 0, time: 2 },
    ])
    expect([its, ours.stages.prod?.current]).toMatchObject([{ stage: { prod: 'v1.0.0' } }, 'v1.0.0'])
  })

  it('E17: after v1.0.0-rc.1 gto goes to v1.0.1, we to v1.0.0', async () => {
    const { folder } = await read([{ name: 'm@v1.0.0-rc.1', at: 0, time: 1 }])
    await gto.call(folder, 'register', { options: { name: 'm', ref: 'HEAD' }, time: START + 2 })
    expect((await readAgain(folder)).its).toMatchObject({ version: 'v1.0.1' })
    expect(bumpVersion('v1.0.0-rc.1', 'patch')).toBe('v1.0.0')
  })

  it('E18: of versions that differ in their build gto takes the one that came last, we the last by its text', async () => {
    const tags = [
      { name: 'm@v2.0.0', at: 0, time: 1 },
      { name: 'm@v2.0.0+build5', at: 1, time: 2 },
    ]
    const [first, second] = [await read(tags), await read([{ ...tags[0]!, time: 3 }, tags[1]!])]
    expect([first.its, second.its]).toMatchObject([{ version: 'v2.0.0+build5' }, { version: 'v2.0.0' }])
    for (const { ours } of [first, second]) expect(ours.versions.at(-1)?.version).toBe('v2.0.0+build5')
  })

  it('E19: gto begins with v0.0.1 and lets nobody say how; we begin with v1.0.0', async () => {
    const { folder } = await read([])
    const options = { name: 'm', ref: 'HEAD' }
    await expect(gto.call(folder, 'register', { options: { ...options, bump_minor: true } })).rejects.toThrow(
      "Can't apply bump",
    )
    await gto.call(folder, 'register', { options })
    expect((await readAgain(folder)).its).toMatchObject({ version: 'v0.0.1' })
    expect((await readState((await registered(1)).connect(), 'm')).versions[0]?.version).toBe('v1.0.0')
  })

  it.each(['a.b', 'm_', 'a=b', 'sub.dir/x:m'])('E20: gto and we are of one mind about the name %s', async (name) => {
    const { folder } = await read([])
    const isTaken = await gto.call(folder, 'register', { options: { name, ref: 'HEAD' } }).then(
      () => true,
      () => false,
    )
    // As a tag, a=b is the artifact b in the folder a.
    expect(isTaken).toBe(name !== 'a=b' && parseTag(`${name.replace(':', '=')}@v0.0.1`)?.name === name)
  })

  it('E21: a smaller version that comes later is not the latest, for gto and for us', async () => {
    const { its, ours } = await read([
      { name: 'm@v1.0.0', at: 0, time: 1 },
      { name: 'm@v0.0.0', at: 1, time: 2 },
    ])
    expect([its, ours.versions.at(-1)?.version]).toMatchObject([{ version: 'v1.0.0' }, 'v1.0.0'])
  })

  it('E22: gto keeps a message’s body and trailers as they are, and we read them', async () => {
    const message = 'Registering artifact m version v1.0.0\n\n{"json": true}\n\nModel-Digest: abc'
    const { folder, ours } = await read([{ name: 'm@v1.0.0', at: 0, time: 1, message }])
    const [told] = await gto.call<Array<{ message: string }>>(folder, 'history')
    expect(told!.message).toBe(message)
    expect(readTrailers(ours.versions[0]!.message)).toEqual({ 'Model-Digest': 'abc' })
  })

  it('E23: gto is silent about a tag that it does not know, as if all were well; we say that it is none', async () => {
    const { folder } = await read(LIVE)
    expect(await gto.call(folder, 'say', { args: ['check-ref', 'm@v1'] })).toBe('')
    const asked = readReference(inClone(folder), 'm@v1')
    await expect(asked).rejects.toThrow('The tag "m@v1" is none of a registry')
  })

  it('a tag of the year 10000: gto reads nothing any more, of any model; for us it announces nothing', async () => {
    const seconds = Date.UTC(10_000, 0, 1) / 1000 - START
    const { its, ours, facts } = await read([...LIVE, { name: 'm#prod#3', at: 0, time: seconds }])
    expect(its).toContain('year 10000 is out of range')
    expect(readAsGto(facts)).toEqual({ fails: { tags: ['m#prod#3'], why: 'time out of range' } })
    expect(ours.stages.prod?.current).toBe('v2.0.0')
  })

  it('a number that is too large: gto reads it, of any length; for us the tag announces nothing', async () => {
    const huge = [
      { name: 'm@v99999999999999999999.0.0', at: 2, time: 5 },
      { name: 'm#prod#9007199254740992', at: 0, time: 6 },
    ]
    const folder = await writeTags(3, [...LIVE, ...huge])
    folders.push(folder)
    const ours = deriveState('m', await readTagsOfClone(folder))
    const told = await gto.call<Array<{ ref: string }>>(folder, 'history')
    expect(told).toHaveLength(LIVE.length + 2)
    expect(ours.stages.prod?.current).toBe('v2.0.0')
    expect(ours.versions.at(-1)?.version).toBe('v2.0.0')
  })

  it('E24: gto allows the stages that .gto lists; we those of the model file, and say what there is', async () => {
    const { folder, ours } = await read(TWO)
    await writeFile(join(folder, '.gto'), 'stages: [dev, prod]\n')
    const options = { name: 'm', stage: 'staging', version: 'v1.0.0' }
    await expect(gto.call(folder, 'assign', { options })).rejects.toThrow("Allowed stages are: '['dev', 'prod']'")
    expect(await gto.call(folder, 'show')).toMatchObject({ m: { stage: { dev: null, prod: null } } })
    expect(() => resolveVersion(ours, 'staging')).toThrow(
      'm has no version or stage "staging". There is no stage in use',
    )
  })
})

interface Shown {
  version: string | null
  stage: Record<string, string | null>
  active: boolean
}

interface Read {
  folder: string
  facts: TagFact[]
  /** What gto says of m; undefined where it knows no m; its error. */
  its: Shown | string | undefined
  ours: State
}

const TWO: WrittenTag[] = [
  { name: 'm@v1.0.0', at: 0, time: 1 },
  { name: 'm@v2.0.0', at: 1, time: 2 },
]
const LIVE: WrittenTag[] = [...TWO, { name: 'm#prod#1', at: 0, time: 3 }, { name: 'm#prod#2', at: 1, time: 4 }]
const OPEN = { champion: null, today: () => null }

/** Each takes other inputs than the one before: a major version. */
async function registerNext(repository: Repository, index: number) {
  const inputs = [`input ${index}`]
  return register(
    repository.connect(),
    candidate(`bytes ${index}`, { ...repository, model: 'm', expect: OPEN, inputs }),
  )
}

async function assigned(repository: Repository, version: string, current: string | null, stage = 'prod') {
  const request = { model: 'm', stage, version, expect: { current }, reason: 'It is time.', actor: 'ada' }
  return assign(repository.connect(), request)
}

function after({ last }: State, seconds: number): string {
  return new Date(Date.parse(last!.time) + seconds * 1000).toISOString()
}

function asModel({ version, stage, active }: Shown): GtoModel {
  const stages = Object.fromEntries(
    Object.entries(stage).flatMap(([name, held]) => (held === null ? [] : [[name, held]])),
  )
  return { version, stages, active }
}
