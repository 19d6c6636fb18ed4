import { hasNative, loadNative } from '@modelyard/native'
import { type Provider, UserError } from '@modelyard/spec'
import type * as onnxruntime from 'onnxruntime-node'

type OnnxRuntime = typeof onnxruntime

/** ONNX Runtime as it was found on this machine. */
export interface Runtime extends Pick<OnnxRuntime, 'InferenceSession' | 'Tensor'> {
  version: string
  provider: Provider
}

/**
 * Loads ONNX Runtime: for `cpu` its native build or, where there is none that loads (macOS on x64, an old C library),
 * its WebAssembly build, which the answer names as `wasm`. Nothing takes the place of `cuda`.
 */
export async function loadRuntime(asked: Provider, threads: number): Promise<Runtime> {
  if (asked === 'cuda' && !hasNative('onnxruntime')) throw noCuda('ONNX Runtime has no build for this machine')
  if (asked === 'wasm' || !hasNative('onnxruntime')) return loadWasm(threads)
  try {
    const { InferenceSession, Tensor, env } = await loadNative<OnnxRuntime>('onnxruntime')
    return { InferenceSession, Tensor, version: env.versions.node ?? env.versions.common, provider: asked }
  } catch (cause) {
    if (!isUnloadable(cause)) throw cause
    if (asked === 'cuda') throw noCuda((cause as Error).message.split('\n')[0]!, cause)
    return loadWasm(threads)
  }
}

async function loadWasm(threads: number): Promise<Runtime> {
  const { InferenceSession, Tensor, env } = await loadNative<OnnxRuntime>('onnxruntime-web')
  // Not an option of a session: it counts when the first one is made.
  env.wasm.numThreads = threads
  return { InferenceSession, Tensor, version: env.versions.web ?? env.versions.common, provider: 'wasm' }
}

/** Whether a binary is there, and this system cannot load it. */
function isUnloadable(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'ERR_DLOPEN_FAILED'
}

/** Why a model cannot be run on the GPU that was asked for. */
export function noCuda(why: string, cause?: unknown): UserError {
  return new UserError(
    `evaluate.provider is cuda, and ONNX Runtime cannot use CUDA here: ${why}. Take a runner that has its files (https://github.com/modelyard/modelyard/blob/v1/runners/README.md names them), or leave evaluate.provider out.`,
    { cause },
  )
}
