import type { ColumnBins, Profile } from '@modelyard/spec'
import type { Dataset } from './dataset.ts'

export interface ProfileOptions {
  model: string
  /** Columns that are no inputs of the model: label, id, time, group. */
  leaveOut: readonly string[]
  /** The column by which rows are put into windows. */
  time?: string
  /** The span of a window, as `7d`. */
  span: string
  /** Count by these instead of finding bins and categories: for the shards of one dataset, whose profiles merge. */
  columns?: readonly ColumnBins[]
}

/** What a model's training data look like, for `countLike` to count production by. */
export async function profileDataset(_dataset: Dataset, _options: ProfileOptions): Promise<Profile> {
  throw new Error('being written')
}
