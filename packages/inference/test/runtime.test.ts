import { beforeEach, describe, expect, it, vi } from 'vitest'
import { loadRuntime } from '../src/runtime.ts'

const { hasNative, loadNative } = vi.hoisted(() => ({ hasNative: vi.fn(), loadNative: vi.fn() }))
vi.mock('@modelyard/native', () => ({ hasNative, loadNative }))

const build = (versions: object) => ({ env: { versions: { common: '0', ...versions }, wasm: { numThreads: 0 } } })
const builds: Record<string, ReturnType<typeof build>> = {
  onnxruntime: build({ node: '1.30.0' }),
  'onnxruntime-web': build({ web: '1.30.1' }),
}

beforeEach(() => {
  hasNative.mockReset().mockReturnValue(true)
  loadNative.mockReset().mockImplementation(async (name: string) => builds[name])
})

const cannotLoad = () => Promise.reject(Object.assign(new Error('GLIBC_2.99 not found'), { code: 'ERR_DLOPEN_FAILED' }))

describe('ONNX Runtime', () => {
  it('is the native build where there is one', async () => {
    expect(await loadRuntime('cpu', 1)).toMatchObject({ provider: 'cpu', version: '1.30.0' })
  })

  it('is WebAssembly, and says so, where there is no native build or the system cannot load it', async () => {
    hasNative.mockReturnValueOnce(false)
    expect(await loadRuntime('cpu', 1)).toMatchObject({ provider: 'wasm', version: '1.30.1' })
    loadNative.mockImplementationOnce(cannotLoad)
    expect(await loadRuntime('cpu', 2)).toMatchObject({ provider: 'wasm', version: '1.30.1' })
    expect(builds['onnxruntime-web']!.env.wasm.numThreads).toBe(2)
  })

  it('is not replaced because the network failed', async () => {
    loadNative.mockImplementationOnce(() => Promise.reject(new Error('onnxruntime-node cannot be fetched')))
    await expect(loadRuntime('cpu', 1)).rejects.toThrow('cannot be fetched')
  })

  it('never computes elsewhere than on the GPU that was asked for', async () => {
    hasNative.mockReturnValue(false)
    await expect(loadRuntime('cuda', 1)).rejects.toThrow(
      /^evaluate\.provider is cuda, and ONNX Runtime cannot use CUDA here: .*leave evaluate\.provider out\.$/,
    )
    hasNative.mockReturnValue(true)
    loadNative.mockImplementationOnce(cannotLoad)
    await expect(loadRuntime('cuda', 1)).rejects.toThrow('cannot use CUDA here: GLIBC_2.99 not found')
  })
})
