import { type Model, UserError } from '@modelyard/spec'
import { isThere } from './prepare.ts'
import { contractAsked } from './validation/look.ts'

/**
 * Reads the contracts of some models, so that a mistake in one is told before its data are made. Throws a `UserError`
 * with every problem of all of them. One that is not there yet may be made with the data.
 */
export async function requireContracts(models: readonly Model[]): Promise<void> {
  const problems = []
  for (const model of models) {
    const { contract: file, prepare, fetch = [] } = model.data
    if (file === undefined) continue
    if ((prepare !== undefined || fetch.length > 0) && !(await isThere(model.folder, file))) continue
    try {
      await contractAsked(model)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new UserError(problems)
}
