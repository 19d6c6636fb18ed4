import type { Dataset } from '@modelyard/data'
import type { Gate } from '../gates/gate.ts'
import { requireColumn } from '../sample/require-column.ts'

/** The values of every column whose groups a gate compares. Throws a `UserError` for one that there is not. */
export async function readGroupColumns(
  dataset: Dataset,
  gates: readonly Gate[],
): Promise<Map<string, Array<string | null>>> {
  const found = new Map<string, Array<string | null>>()
  for (const [index, { by }] of gates.entries()) {
    if (by === undefined || found.has(by)) continue
    requireColumn(dataset, `evaluate.gates[${index}].by`, by)
    found.set(by, (await dataset.readColumns([by], { text: [by] }))[by] as Array<string | null>)
  }
  return found
}
