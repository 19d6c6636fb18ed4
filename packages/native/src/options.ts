/** `onnxruntime-web` is ONNX Runtime as WebAssembly: slower, and the same on every machine. */
export type NativeName = 'duckdb' | 'onnxruntime' | 'onnxruntime-web'

/** A cache that outlives the machine, such as GitHub's; the key names content that never changes. */
export interface NativeCache {
  restore(paths: string[], key: string): Promise<boolean>
  save(paths: string[], key: string): Promise<void>
}

export interface NativeOptions {
  /** The folder that keeps what was fetched; by default a folder of the user's. */
  toolCache?: string
  cache?: NativeCache
  /** Told what takes long, a sentence at a time. */
  log?: (message: string) => void
}
