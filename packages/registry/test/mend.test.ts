import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readAsGto } from '../src/gto.ts'
import {
  assign,
  findTraps,
  mend,
  readAllTags,
  readLogs,
  readState,
  register,
  type Trap,
  unassign,
} from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const WHY = { model: 'm', actor: 'ada', reason: 'It is time.' }

describe('mending a registry', () => {
  it('brings back a tag that was deleted, and finishes what a killed run left', async () => {
    const repository = await live()
    const before = await repository.git('for-each-ref', 'refs/tags')
    // The newest tag of all is the log's to finish; the others are only missing.
    await repository.git('tag', '-d', 'm@v1.0.0', 'm#prod#2')
    expect(kinds(await traps(repository))).toEqual([
      'unregistered commit m#prod#1',
      'event without tag m@v1.0.0',
      'unfinished event m#prod#2',
    ])
    expect(await mendAll(repository)).toEqual(['m@v1.0.0 is there again.', 'The newest event of m is finished.'])
    expect(await repository.git('for-each-ref', 'refs/tags')).toBe(before)
    expect(await traps(repository)).toEqual([])
  })

  it('makes gto read what we do, where a stage was emptied', async () => {
    const repository = await live()
    await unassign(repository.connect(), { ...WHY, stage: 'prod', version: 'v2.0.0' })
    expect(kinds(await traps(repository))).toEqual(['disagreement m#prod#1 m#prod#2 m#prod!#3'])
    expect(await mendAll(repository)).toEqual(['m#prod!#4 says that prod of m holds nothing.'])
    await expectAgreement(repository, null)
  })

  it('makes gto read what we do, where two events bear one second', async () => {
    const repository = await live()
    const { stages } = await readState(repository.connect(), 'm')
    const last = stages.prod!.history.at(-1)!
    const date = String(Date.parse(last.time) / 1000)
    await repository.git(
      ...['-c', 'user.name=bob', '-c', 'user.email=bob@example.com'],
      ...['update-ref', 'refs/tags/m#prod#3', await tagObject(repository, 'm#prod#3', 'm@v1.0.0^{commit}', date)],
    )
    expect(kinds(await traps(repository))).toEqual(['equal seconds m#prod#2 m#prod#3', 'past the log m#prod#3'])
    await repository.git(
      'update-ref',
      'refs/tags/m#prod#4',
      await tagObject(repository, 'm#prod#4', 'm@v2.0.0^{commit}', date),
    )
    expect(kinds(await traps(repository))).toContain('disagreement m#prod#2 m#prod#3 m#prod#4')
    expect(await mendAll(repository)).toEqual(['m#prod#5 says that prod of m holds v2.0.0.'])
    await expectAgreement(repository, 'v2.0.0')
  })

  it('leaves alone what changed since it was looked at', async () => {
    const repository = await live()
    const remedy = { do: 'assign', model: 'm', stage: 'prod', version: 'v1.0.0' } as const
    await expect(mend(repository.connect(), remedy, WHY)).rejects.toThrow('prod of m holds v2.0.0 by now')
  })

  it('says where the object of a deleted tag is gone', async () => {
    const repository = await live()
    await repository.git('tag', '-d', 'm#prod#1')
    await repository.git('-c', 'gc.reflogExpire=now', 'gc', '-q', '--prune=now')
    const [trap] = await traps(repository)
    await expect(mend(repository.connect(), trap!.remedy!, WHY)).rejects.toThrow(
      /^m#prod#1 cannot be put back: GitHub has its object \w{12} no more\. Push it from a clone that still has it/,
    )
  })
})

/** v1.0.0 and v2.0.0 of m, both in prod one after the other. */
async function live(): Promise<Repository> {
  const repository = await server.repository()
  const github = repository.connect()
  const open = { champion: null, today: () => null }
  for (const inputs of [['one'], ['two']])
    await register(github, candidate(inputs[0]!, { ...repository, model: 'm', expect: open, inputs }))
  await assign(github, { ...WHY, stage: 'prod', version: 'v1.0.0', expect: { current: null } })
  await assign(github, { ...WHY, stage: 'prod', version: 'v2.0.0', expect: { current: 'v1.0.0' } })
  return repository
}

async function traps(repository: Repository): Promise<Trap[]> {
  const github = repository.connect()
  return findTraps(await readAllTags(github), await readLogs(github))
}

async function mendAll(repository: Repository): Promise<string[]> {
  const remedies = (await traps(repository)).flatMap(({ remedy }) => (remedy ? [remedy] : []))
  const done: string[] = []
  for (const remedy of remedies) done.push(await mend(repository.connect(), remedy, WHY))
  return done
}

async function expectAgreement(repository: Repository, version: string | null): Promise<void> {
  const facts = await readAllTags(repository.connect())
  const its = readAsGto(facts)
  expect('models' in its && (its.models.get('m')?.stages.prod ?? null)).toBe(version)
  expect((await readState(repository.connect(), 'm')).stages.prod?.current).toBe(version)
  expect((await traps(repository)).filter(({ remedy }) => remedy)).toEqual([])
}

function kinds(found: Trap[]): string[] {
  return found.map(({ kind, tags }) => `${kind} ${tags.join(' ')}`)
}

/** An annotated tag of another tool, at a second of its choice. */
async function tagObject({ git }: Repository, name: string, rev: string, seconds: string): Promise<string> {
  const before = `refs/before/${name}`
  process.env.GIT_COMMITTER_DATE = `${seconds} +0000`
  try {
    await git('-c', 'user.name=bob', '-c', 'user.email=bob@example.com', 'tag', '-a', '-m', name, 'made', rev)
    await git('update-ref', before, 'refs/tags/made')
    await git('tag', '-d', 'made')
    return await git('rev-parse', before)
  } finally {
    delete process.env.GIT_COMMITTER_DATE
  }
}
