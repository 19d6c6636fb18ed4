import type { Production, ProductionColumn } from '@modelyard/data'
import type { ColumnChange, DataChanges, Profile } from '@modelyard/spec'
import { benjaminiHochberg } from '@modelyard/stats'
import { type ColumnInput, measureColumn } from './column.ts'
import { beyondFloor, describeChange, isChanged } from './column-change.ts'
import { byColumns } from './history.ts'
import { METRICS, valuesNeeded } from './rule.ts'
import { count } from './wording.ts'

/** As many changed columns are described as a reader looks at. */
const MOST_COLUMNS = 20
const MOST_NAMES = 50

/** The reference as sentences name it: `what v1.0.0 learned` and `v1.0.0 learned from`, or `the data of main` and `main has`. */
export interface ReferenceNames {
  what: string
  has: string
}

export interface ChangesOptions {
  reference: ReferenceNames
  /** Columns that are not compared: label, id, time, group, and what may not be told. */
  leaveOut: readonly string[]
}

/**
 * How new training data differ from those of a reference, column by column: which of the measures of drift are
 * beyond noise (false discoveries at most 1 %) and beyond the floor from which they warn. Pure, and no verdict: data
 * may change for a good reason. `counted` is the new data in one window, by the reference's bins. Names no category and
 * no single number that fewer than twenty rows share; the edges of pictures are deciles.
 */
export function compareTraining(
  reference: Profile,
  counted: Production,
  { reference: names, leaveOut }: ChangesOptions,
): Pick<DataChanges, 'compared' | 'changed' | 'more' | 'lost' | 'retyped' | 'reason'> {
  const [window] = counted.windows
  if (!window || counted.windows.length > 1) throw new RangeError('training data are counted in one window')
  const inputs = [...reference.columns.keys()].filter((index) => !leaveOut.includes(reference.columns[index]!.name))
  const namesOf = (wanted: (column: ProductionColumn) => boolean) =>
    inputs.filter((index) => wanted(counted.columns[index]!)).map((index) => reference.columns[index]!.name)
  const gone = {
    lost: namesOf(({ type }) => type === null).slice(0, MOST_NAMES),
    retyped: namesOf(({ type, comparable }) => type !== null && !comparable).slice(0, MOST_NAMES),
  }
  const shared = inputs.filter((index) => counted.columns[index]!.comparable)
  const tests = shared.reduce((sum, index) => sum + METRICS[reference.columns[index]!.kind].length, 0)
  const needed = valuesNeeded(reference.rows, tests)
  const reason = whyNot(names, { columns: shared.length, before: reference.rows, after: window.rows, needed })
  if (reason !== undefined) return { compared: 0, changed: [], more: 0, ...gone, reason }
  const history = byColumns(reference, Number.POSITIVE_INFINITY)
  const columns = shared.map(
    (index): ColumnInput => ({
      bins: reference.columns[index]!,
      reference: history[index]!,
      windows: [{ start: null, rows: window.rows, counts: window.columns[index]! }],
      production: counted.columns[index]!,
      needed,
      tests,
    }),
  )
  const changed = changesOf(columns, names.what)
  return {
    compared: shared.length,
    changed: changed.slice(0, MOST_COLUMNS),
    more: Math.max(0, changed.length - MOST_COLUMNS),
    ...gone,
  }
}

/** Why nothing can be compared, as a sentence; undefined where it can. */
function whyNot(
  { has }: ReferenceNames,
  { columns, before, after, needed }: { columns: number; before: number; after: number; needed: number | null },
): string | undefined {
  if (columns === 0) return `No column that ${has} is in the training data.`
  const few = needed === null ? `${has} ${count(before, 'row')}` : `The training data have ${count(after, 'row')}`
  return needed === null || after < needed ? `${few}: too few to tell a change from noise.` : undefined
}

/** The columns that have changed, the farthest apart first: by how many times its floor the first measure is. */
function changesOf(columns: readonly ColumnInput[], what: string): ColumnChange[] {
  const measured = columns.map(measureColumn)
  const adjusted = benjaminiHochberg(measured.flatMap((measures) => measures.flatMap(({ p }) => p ?? [])))
  let taken = 0
  return columns
    .flatMap((column, index) => {
      const measures = measured[index]!.map((each) => (each.p === null ? each : { ...each, p: adjusted[taken++]! }))
        .filter(isChanged)
        .sort((a, b) => beyondFloor(b) - beyondFloor(a))
      return measures[0] ? [{ column, measures, beyond: beyondFloor(measures[0]) }] : []
    })
    .sort((a, b) => b.beyond - a.beyond)
    .map(({ column, measures }) => describeChange(column, measures, what))
}
