import type { ColumnSummary } from '@modelyard/spec'
import type { Dataset } from '../../dataset.ts'
import type { ColumnPlan } from '../profile-plan.ts'
import { countSummaries, type Range } from './counts.ts'
import { summarizeValues } from './distinct.ts'
import { countFew, listFew, summarizeFew } from './few.ts'
import { summaryKind } from './kinds.ts'
import { sketchColumn } from './sketch.ts'

export interface Summarized {
  summary: ColumnSummary
  range: Range | null
}

/** Summaries of columns in `modelyard_part`. */
export async function summarizeColumns(dataset: Dataset, columns: readonly ColumnPlan[]): Promise<Summarized[]> {
  const few = new Map<ColumnPlan, NonNullable<Awaited<ReturnType<typeof listFew>>>>()
  for (const column of columns) {
    const listed = column.few ? await listFew(dataset, column) : undefined
    if (listed) few.set(column, listed)
  }
  // Numbers are summed by the scale whether they are few or not.
  const scanned = columns.filter((column) => !few.has(column) || summaryKind(column.type) === 'number')
  const counts = await countSummaries(dataset, scanned)
  const counted = new Map(scanned.map((column, index) => [column, counts[index]!]))
  const found: Summarized[] = []
  for (const column of columns) {
    const listed = few.get(column)
    const { summary, range } = counted.get(column) ?? {
      summary: countFew(column, listed!, dataset.shard?.rows ?? dataset.rows),
      range: null,
    }
    const values = listed ? summarizeFew(column, listed) : await scanValues(dataset, column)
    found.push({ summary: { ...summary, ...values }, range })
  }
  return found
}

async function scanValues(
  dataset: Dataset,
  column: ColumnPlan,
): Promise<Pick<ColumnSummary, 'sketch' | 'distinct' | 'values'>> {
  const kind = summaryKind(column.type)
  if (column.masked || kind === 'other') return { sketch: null, distinct: null, values: null }
  return {
    sketch: kind === 'number' ? await sketchColumn(dataset, column) : null,
    ...(await summarizeValues(dataset, column)),
  }
}
