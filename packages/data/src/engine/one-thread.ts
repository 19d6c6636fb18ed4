import { type Scanned, selectAll } from '../files/views.ts'
import { type Engine, type EngineOptions, startEngine } from './engine.ts'

/**
 * An engine of one thread that has the same rows as `data`: it adds them up in their order, so that fractions come out
 * the same on any machine. It is started when it is first asked for, and not where the other has one thread itself.
 */
export function oneThread(engine: Engine, scanned: Scanned, options: EngineOptions) {
  let started: Promise<Engine> | undefined
  return {
    engine(): Promise<Engine> {
      if (engine.threads === 1) return Promise.resolve(engine)
      started ??= start(scanned, options)
      return started
    },
    close() {
      started?.then(
        (single) => single.close(),
        () => undefined,
      )
    },
  }
}

async function start(scanned: Scanned, options: EngineOptions): Promise<Engine> {
  const single = await startEngine({ ...options, threads: 1 })
  try {
    await single.connected((connection) => connection.run(`CREATE VIEW data AS ${selectAll(scanned)}`))
    await single.lock(scanned.paths)
    return single
  } catch (error) {
    single.close()
    throw error
  }
}
