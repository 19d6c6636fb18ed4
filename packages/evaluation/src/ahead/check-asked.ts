import type { Dataset } from '@modelyard/data'
import { type Model, type Problem, UserError } from '@modelyard/spec'
import { findSlices, rowsWhere } from '../gates/find-slices.ts'
import { readKinship } from '../sample/kinship.ts'
import { requireColumn } from '../sample/require-column.ts'

/**
 * Holds what the model file asks of the hold-out against the hold-out, so that a column that is not there is told before
 * a model is trained. Throws a `UserError` with a place for everything that judging would refuse.
 */
export async function checkAsked(model: Model, holdout: Dataset): Promise<void> {
  const { gates, slices, behaviour } = model.evaluate
  const names = holdout.columns.map(({ name }) => name)
  const problems: Problem[] = []
  const ask = async (line: number | undefined, work: () => unknown) => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      const place = { file: model.file, ...(line !== undefined && { line }) }
      problems.push(...error.problems.map(({ message }) => ({ message, place })))
    }
  }
  await ask(undefined, () => readKinship(model, holdout))
  for (const [index, { slice, by }] of gates.entries()) {
    const [line, key] = [model.lines?.gates[index], `evaluate.gates[${index}]`]
    if (slice !== undefined) await ask(line, () => rowsWhere(holdout, slice, `${key}.slice`))
    if (by !== undefined) await ask(line, () => requireColumn(holdout, `${key}.by`, by))
  }
  for (const [index, slice] of slices.entries()) {
    if ([slice].flat().every((name) => names.includes(name))) continue
    await ask(model.lines?.slices[index], () => findSlices(holdout, [slice], 1))
  }
  for (const [index, { column }] of behaviour.entries()) {
    await ask(model.lines?.behaviour[index], () =>
      requireColumn(holdout, `evaluate.behaviour[${index}].column`, column),
    )
  }
  if (problems.length > 0) throw new UserError(problems)
}
