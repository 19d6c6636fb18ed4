import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Dataset, openDataset } from '@modelyard/data'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gate } from '../src/gates/gate.ts'
import { decideGates } from '../src/gates/gates.ts'
import { compareFootprints, compareSizes, measureFootprints, trainingMetrics } from '../src/measured/resources.ts'

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}.onnx`, import.meta.url))

/** What a gate says of a metric, the first rule first. */
function decided(gate: Gate, metric: ReturnType<typeof compareSizes>) {
  return decideGates({
    gates: [gate],
    metrics: [metric],
    rows: 2000,
    confidence: 0.95,
    champion: 'v1.0.0',
    firstVersion: 'refuse',
  })
}

describe('the size of a file', () => {
  it('is exact, and so is the verdict on it', () => {
    const size = compareSizes(51_200_000, 50_000_000)
    expect(size).toEqual({
      name: 'file_size',
      candidate: { value: 51_200_000, low: 51_200_000, high: 51_200_000 },
      champion: { value: 50_000_000, low: 50_000_000, high: 50_000_000 },
      difference: { value: 1_200_000, low: 1_200_000, high: 1_200_000, method: 'exact' },
    })
    const [most, growth] = decided({ metric: 'file_size', max: '50MB', max_regression: '2%' }, size)
    expect(most).toMatchObject({ verdict: 'fail', reason: 'File size is 51.2 MB; at most 50 MB is asked.' })
    expect(growth).toMatchObject({
      verdict: 'fail',
      reason: 'File size is 1.2 MB worse than v1.0.0; at most 2 %, that is 1 MB, worse is allowed.',
    })
    expect(decided({ metric: 'file_size', max: '51.2MB' }, size)[0]!.verdict).toBe('pass')
  })

  it('is told in bytes where it is small', () => {
    const [gate] = decided({ metric: 'file_size', max: '1kB' }, compareSizes(16, null))
    expect(gate!.reason).toBe('File size is 16 B; at most 1 kB is asked.')
  })
})

describe('a training budget', () => {
  it('takes what the record says, and the price of an hour', () => {
    const [time, cost] = trainingMetrics(['training_time', 'training_cost'], { seconds: 5400, costPerHour: 2 })
    expect(time).toMatchObject({ candidate: { value: 5400, low: 5400, high: 5400 }, champion: null, difference: null })
    expect(cost!.candidate.value).toBe(3)
    expect(decided({ metric: 'training_time', max: '1h' }, time!)[0]).toMatchObject({
      verdict: 'fail',
      reason: 'Training time is 90.0 min; at most 60 min is asked.',
    })
    expect(decided({ metric: 'training_cost', max: 3 }, cost!)[0]!.verdict).toBe('pass')
  })

  it('is never kept by a training of which nobody knows how long it took', () => {
    const [time, cost] = trainingMetrics(['training_time', 'training_cost'], { seconds: undefined, costPerHour: 2 })
    for (const metric of [time!, cost!]) {
      const [gate] = decided({ metric: metric.name as 'training_time', max: 1e9 }, metric)
      expect(gate!.verdict).toBe('fail')
      expect(gate!.reason).toMatch(
        /has no value: the training record does not say how long the training took: run train again\.$/,
      )
    }
    const [free] = trainingMetrics(['training_cost'], { seconds: 5400, costPerHour: undefined })
    expect(free!.candidate).toMatchObject({ value: null, reason: expect.stringContaining('train.cost_per_hour') })
  })
})

describe('what loading a model takes', () => {
  const found = (load: number, memory: number) => ({ load, memory })

  it('is a median, with the interval that order statistics give whatever the times are', () => {
    const candidate = [0.9, 0.2, 0.3, 0.25, 0.31, 0.28, 0.22, 0.35, 0.27].map((load) => found(load, 1e8))
    const champion = [0.8, 0.1, 0.2, 0.15, 0.21, 0.18, 0.12, 0.25, 0.17].map((load) => found(load, 9e7))
    const [load, memory] = compareFootprints({ candidate, champion }, ['cold_load', 'peak_memory'], 0.95)
    expect(load!.candidate).toEqual({ value: 0.28, low: 0.22, high: 0.35 })
    // The load took a tenth of a second more in every round, whatever else the machine did in it.
    expect(load!.difference!.method).toBe('order-statistics')
    for (const end of ['value', 'low', 'high'] as const) expect(load!.difference![end]).toBeCloseTo(0.1, 12)
    expect(memory!.difference).toMatchObject({ value: 1e7, low: 1e7, high: 1e7 })
    const [limit] = decided({ metric: 'peak_memory', max: '50MB' }, memory!)
    expect(limit).toMatchObject({
      verdict: 'fail',
      reason: 'Peak memory is 100.0 MB (95 % interval: 100.0 to 100.0; at most 50 MB is asked).',
    })
  })

  it('has no interval where too few rounds bound the median', () => {
    const candidate = [found(1, 1), found(2, 2), found(3, 3)]
    const [load] = compareFootprints({ candidate, champion: null }, ['cold_load'], 0.95)
    expect(load).toMatchObject({ candidate: { value: 2, low: null, high: null }, champion: null, difference: null })
    expect(decided({ metric: 'cold_load', max: '1h' }, load!)[0]!.verdict).toBe('inconclusive')
  })

  describe('in fresh processes', () => {
    let root: string
    let dataset: Dataset
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'modelyard-resources-'))
      const rows = Array.from({ length: 50 }, (_, row) => `${row / 10},${row % 7},${row % 2}`)
      await writeFile(join(root, 'holdout.csv'), ['x,y,late', ...rows].join('\n'))
      dataset = await openDataset({ root, files: 'holdout.csv' })
    })
    afterAll(async () => {
      dataset.close()
      await rm(root, { recursive: true })
    })

    it('is that of the model, not of the process that asks', { timeout: 60_000 }, async () => {
      const ballast = new Float64Array(60_000_000).fill(1)
      const { candidate, champion } = await measureFootprints(
        dataset,
        { candidate: fixture('two-columns'), champion: fixture('one-column') },
        { task: 'binary-classification', provider: 'cpu', exclude: ['late'] },
      )
      expect([candidate.length, champion!.length]).toEqual([9, 9])
      for (const { load, memory } of [...candidate, ...champion!]) {
        expect(load).toBeGreaterThan(0)
        expect(memory).toBeGreaterThan(2e7)
        expect(memory).toBeLessThan(ballast.byteLength)
      }
    })

    it('is no number of a model that cannot be run', async () => {
      const paths = { candidate: fixture('foreign-column'), champion: null }
      const options = { task: 'binary-classification', provider: 'cpu', exclude: ['late'] } as const
      await expect(measureFootprints(dataset, paths, options)).rejects.toThrow(/input z takes 1 columns/)
    })
  })
})
