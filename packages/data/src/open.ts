import type { Dataset } from './dataset.ts'

export interface OpenOptions {
  /** The folder that paths are relative to. */
  root: string
  /** Paths and globs, relative to `root`. */
  files: string | readonly string[]
  /** Named in messages. */
  role?: 'train' | 'holdout'
  /** Threads of DuckDB; by default as many as there are cores. */
  threads?: number
  /** Memory of DuckDB, as in "2GB"; beyond it, work goes to a temporary folder. By default half of the machine's. */
  memoryLimit?: string
}

/** Opens files as one dataset. Throws a `UserError` for what is missing, empty, damaged or of mixed columns. */
export async function openDataset(_options: OpenOptions): Promise<Dataset> {
  throw new Error('under construction')
}
