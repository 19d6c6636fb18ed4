import { assign, register } from '@modelyard/registry'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { candidate } from '../../registry/test/support/candidate.ts'
import { openServer, type Repository, type Server } from '../../registry/test/support/repository.ts'
import { examineRegistry } from '../src/index.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

const move = (repository: Repository, stage: string) =>
  assign(repository.connect(), {
    ...{ model: 'm', stage, version: 'v1.0.0', actor: 'ada', reason: '' },
    expect: { current: null },
  })

describe('the doctor of a registry', () => {
  it.each([
    ['its tags are read', 'git-upload-pack', () => vi.spyOn(globalThis, 'fetch')],
    ['its logs are read', 'graphql', undefined],
  ])('finds nothing in what others do while %s', async (_, path, spy) => {
    const repository = await server.repository()
    await register(repository.connect(), candidate('one', { ...repository, model: 'm' }))
    const send = globalThis.fetch
    let isDone = false
    const meddle: typeof fetch = async (input, init) => {
      const answer = await send(input, init)
      const isNow = !isDone && String(input).endsWith(path)
      isDone ||= isNow
      if (isNow) for (const stage of ['staging', 'production']) await move(repository, stage)
      return answer
    }
    const spied = spy?.().mockImplementation(meddle)
    const github = repository.connect(spied ? send : meddle)
    const found = await examineRegistry({ root: server.folder, github }).finally(() => spied?.mockRestore())
    expect({ isDone, found }).toEqual({ isDone: true, found: [] })
    expect(await examineRegistry({ root: server.folder, github: repository.connect() })).toEqual([])
  })
})
