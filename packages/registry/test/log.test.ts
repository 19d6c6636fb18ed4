import { advanceRef, createCommit, readRef } from '@modelyard/github'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from './support/repository.ts'

describe('the log’s compare-and-swap', () => {
  let server: Server
  beforeAll(async () => {
    server = await openServer()
  })
  afterAll(() => server.close())

  it('refuses who decided on an entry that is no longer the newest, and keeps what is there', async () => {
    const repository = await server.repository()
    const github = repository.connect()
    const { source } = repository
    const ref = 'refs/modelyard/m'
    const entry = (message: string, parent: string) =>
      createCommit(github, { message, tree: source.tree, parents: [parent] })
    const first = await entry('first', source.commit)
    expect(await advanceRef(github, { ref, from: null, to: first })).toBe('advanced')
    expect(await advanceRef(github, { ref, from: null, to: await entry('rival', source.commit) })).toBe('lost')

    const [second, rival] = [await entry('second', first), await entry('rival', first)]
    expect(await advanceRef(github, { ref, from: first, to: second })).toBe('advanced')
    expect(await advanceRef(github, { ref, from: first, to: rival })).toBe('lost')
    expect((await readRef(github, ref))?.sha).toBe(second)
  })
})
