import { parentPort, workerData } from 'node:worker_threads'
import type { Tally } from './cell.ts'
import { cellsOf } from './cells.ts'
import { drawsOf } from './random.ts'

/** Some trials of one cell. */
export interface Task {
  cell: number
  from: number
  to: number
}

const { scale, seed } = workerData as { scale: number; seed: number }
const cells = cellsOf(scale)

parentPort!.on('message', ({ cell, from, to }: Task) => {
  const tally: Tally = {}
  for (let trial = from; trial < to; trial++) cells[cell]!.run(drawsOf(seed, cell, trial), tally)
  parentPort!.postMessage(tally)
})
