import type { Dataset } from '@modelyard/data'
import { type Model, type Problem, UserError } from '@modelyard/spec'
import { readGroupColumns } from '../fairness/columns.ts'
import { findSlices } from '../gates/find-slices.ts'
import { findGateSlices } from '../gates/gate-slices.ts'
import { readKinship } from '../sample/kinship.ts'

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
  for (const [index, gate] of gates.entries()) {
    // Those before it are none, so that the messages have this one's number.
    const alone = [...gates.slice(0, index).map(({ metric }) => ({ metric })), gate]
    await ask(model.lines?.gates[index], () => findGateSlices(holdout, alone))
    await ask(model.lines?.gates[index], () => readGroupColumns(holdout, alone))
  }
  for (const [index, slice] of slices.entries()) {
    if ([slice].flat().every((name) => names.includes(name))) continue
    await ask(model.lines?.slices[index], () => findSlices(holdout, [slice], 1))
  }
  for (const [index, { column }] of behaviour.entries()) {
    await ask(model.lines?.behaviour[index], () => {
      if (names.includes(column)) return
      throw new UserError(
        `evaluate.behaviour[${index}].column is ${column}, and the hold-out has no such column. It has ${names.join(', ')}.`,
      )
    })
  }
  if (problems.length > 0) throw new UserError(problems)
}
