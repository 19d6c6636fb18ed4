import { RefusedError } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assign, register } from '../src/index.ts'
import { candidate } from './support/candidate.ts'
import { foreignTag } from './support/foreign.ts'
import { openServer, type Server } from './support/repository.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const move = { model: 'm', version: 'v1.0.0', actor: 'bob', reason: '', expect: { current: null } }
const expected = { champion: null, today: () => null }

describe('a tag that stands in the way of another', () => {
  it('is named before anything is announced, and holds up nothing else', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await register(github, candidate('one', { ...repository, model: 'm' }))
    await foreignTag(repository, { name: 'm#production#1/x', at: 'main', light: true })
    await foreignTag(repository, { name: 'm#staging', at: 'main', light: true })
    await expect(assign(github, { ...move, stage: 'production' })).rejects.toThrow(
      new RefusedError(
        "The tag m#production#1 cannot be made while there is the tag m#production#1/x: git has no ref below another one. Delete it (git push origin --delete 'refs/tags/m#production#1/x'), and run it again.",
      ),
    )
    await expect(assign(github, { ...move, stage: 'staging/eu' })).rejects.toThrow('there is the tag m#staging:')
    expect(await repository.git('log', '--first-parent', '--format=%s', 'refs/modelyard/m', '--not', 'main')).toBe(
      'm v1.0.0 registered\nm v1.0.0',
    )
    const second = candidate('two', { ...repository, model: 'm', expect: expected })
    expect(await register(github, second)).toMatchObject({ version: 'v1.0.1' })
    await repository.git('tag', '-d', 'm#production#1/x')
    expect(await assign(github, { ...move, stage: 'production' })).toMatchObject({ tag: 'm#production#1' })
  })

  it('is named where it comes to light only when the tag is made, and the event is finished once it is gone', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    await foreignTag(repository, { name: 'a', at: 'main', light: true })
    const given = candidate('one', { ...repository, model: 'a/b/c' })
    for (const _ of [1, 2])
      await expect(register(github, given)).rejects.toThrow(
        new RefusedError(
          "The tag a/b/c@v1.0.0 cannot be made while there is the tag a: git has no ref below another one. Delete it (git push origin --delete 'refs/tags/a'), and run it again.",
        ),
      )
    await repository.git('tag', '-d', 'a')
    expect(await register(github, given)).toMatchObject({ tag: 'a/b/c@v1.0.0', found: true })
  })
})
