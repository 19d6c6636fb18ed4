import type { ColumnChange, DriftMeasure } from '@modelyard/spec'
import { rowsIn } from './cells.ts'
import { type ColumnInput, standout } from './column.ts'
import { hintOf } from './hints.ts'
import { pictureOf } from './picture.ts'
import { FALSE_DISCOVERIES } from './rule.ts'
import { finding, short } from './wording.ts'

/** What fewer rows share is not named: it could tell who they are. */
const FEWEST_ROWS = 20
const MOST_CATEGORIES = 10

/** Whether a measure is beyond noise and large enough to matter. Its p-value is corrected already. */
export function isChanged({ value, p, floor }: DriftMeasure): boolean {
  return value !== null && p !== null && p <= FALSE_DISCOVERIES && value >= floor.warn
}

/** How many times the floor from which it matters. */
export function beyondFloor({ value, floor }: DriftMeasure): number {
  return (value ?? 0) / floor.warn
}

/**
 * What a record says of a column that has changed, from its measures that tell so, the most telling first. `what` names
 * the reference in sentences: `what v1.0.0 learned`.
 */
export function describeChange(column: ColumnInput, measures: readonly DriftMeasure[], what: string): ColumnChange {
  const { bins, reference } = column
  const after = column.windows[0]!.counts
  const [first] = measures
  const hint = hintOf(column, FEWEST_ROWS)
  const { appeared, vanished } = categoriesOf(column)
  return {
    name: bins.name,
    kind: bins.kind,
    reason: `${finding(bins.name, first!, exampleOf(first!, column), what)}.`,
    ...(hint !== undefined && { hint }),
    measures: measures.map(({ metric, method, value, p }) => ({ metric, method, value, p })),
    picture: pictureOf(bins, reference.whole, after, { fewest: FEWEST_ROWS, reference: what }),
    ...(appeared.length > 0 && { new_categories: appeared }),
    ...(vanished.length > 0 && { lost_categories: vanished }),
  }
}

/** A value that stands for what a share counts, where enough rows share it. */
function exampleOf({ metric }: DriftMeasure, column: ColumnInput): string | undefined {
  if (metric === 'new_categories') {
    const [newest] = column.production.frequent
    return newest && newest.counts[0]! >= FEWEST_ROWS ? JSON.stringify(newest.value) : undefined
  }
  const stands = metric === 'single_value' ? standout(column) : undefined
  return stands && stands.counts[0]! >= FEWEST_ROWS ? short(stands.value) : undefined
}

/** Categories that only one of the two has, though so many rows would be expected in the other that chance is no excuse. */
function categoriesOf({ bins, reference, windows, production }: ColumnInput) {
  if (bins.kind !== 'category') return { appeared: [], vanished: [] }
  const after = windows[0]!.counts
  const ratio = rowsIn(bins, after) / rowsIn(bins, reference.whole)
  const isTelling = (rows: number, expected: number) => Math.min(rows, expected) >= FEWEST_ROWS
  const appeared = production.frequent
    .map(({ value, counts }) => ({ name: String(value), rows: counts[0]! }))
    .filter(({ rows }) => isTelling(rows, rows / ratio))
  const vanished = bins.categories
    .map((name, index) => ({ name, rows: reference.whole.counts[index]!, now: after.counts[index]! }))
    .filter(({ rows, now }) => now === 0 && isTelling(rows, rows * ratio))
    .map(({ name, rows }) => ({ name, rows }))
    .sort((a, b) => b.rows - a.rows)
  return { appeared: appeared.slice(0, MOST_CATEGORIES), vanished: vanished.slice(0, MOST_CATEGORIES) }
}
