import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import type { Counts } from './counts.ts'
import { summarizeValues } from './distinct.ts'
import { summaryKind } from './kinds.ts'
import { sketchColumn } from './sketch.ts'

/** Summaries of columns in `part`, of which `counted` are the counts. */
export async function summarizeColumns(
  dataset: Dataset,
  columns: readonly ColumnPlan[],
  counted: readonly Counts[],
): Promise<ColumnSummary[]> {
  const found: ColumnSummary[] = []
  for (const [index, column] of columns.entries()) {
    const kind = summaryKind(column.type)
    const told = !column.masked && kind !== 'other'
    found.push({
      ...counted[index]!.summary,
      sketch: told && kind === 'number' ? await sketchColumn(dataset, column) : null,
      ...(told ? await summarizeValues(dataset, column) : { distinct: null, values: null }),
    })
  }
  return found
}
