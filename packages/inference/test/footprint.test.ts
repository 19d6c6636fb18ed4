import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { configureNative } from '@modelyard/native'
import type { Task } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFootprint } from '../src/index.ts'
import { fixtures } from './onnx.ts'

// Kept between runs: the WebAssembly build is fetched.
configureNative({ toolCache: join(import.meta.dirname, '../../../.cache/native') })

const root = join(fixtures, 'exporters')
let data: Dataset
beforeAll(async () => {
  data = await openDataset({ root, files: 'data.parquet' })
})
afterAll(() => data.close())

function open(name: string, task: Task = 'binary-classification', provider: 'cpu' | 'wasm' = 'cpu') {
  return openFootprint(join(root, `${name}.onnx`), data, { task, provider, exclude: [], label: 'late' })
}

describe('what a process needs for a model', () => {
  it.each<[name: string, task: Task]>([
    ['lightgbm-zipmap', 'binary-classification'],
    ['lightgbm-strings', 'multiclass-classification'],
    ['xgboost-regression', 'regression'],
    ['torch-fixed-rows', 'binary-classification'],
    ['torch-half', 'binary-classification'],
  ])('is found of every kind of input: %s', { timeout: 30_000 }, async (name, task) => {
    const footprint = await open(name, task)
    const { load, memory } = await footprint.measure()
    await footprint.close()
    expect(load).toBeGreaterThan(0)
    // Node itself holds some 40 MB.
    expect(memory).toBeGreaterThan(2e7)
    expect(memory).toBeLessThan(1e9)
  })

  it('is found with the WebAssembly build, too', { timeout: 120_000 }, async () => {
    const footprint = await open('torch-dynamo', 'binary-classification', 'wasm')
    expect((await footprint.measure()).load).toBeGreaterThan(0)
    await footprint.close()
  })

  it('is no number where the process ends without one', { timeout: 30_000 }, async () => {
    const footprint = await open('torch-dynamo')
    await footprint.close()
    await expect(footprint.measure()).rejects.toThrow(
      /^The model .*torch-dynamo\.onnx cannot be run in a process of its own: .*(?:exist|found|open|load)/i,
    )
  })
})
