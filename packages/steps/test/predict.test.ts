import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import { evaluate, register } from '../src/index.ts'
import { checkout } from './support/checkout.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

describe('a model that is not ONNX', () => {
  it('is registered under its own format, and is the champion that its program runs next', {
    timeout: 60_000,
  }, async () => {
    const { root, repository, trained } = await checkout(server)
    const first = await trained(0.5)
    expect((await evaluate(first.context, first.model)).predicate.verdict).toBe('pass')
    const [registration] = await register(first.context, { model: 'model.yaml', version: 'auto' })
    expect(registration!.subject[0]!.name).toBe('model.json')
    expect(registration!.predicate.assets[0]!.name).toBe('model.json')
    expect(await repository.git('ls-tree', '--name-only', 'toy@v1.0.0:.modelyard/toy')).toBe('version.json')

    const second = await trained(-1)
    const { verdict, champion, predictions } = (await evaluate(second.context, second.model)).predicate
    expect([verdict, champion?.version]).toEqual(['fail', 'v1.0.0'])
    expect(predictions!.champion).toMatch(/^[0-9a-f]{64}$/)
    expect(await readdir(join(root, '.modelyard/toy/champion/v1.0.0'))).toContain('model.json')
  })
})
