import type { Dataset } from '@modelyard/data'
import { UserError } from '@modelyard/spec'
import type { Gate } from '../gates/gate.ts'

/** The values of every column whose groups a gate compares. Throws a `UserError` for one that there is not. */
export async function readGroupColumns(
  dataset: Dataset,
  gates: readonly Gate[],
): Promise<Map<string, Array<string | null>>> {
  const found = new Map<string, Array<string | null>>()
  for (const [index, { by }] of gates.entries()) {
    if (by === undefined || found.has(by)) continue
    if (!dataset.columns.some(({ name }) => name === by)) {
      throw new UserError(
        `evaluate.gates[${index}].by is ${by}, and the hold-out has no such column. It has ${dataset.columns.map(({ name }) => name).join(', ')}.`,
      )
    }
    found.set(by, (await dataset.readColumns([by], { text: [by] }))[by] as Array<string | null>)
  }
  return found
}
