import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { loadInstalled, loadNative } from '../src/load.ts'
import type { NativeName } from '../src/options.ts'

// Kept between runs: the packages are 140 MB to fetch.
const toolCache = join(import.meta.dirname, '../../../.cache/native')
const minutes = 60_000

type DuckDB = typeof import('@duckdb/node-api')
type OnnxRuntime = typeof import('onnxruntime-node')

describe('what the tool cache holds', () => {
  it('runs DuckDB', { timeout: 5 * minutes }, async ({ skip }) => {
    const { DuckDBInstance } = await installed<DuckDB>('duckdb', skip)
    const connection = await (await DuckDBInstance.create()).connect()
    const reader = await connection.runAndReadAll('select 6 * 7 as answer')
    expect(reader.getRowObjectsJS()).toEqual([{ answer: 42 }])
  })

  it('runs ONNX Runtime', { timeout: 5 * minutes }, async ({ skip }) => {
    const { InferenceSession } = await installed<OnnxRuntime>('onnxruntime', skip)
    await expect(InferenceSession.create(new Uint8Array([1, 2, 3]))).rejects.toThrow(/protobuf/i)
  })

  it('runs ONNX Runtime as WebAssembly', { timeout: 5 * minutes }, async ({ skip }) => {
    const { InferenceSession } = await installed<OnnxRuntime>('onnxruntime-web', skip)
    await expect(InferenceSession.create(new Uint8Array([1, 2, 3]))).rejects.toThrow(/protobuf/i)
  })
})

describe('loadNative', () => {
  it('takes what node_modules has, and nothing is fetched', async () => {
    const nowhere = await mkdtemp(join(tmpdir(), 'native-'))
    const duckdb = await loadNative<DuckDB>('duckdb', { toolCache: nowhere })
    expect(duckdb.version()).toMatch(/^v\d/)
    expect(loadNative('duckdb')).toBe(loadNative('duckdb'))
  })
})

/** Without a registry there is nothing to test here; everything else that goes wrong is a failure. */
async function installed<T>(name: NativeName, skip: (reason: string) => never): Promise<T> {
  try {
    return (await loadInstalled(name, { toolCache, log: console.log })) as T
  } catch (error) {
    if (error instanceof UserError && error.message.includes('cannot be fetched')) skip(error.message)
    throw error
  }
}
