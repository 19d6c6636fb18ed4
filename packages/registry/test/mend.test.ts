import { at, createDraft, listReleases } from '@modelyard/github'
import { RefusedError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import {
  assign,
  findTraps,
  findTrapsOfDrafts,
  mend,
  readAllTags,
  readDrafts,
  readLogs,
  readState,
  register,
  type Trap,
  unassign,
} from '../src/index.ts'
import { readAsGto } from '../src/tags/gto.ts'
import type { Remedy } from '../src/traps/trap.ts'
import { candidate } from './support/candidate.ts'
import { foreignTag } from './support/foreign.ts'
import { dyingAfter, openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const DAY = 24 * 60 * 60 * 1000
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
    const say = { do: 'assign', model: 'm', stage: 'prod' } as const
    const outdated = { ...say, version: 'v1.0.0', after: 'm#prod#2' }
    await expect(mend(repository.connect(), outdated, WHY)).rejects.toThrow('prod of m holds v2.0.0 by now, so')
    const [before, after] = [120_000, 60_000].map((ms) => new Date(Date.now() + ms)).reverse()
    await foreignTag(repository, { name: 'm#prod#3', at: 'm@v2.0.0', time: before! })
    await foreignTag(repository, { name: 'm#prod!#4', at: 'm@v1.0.0', time: after! })
    const foreign = { ...say, version: 'v2.0.0', after: 'm#prod#3' }
    await expect(mend(repository.connect(), foreign, WHY)).rejects.toThrow(
      'prod of m holds v2.0.0 by now, by another event, so it was left as it is.',
    )
  })

  it('says a thing once, though the answer to it is lost', async () => {
    const repository = await live()
    await unassign(repository.connect(), { ...WHY, stage: 'prod', version: 'v2.0.0' })
    const [trap] = await traps(repository)
    let isLost = false
    const github = repository.connect(async (input, init) => {
      const answer = await fetch(input, init)
      if (isLost || init?.method !== 'PATCH') return answer
      isLost = true
      return Response.json({ message: 'Resource not accessible by integration' }, { status: 403 })
    })
    expect(await mend(github, trap!.remedy!, WHY)).toBe('m#prod!#4 says that prod of m holds nothing.')
    expect(isLost).toBe(true)
    const { history } = (await readState(repository.connect(), 'm')).stages.prod!
    expect(history.map(({ tag }) => tag)).toEqual(['m#prod#1', 'm#prod#2', 'm#prod!#3', 'm#prod!#4'])
  })

  it('deletes a draft that nobody came back to, and none that changed since', async () => {
    const repository = await live()
    const github = repository.connect()
    await createDraft(github, { tag: 'somebody’s-own', name: 'Soon', body: '' })
    for (const content of ['three', 'four']) {
      const given = candidate(content, { ...repository, model: 'm', expect: { champion: null, today: () => null } })
      await dyingAfter(8, repository, (mortal) => register(mortal, given))
    }
    const look = async (now: Date) => findTrapsOfDrafts(await readDrafts(github), await readLogs(github), now)
    expect(await look(new Date())).toEqual([])
    const found = await look(new Date(Date.now() + 2 * DAY))
    expect(found.map(({ kind, model }) => [kind, model])).toEqual(Array(2).fill(['abandoned draft', 'm']))
    const [left, other] = found.map(({ remedy }) => remedy as Remedy & { do: 'discard' })
    expect(await mend(github, left!, WHY)).toBe(`The draft ${left!.release} of m is deleted.`)
    await expect(mend(github, left!, WHY)).rejects.toThrow('changed by now')
    await expect(mend(github, { ...other!, changed: 'then' }, WHY)).rejects.toThrow('changed by now')
    const drafts = (await listReleases(github)).filter(({ draft }) => draft)
    expect(drafts).toMatchObject([{ id: other!.release }, { tag: 'somebody’s-own' }])
  })

  it('puts back no tag that another tag or a ruleset keeps from being made, and says which', async () => {
    const repository = await live()
    await repository.git('tag', '-d', 'm#prod#1')
    const [trap] = await traps(repository)
    await foreignTag(repository, { name: 'm#prod#1/x', at: 'main', light: true })
    await expect(mend(repository.connect(), trap!.remedy!, WHY)).rejects.toThrow('there is the tag m#prod#1/x')
    await repository.git('tag', '-d', 'm#prod#1/x')
    const owner = repository.connect()
    await owner.octokit.rest.repos.createRepoRuleset({
      ...{ ...at(owner), name: 'no tags', target: 'tag', enforcement: 'active', rules: [{ type: 'creation' }] },
      conditions: { ref_name: { include: ['~ALL'], exclude: [] } },
    })
    const bob = await server.connectAs('bob', repository)
    const refused = mend(bob, trap!.remedy!, WHY)
    await expect(refused).rejects.toThrow(/^A ruleset of the repository does not let this token/)
    await expect(refused).rejects.toBeInstanceOf(RefusedError)
  })

  it('puts back only the tag that the entry itself names', async () => {
    const repository = await live()
    const entry = await repository.git('rev-parse', 'refs/modelyard/m')
    const remedy = { do: 'restore', model: 'm', tag: 'm#prod#9', entry } as const
    await expect(mend(repository.connect(), remedy, WHY)).rejects.toThrow('does not say which tag m#prod#9 was')
  })

  it('reads in one query, for all models, which release is a draft, and no log that is elsewhere', async () => {
    const repository = await server.repository()
    for (const model of ['m', 'n']) await register(repository.connect(), candidate('one', { ...repository, model }))
    const asked: string[] = []
    const github = repository.connect((input, init) => {
      asked.push(new URL(String(input)).pathname.split('/').at(-1)!)
      return fetch(input, init)
    })
    expect((await readLogs(github)).map(({ model }) => model).sort()).toEqual(['m', 'n'])
    expect(asked).toEqual(['graphql'])
    await repository.git('branch', 'modelyard/m', 'refs/modelyard/m')
    expect(await readLogs(github)).toHaveLength(2)
    await repository.git('branch', '-D', 'modelyard/m')
    await expect(readLogs({ ...github, branchesOnly: true })).rejects.toThrow('Set MODELYARD_LOGS to "refs"')
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
