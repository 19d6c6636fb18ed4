import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { countSummaries } from './counts.ts'
import { summarizeValues } from './distinct.ts'
import { summaryKind } from './kinds.ts'
import { sketchColumn } from './sketch.ts'

/** Summaries of columns in `part`. */
export async function summarizeColumns(dataset: Dataset, columns: readonly ColumnPlan[]): Promise<ColumnSummary[]> {
  const counted = await countSummaries(dataset, columns)
  const found: ColumnSummary[] = []
  for (const [index, column] of columns.entries()) {
    const kind = summaryKind(column.type)
    found.push({
      ...counted[index]!,
      sketch: kind === 'number' && !column.masked ? await sketchColumn(dataset, column) : null,
      ...(kind === 'other' || column.masked
        ? { distinct: null, values: null }
        : await summarizeValues(dataset, column)),
    })
  }
  return found
}
