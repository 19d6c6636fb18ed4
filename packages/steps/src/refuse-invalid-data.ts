import { type DatasetDigest, lets, type Model, UserError } from '@modelyard/spec'
import type { StepContext } from './context.ts'
import { loadRecord } from './records.ts'

/**
 * Refuses to judge on data that were checked and found wanting. Only the record of these very data counts: without one,
 * or with one of other data, nothing is known of them here, and `register` asks for the record that fits.
 */
export async function refuseInvalidData(
  context: StepContext,
  model: Model,
  data: readonly DatasetDigest[],
): Promise<void> {
  const validation = (await loadRecord(context, 'validation', model.name))?.predicate
  if (!validation || lets(validation.verdict)) return
  const here = new Map(data.map(({ role, sha256 }) => [role, sha256]))
  if (validation.datasets.some(({ role, sha256 }) => here.get(role) !== sha256)) return
  const [first] = validation.reasons
  throw new UserError(
    `${validation.verdict === 'fail' ? `The data of ${model.name} did not pass their checks` : `There was not enough evidence that the data of ${model.name} are sound`}, and what is judged on them says nothing. ${first} Mend the data${validation.contract ? ', or the contract,' : ''} and run ${context.run.event === undefined ? 'validate' : 'validate-data'} again.`,
  )
}
