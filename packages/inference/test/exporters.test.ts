import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Dataset, openDataset } from '@modelyard/data'
import { configureNative } from '@modelyard/native'
import type { Provider, Task } from '@modelyard/spec'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openModel, type Predictions, predict } from '../src/index.ts'
import { fixtures } from './onnx.ts'

// Kept between runs: the WebAssembly build is fetched.
configureNative({ toolCache: join(import.meta.dirname, '../../../.cache/native') })

const root = join(fixtures, 'exporters')
let data: Dataset
let theirs: Dataset

beforeAll(async () => {
  data = await openDataset({ root, files: 'data.parquet' })
  theirs = await openDataset({ root, files: 'expected.parquet' })
})
afterAll(() => {
  data.close()
  theirs.close()
})

const binary = 'binary-classification'
const multiclass = 'multiclass-classification'

/** Exporter, task, and how far rounding carries: that of 16 bits is coarse. */
const exported: Array<[name: string, task: Task, tolerance: number]> = [
  ['xgboost-binary', binary, 1e-6],
  ['xgboost-regression', 'regression', 1e-6],
  ['lightgbm-zipmap', binary, 1e-6],
  ['lightgbm-strings', multiclass, 1e-6],
  ['skl2onnx-double-bool', binary, 1e-6],
  ['torch-dynamo', binary, 1e-6],
  ['torch-fixed-rows', binary, 1e-6],
  ['torch-half', binary, 2e-3],
  ['torch-two-inputs', multiclass, 1e-6],
]

async function run(name: string, task: Task, provider: Provider = 'cpu'): Promise<Predictions> {
  const model = await openModel(join(root, `${name}.onnx`), { provider })
  try {
    expect(model.engine).toEqual({ onnxruntime: '1.30.0', provider, threads: 1 })
    return await predict(model, data, { task, exclude: [], label: 'late', batch: 150 })
  } finally {
    await model.close()
  }
}

/** What the frameworks were asked for: the last class, or the value. */
function lastOf({ probabilities, classProbabilities, classes, values }: Predictions): Float64Array {
  const width = classes?.length ?? 1
  return probabilities ?? values ?? classProbabilities!.filter((_, place) => place % width === width - 1)
}

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Math.max(...Array.from(a, (value, index) => Math.abs(value - b[index]!)))
}

describe('what exporters make', () => {
  it.each(exported)('%s predicts what its framework does, missing values and all', async (name, task, tolerance) => {
    const column = name.replaceAll('-', '_')
    const expected = (await theirs.readColumns([column]))[column] as Float64Array
    const ours = await run(name, task)
    expect(ours.rows).toBe(200)
    expect(furthest(lastOf(ours), expected)).toBeLessThan(tolerance)
    if (task === multiclass) expect(ours.classes).toEqual(['early', 'late', 'never'])
  })

  it('says in one sentence that CUDA is not there, and runs nowhere else', async () => {
    if (existsSync('/dev/nvidia0')) return
    await expect(openModel(join(root, 'torch-dynamo.onnx'), { provider: 'cuda' })).rejects.toThrow(
      /^evaluate\.provider is cuda, and ONNX Runtime cannot use CUDA here: .*\. Take a runner that has its files/,
    )
  })

  it('gets the same from the WebAssembly build as from the native one', { timeout: 300_000 }, async ({ skip }) => {
    for (const [name, task, tolerance] of exported) {
      const wasm = await run(name, task, 'wasm').catch((error) => {
        if (String(error).includes('cannot be fetched')) skip(String(error))
        throw error
      })
      const native = await run(name, task)
      expect(furthest(lastOf(wasm), lastOf(native)), name).toBeLessThan(tolerance)
      expect(wasm.labels, name).toEqual(native.labels)
    }
  })
})
