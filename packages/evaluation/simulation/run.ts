import { Worker } from 'node:worker_threads'
import type { Cell, Tally } from './cell.ts'
import { cellsOf } from './cells.ts'
import type { Task } from './worker.ts'

export interface RunOptions {
  /** How many times the default number of trials. */
  scale: number
  seed: number
  workers: number
  /** Called with the share of the work that is done. */
  progress: (done: number, cell: Cell) => void
}

/** A cell and what its trials counted. */
export interface Outcome {
  cell: Cell
  tally: Tally
}

/** About so many milliseconds of work are given out at once. */
const PORTION = 500

/** Runs all cells on several threads. The same seed gives the same counts, however many threads there are. */
export async function runCells({ scale, seed, workers, progress }: RunOptions): Promise<Outcome[]> {
  const cells = cellsOf(scale)
  const outcomes = cells.map((cell): Outcome => ({ cell, tally: {} }))
  const tasks = cells.flatMap((cell, index) => portions(cell, index))
  const work = tasks.reduce((sum, task) => sum + weigh(cells, task), 0)
  let done = 0
  await Promise.all(
    Array.from({ length: workers }, async () => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { scale, seed } })
      for (let task = tasks.shift(); task; task = tasks.shift()) {
        add(outcomes[task.cell]!.tally, await ask(worker, task))
        done += weigh(cells, task)
        progress(done / work, cells[task.cell]!)
      }
      await worker.terminate()
    }),
  )
  return outcomes
}

function portions({ trials, cost }: Cell, cell: number): Task[] {
  const size = Math.max(1, Math.round(PORTION / cost))
  return Array.from({ length: Math.ceil(trials / size) }, (_, index) => ({
    cell,
    from: index * size,
    to: Math.min(trials, (index + 1) * size),
  }))
}

function weigh(cells: readonly Cell[], { cell, from, to }: Task): number {
  return (to - from) * cells[cell]!.cost
}

function ask(worker: Worker, task: Task): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      worker.off('message', answered)
      worker.off('error', failed)
    }
    const answered = (tally: Tally) => {
      settle()
      resolve(tally)
    }
    const failed = (error: Error) => {
      settle()
      reject(error)
    }
    worker.on('message', answered)
    worker.on('error', failed)
    worker.postMessage(task)
  })
}

function add(to: Tally, from: Tally): void {
  for (const [name, number] of Object.entries(from)) to[name] = (to[name] ?? 0) + number
}
