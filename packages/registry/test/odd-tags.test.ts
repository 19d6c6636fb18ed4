import { UserError } from '@modelyard/spec'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type AssignmentRequest, assign, findTraps, readAllTags, readTags, register } from '../src/index.ts'
import { deriveRegistry } from '../src/tags/mirror.ts'
import { candidate } from './support/candidate.ts'
import { foreignTag, oddTag } from './support/foreign.ts'
import { openServer, type Repository, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const MOVE: AssignmentRequest = {
  ...{ model: 'm', stage: 'production', version: 'v1.0.0', actor: 'ada', reason: 'It is time.' },
  expect: { current: null },
}
const END_OF_9999 = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

let server: Server
let template: Repository
let repository: Repository
beforeAll(async () => {
  server = await openServer()
  template = await server.repository()
  await register(template.connect(), candidate('one', { ...template, model: 'm' }))
})
beforeEach(async () => {
  repository = await server.repository(template)
})
afterAll(() => server.close())

const move = () => assign(repository.connect(), MOVE)
const log = () => repository.git('log', '--first-parent', '--format=%s', 'refs/modelyard/m', '--not', 'main')

/** What the doctor finds in the tags, which are the same from a mirror and from the API. */
async function look(): Promise<Array<[kind: string, tag: string]>> {
  const facts = await readAllTags(repository.connect())
  const byName = (all: typeof facts) => all.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  expect(byName(await readTags(repository.connect(), 'm'))).toEqual(byName(facts))
  expect([...deriveRegistry(facts).keys()]).toEqual(['m'])
  return findTraps(facts).map(({ kind, tags }) => [kind, tags[0]!])
}

describe('one odd tag keeps nobody from reading or writing the rest:', () => {
  it.each(['m@v99999999999999999999.0.0', 'm#production#9007199254740992', 'm#production#999999999999999999999'])(
    '%s, whose number is too large',
    async (name) => {
      await foreignTag(repository, { name, at: 'main', light: true })
      expect(await look()).toEqual([['not in the grammar', name]])
      await repository.git('tag', '-d', name)
      await foreignTag(repository, { name, at: 'main' })
      expect(await move()).toMatchObject({ tag: 'm#production#1', found: false })
    },
  )

  it.each([END_OF_9999 + 1, 99_999_999_999_999, Number.MAX_SAFE_INTEGER])(
    'a tag that is dated %d seconds after 1970',
    async (seconds) => {
      await oddTag(repository, 'm#production#1', { seconds })
      expect(await look()).toEqual([['time out of range', 'm#production#1']])
      expect(await move()).toMatchObject({ tag: 'm#production#2', found: false })
    },
  )
})

describe('nothing is announced', () => {
  it('under a name that nobody can read', async () => {
    const before = await log()
    await foreignTag(repository, { name: `m#production#${Number.MAX_SAFE_INTEGER}`, at: 'main', light: true })
    await expect(move()).rejects.toThrow(UserError)
    await expect(move()).rejects.toThrow(
      'The tag of this event would be m#production#9007199254740992, which nobody can read: nothing was written.',
    )
    await expect(assign(repository.connect(), { ...MOVE, stage: 'a.b' })).rejects.toThrow('m#a.b#1')
    expect(await log()).toBe(before)
  })

  it('where nothing can be later, and the sentence names the tag', async () => {
    const before = await log()
    await oddTag(repository, 'm#staging#1', { seconds: END_OF_9999 })
    await expect(move()).rejects.toThrow(UserError)
    await expect(move()).rejects.toThrow('The tag m#staging#1 is dated at the end of the year 9999')
    expect(await log()).toBe(before)
  })
})

describe('a signed tag', () => {
  it.each(['PGP', 'SSH'])('says what it would say without its %s signature', async (kind) => {
    const said = 'Assigning stage dev\n\nBecause.\n\nReplaces: none\n'
    const signature = `-----BEGIN ${kind} SIGNATURE-----\n\niQEz\n-----END ${kind} SIGNATURE-----\n`
    await oddTag(repository, 'm#dev#1', { seconds: 1_800_000_000, message: said + signature })
    await look()
    const facts = await readTags(repository.connect(), 'm')
    expect(facts.find(({ name }) => name === 'm#dev#1')?.message).toBe(said)
  })
})
