import type { Dataset } from '@modelyard/data'
import type { Predicate } from '@modelyard/spec'
import type { Contract } from './read.ts'

/** One thing that a contract asks of a dataset, and what was found. */
export type Check = Predicate<'validation'>['checks'][number]

/** Everything that the contract asks of the dataset, each with a verdict. */
export async function checkContract(
  _contract: Contract,
  _dataset: Dataset,
  _role: 'train' | 'holdout',
): Promise<Check[]> {
  throw new Error('under construction')
}
