import type { Shard } from '../dataset.ts'

/** Rows from `start` up to but not including `end`, counted from 0. */
export interface Run {
  start: number
  end: number
}

/** The rows of a shard: the runs of all shards follow each other without a gap, and differ by one row at most. */
export function shardRun(rows: number, { index, of }: Shard): Run {
  if (!(Number.isInteger(index) && Number.isInteger(of) && index >= 1 && index <= of)) {
    throw new RangeError(`there is no shard ${index} of ${of}`)
  }
  const before = (shards: number) => Number((BigInt(rows) * BigInt(shards)) / BigInt(of))
  return { start: before(index - 1), end: before(index) }
}

/** What of a run lies in each of several files, given how many rows each has: rows within the file. */
export function runByFile(run: Run, rows: readonly number[]): Array<Run & { file: number }> {
  const found: Array<Run & { file: number }> = []
  let before = 0
  for (const [file, count] of rows.entries()) {
    const start = Math.max(run.start - before, 0)
    const end = Math.min(run.end - before, count)
    if (start < end) found.push({ file, start, end })
    before += count
  }
  return found
}
