import { availableParallelism, totalmem } from 'node:os'
import type { DuckDBConnection } from '@duckdb/node-api'
import { loadNative } from '@modelyard/native'
import { brokenOff } from './break-off.ts'
import { quoteLiteral } from './quote.ts'
import { makeTemporary, removeTemporary } from './temporary.ts'

export interface EngineOptions {
  threads?: number | undefined
  memoryLimit?: string | undefined
}

/** A DuckDB of our own, in memory, that spills to a temporary folder. */
export interface Engine {
  version: string
  threads: number
  /** A folder for files of ours, which goes with the engine. */
  folder: string
  /**
   * Opens a connection for the time of `use`, which a signal breaks off. Each reader has its own: a stream ends when its
   * connection does more.
   */
  connected<T>(use: (connection: DuckDBConnection) => Promise<T>, signal?: AbortSignal): Promise<T>
  connect(): Promise<DuckDBConnection>
  /** From here on SQL reads these files and nothing else: no file, network, extension or setting. */
  lock(paths: readonly string[]): Promise<void>
  close(): void
}

export async function startEngine(options: EngineOptions): Promise<Engine> {
  const { DuckDBInstance, version } = await loadNative<typeof import('@duckdb/node-api')>('duckdb')
  const threads = options.threads ?? availableParallelism()
  const temporary = makeTemporary()
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(threads),
    memory_limit: options.memoryLimit ?? defaultMemory(),
    temp_directory: temporary,
    preserve_insertion_order: 'true',
    autoload_known_extensions: 'false',
    autoinstall_known_extensions: 'false',
  })
  const connected: Engine['connected'] = async (use, signal) => {
    signal?.throwIfAborted()
    const connection = await instance.connect()
    const work = use(connection).finally(() => connection.closeSync())
    return signal ? brokenOff(work, () => connection.interrupt(), signal) : work
  }
  await connected(async (connection) => {
    // Times with a zone read the same on every machine.
    await connection.run("SET GLOBAL TimeZone = 'UTC'")
    // Every query scans the same files: their footers are read once.
    await connection.run('SET GLOBAL parquet_metadata_cache = true')
  })
  return {
    version: version().replace(/^v/, ''),
    threads,
    folder: temporary,
    connected,
    connect: () => instance.connect(),
    async lock(paths) {
      await connected(async (connection) => {
        await connection.run(`SET allowed_paths = [${paths.map(quoteLiteral).join(', ')}]`)
        await connection.run('SET enable_external_access = false')
        await connection.run('SET lock_configuration = true')
      })
    },
    close() {
      instance.closeSync()
      removeTemporary(temporary)
    },
  }
}

/**
 * A quarter of what this process may use, for training data and hold-out are mostly open at once: half of it all is for
 * the model and for us.
 */
function defaultMemory(): string {
  const limit = Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, totalmem())
  return `${Math.floor(limit / 4 / 2 ** 20)}MiB`
}
