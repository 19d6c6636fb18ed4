import { recordDigest, type Statement } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openServer, type Server } from '../../registry/test/support/repository.ts'
import { evaluate } from '../src/index.ts'
import { needRecord } from '../src/records.ts'
import { checkout } from './support/checkout.ts'

let server: Server
beforeAll(async () => {
  server = await openServer()
})
afterAll(() => server.close())

describe('how long a training took', { timeout: 60_000 }, () => {
  it('is part of what the record says where a gate decides on it', async () => {
    const { trained } = await checkout(server, {
      'max_regression: 0.01 }': 'max_regression: 0.01 }\n    - { metric: training_time, max: 3600 }',
    })
    const { context, model } = await trained(0.5)
    const record = await needRecord(context, 'training', 'toy', 'train')
    const seconds = record.predicate.training_seconds
    expect(seconds).toBeGreaterThan(0)
    expect(record.predicate.run.training_seconds).toBeUndefined()
    const { metrics, verdict } = (await evaluate(context, model)).predicate
    expect(metrics.find(({ name }) => name === 'training_time')?.candidate.value).toBe(seconds)
    expect(verdict).toBe('pass')
    const digest = recordDigest(record as Statement)
    record.predicate.training_seconds = 1e5
    expect(recordDigest(record as Statement)).not.toBe(digest)
  })

  it('is a fact about the run where none does, so that the same training has the same digest anywhere', async () => {
    const { context } = await (await checkout(server)).trained(0.5)
    const { training_seconds, run } = (await needRecord(context, 'training', 'toy', 'train')).predicate
    expect(training_seconds).toBeUndefined()
    expect(run.training_seconds).toBeGreaterThan(0)
  })
})
