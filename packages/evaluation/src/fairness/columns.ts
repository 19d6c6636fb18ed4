import type { Dataset } from '@modelyard/data'
import type { Gate } from '../gates/gate.ts'
import { requireColumn } from '../sample/require-column.ts'
import { unnamed } from '../sample/unnamed.ts'

/** The values of every column whose groups a gate compares, those of masked ones numbered. Throws a `UserError` for one that there is not. */
export async function readGroupColumns(
  dataset: Dataset,
  gates: readonly Gate[],
  masked: ReadonlySet<string> = new Set(),
): Promise<Map<string, Array<string | null>>> {
  const found = new Map<string, Array<string | null>>()
  for (const [index, { by }] of gates.entries()) {
    if (by === undefined || found.has(by)) continue
    requireColumn(dataset, `evaluate.gates[${index}].by`, by)
    const values = (await dataset.readColumns([by], { text: [by] }))[by] as Array<string | null>
    found.set(by, masked.has(by) ? unnamed(values) : values)
  }
  return found
}
