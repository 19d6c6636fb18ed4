import type { Dataset } from '@modelyard/data'
import type { Task } from '@modelyard/spec'
import type { Check } from './check.ts'

export interface SplitOptions {
  train: Dataset
  holdout: Dataset
  label: string
  id?: string | undefined
  time?: string | undefined
  task: Task
}

/** What training and hold-out data owe each other: the same columns, labels worth learning, no shared rows. */
export async function checkSplit(_options: SplitOptions): Promise<Check[]> {
  throw new Error('under construction')
}
