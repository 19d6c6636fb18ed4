import type { Production } from '@modelyard/data'
import { type DriftColumn, gravest, type Profile, type Verdict } from '@modelyard/spec'
import { benjaminiHochberg } from '@modelyard/stats'
import { type ColumnInput, finishColumn, measureColumn } from './column.ts'
import { hintsOf } from './hints.ts'
import { byColumns } from './history.ts'
import { METRICS, valuesNeeded } from './rule.ts'
import { about, count, day, days, percent } from './wording.ts'

/** What a drift record says but who the champion is, which files were read and until when. */
export interface DriftDecision {
  verdict: Verdict
  /** Full sentences, the one that matters most first. */
  reasons: string[]
  /** The newest part of production, which was judged. */
  window: { span: string; start: string | null; end: string | null; rows: number }
  columns: DriftColumn[]
  hints: string[]
}

/** Rows that are in no window beyond this share of all are worth a warning: nobody looks at them. */
const UNSEEN = 0.01

/**
 * Whether production has moved away from the reference. Pure. An alarm (`fail`) needs a measure that is beyond noise,
 * beyond its floor, and beyond what the reference's own windows vary among themselves; see `rule.ts`. What cannot be
 * looked at is never a pass: too few rows are inconclusive. Throws a RangeError for production in windows of another
 * span, and for columns that are missing or are something else: that is for the caller to refuse.
 */
export function decideDrift(reference: Profile, production: Production): DriftDecision {
  const newest = production.windows.at(-1)
  if (!newest) throw new RangeError('production has a window, be it empty')
  if (reference.span !== null && reference.span !== production.span)
    throw new RangeError('reference and production are in windows of one span')
  const window = { span: production.span, start: newest.start, end: newest.end, rows: newest.rows }
  const tests = reference.columns.reduce((sum, { kind }) => sum + METRICS[kind].length, 0)
  const needed = valuesNeeded(reference.rows, tests)
  const history = byColumns(reference, needed ?? Number.POSITIVE_INFINITY)
  const inputs = reference.columns.map((bins, index): ColumnInput => {
    const windows = production.windows.map(({ start, rows, columns }) => {
      const counts = columns[index]
      if (!counts) throw new RangeError(`production has no column ${bins.name} like the reference's`)
      return { start, rows, counts }
    })
    return { bins, reference: history[index]!, windows, production: production.columns[index]!, needed, tests }
  })
  const measured = inputs.map(measureColumn)
  const adjusted = benjaminiHochberg(measured.flatMap((measures) => measures.flatMap(({ p }) => p ?? [])))
  let taken = 0
  const columns = measured.map((measures, index) =>
    finishColumn(
      inputs[index]!,
      measures.map((each) => (each.p === null ? each : { ...each, p: adjusted[taken++]! })),
    ),
  )
  const { untimed, future } = production
  const unseen = Math.max(untimed, future?.rows ?? 0) / production.rows
  const verdict = gravest([...columns.map((column) => column.verdict), unseen > UNSEEN ? 'warn' : 'pass'])
  return {
    verdict: columns.length === 0 ? 'fail' : verdict,
    reasons: [
      ...tooFew(reference, window, needed),
      ...reasonsOf(columns, window),
      ...(untimed > 0
        ? [
            `${count(untimed, 'row')} of production (${percent(untimed / production.rows)}) have no time: they are in no window and were not looked at.`,
          ]
        : []),
      ...(future
        ? [
            `${count(future.rows, 'row')} of production (${percent(future.rows / production.rows)}) are dated after the check (the newest ${day(future.newest)}): they were not looked at.`,
          ]
        : []),
    ],
    window,
    columns,
    hints: hintsOf(inputs, columns),
  }
}

function tooFew(reference: Profile, window: DriftDecision['window'], needed: number | null): string[] {
  if (needed === null) {
    return [
      `The training data have ${count(reference.rows, 'row')}: too few to tell drift from noise, however many rows production has.`,
    ]
  }
  if (window.rows >= needed) return []
  return [
    `Production has ${count(window.rows, 'row')}${days(window)}: too few to tell drift from noise. About ${about(needed - window.rows)} more are needed, or a longer drift.window than ${window.span}.`,
  ]
}

function reasonsOf(columns: readonly DriftColumn[], window: DriftDecision['window']): string[] {
  if (columns.length === 0)
    return ['The profile of the training data has no columns: there is nothing to compare production with.']
  const told = (['fail', 'inconclusive', 'warn'] as const).flatMap((verdict) =>
    columns.flatMap((column) => (column.verdict === verdict ? [column.reason] : [])),
  )
  if (told.length > 0) return [...new Set(told)]
  const names = columns.length === 1 ? 'The one column has' : `None of ${columns.length} columns has`
  return [
    `${names}${columns.length === 1 ? ' not' : ''} moved away from the training data in ${count(window.rows, 'row')}${days(window)}.`,
  ]
}
