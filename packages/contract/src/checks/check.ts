import type { Dataset } from '@modelyard/data'
import type { Predicate } from '@modelyard/spec'
import type { Contract } from '../document/read.ts'
import { checkPart, mergeParts } from './parts.ts'

/** One thing that was asked of a dataset, and what was found. */
export type Check = Predicate<'validation'>['checks'][number]

/**
 * Everything that the contract asks of the dataset, each with a verdict. What Modelyard does not execute (prose, rules
 * of other engines) is `inconclusive`. NaN counts as null. All counting is one scan.
 */
export async function checkContract(contract: Contract, dataset: Dataset, role: Check['dataset']): Promise<Check[]> {
  return mergeParts(contract, [await checkPart(contract, dataset, role)])
}
