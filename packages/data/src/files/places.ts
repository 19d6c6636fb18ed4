import type { Dataset } from '../dataset.ts'
import { runByFile, shardRun } from './shard.ts'

/** A row of a file, from 1; the header of text files is not counted. */
export interface Place {
  file: string
  row: number
}

/** The number, from 0, that the first row of `modelyard_part` has in `data`. */
export function firstOfPart({ rows, shard }: Pick<Dataset, 'rows' | 'shard'>): number {
  return shard ? shardRun(rows, shard).start : 0
}

/** Where rows of `data` lie, by their numbers from 0; nothing where the rows are not those of the files, one by one. */
export async function placesOf(dataset: Dataset, numbers: readonly number[]): Promise<Place[]> {
  const counts = await dataset.rowsByFile()
  if (counts.reduce((sum, count) => sum + count, 0) !== dataset.rows) return []
  return numbers.map((number) => {
    const [place] = runByFile({ start: number, end: number + 1 }, counts)
    return { file: dataset.files[place!.file]!.name, row: place!.start + 1 }
  })
}
