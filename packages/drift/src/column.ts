import type { ProductionColumn } from '@modelyard/data'
import {
  type ColumnBins,
  type ColumnCounts,
  type DriftColumn,
  type DriftMeasure,
  gravest,
  type Verdict,
} from '@modelyard/spec'
import { farthest } from './bound.ts'
import { rowsIn, valuesIn } from './cells.ts'
import { type ReferenceColumn, usual } from './history.ts'
import { binOf, DISTANCES, type Measured, measure } from './measures.ts'
import { pictureOf } from './picture.ts'
import { BEYOND_USUAL, FALSE_DISCOVERIES, FLOORS, METRICS, type Metric, valuesNeeded } from './rule.ts'
import { because, count, day, finding, short } from './wording.ts'

/*
 * How a measure gets its verdict; the first row that holds decides. A column has the gravest of its measures' verdicts.
 *
 *   the window, or the training data, have too few rows      inconclusive
 *   the training data have too few values                    warn
 *   production has no values, or too few for a distance      inconclusive
 *   noise could make as much, or it is below the warning     pass
 *   too few windows of the training data tell what is usual  warn
 *   twice what is usual is beyond all that can be measured,
 *   and it would be an alarm                                 warn
 *   it is at most twice what is usual                        pass
 *   it is below the alarm                                    warn
 *   otherwise                                                fail
 */

/** All that is known of a column. */
export interface ColumnInput {
  bins: ColumnBins
  reference: ReferenceColumn
  /** Of production, oldest first; the last one is judged. */
  windows: Array<{ start: string | null; rows: number; counts: ColumnCounts }>
  production: ProductionColumn
  /** Rows that a window needs; null where the reference has too few itself. */
  needed: number | null
  /** How many tests the record makes. */
  tests: number
}

/** Measures the newest window of a column. The p-values are yet to be corrected; the verdicts follow from that. */
export function measureColumn(input: ColumnInput): DriftMeasure[] {
  return METRICS[input.bins.kind].map((metric) => measureNewest(metric, input))
}

function measureNewest(metric: Metric, input: ColumnInput): DriftMeasure {
  const at = input.windows.length - 1
  const missing = whyNot(metric, input, at)
  const measured = missing ? undefined : measureWindow(metric, input, at)
  return {
    metric,
    method: measured?.method ?? null,
    value: measured?.value ?? null,
    ...(missing && { missing: missing.sentence }),
    p: measured?.p ?? null,
    floor: FLOORS[metric],
    usual: usual(metric, input.bins, input.reference),
    verdict: missing?.verdict ?? 'pass',
  }
}

/** Why a measure has no value in a window, and what follows; undefined where it has one. */
function whyNot(metric: Metric, input: ColumnInput, at: number): { sentence: string; verdict: Verdict } | undefined {
  const { bins, reference, windows, needed, tests } = input
  const { rows, counts } = windows[at]!
  if (needed === null || rows < needed) {
    return { sentence: `Too few rows to tell ${bins.name} from noise: ${count(rows, 'row')}.`, verdict: 'inconclusive' }
  }
  if (metric === 'nulls') return undefined
  const known = valuesIn(bins, reference.whole)
  const least = valuesNeeded(known, tests)
  const expected = (rows * known) / rowsIn(bins, reference.whole)
  const found = valuesIn(bins, counts)
  // A column that is nearly always empty cannot be told, and that is nobody's fault: it must not hold up the rest.
  if (least === null || expected < least) {
    return { sentence: `${bins.name} has too few values in the training data to be compared with.`, verdict: 'warn' }
  }
  if (found === 0) return { sentence: `${bins.name} has no values in production.`, verdict: 'inconclusive' }
  if (DISTANCES.includes(metric) && found < least) {
    const few = count(found, 'value')
    return { sentence: `${bins.name} has ${few} in production: too few to tell its distance.`, verdict: 'inconclusive' }
  }
  return undefined
}

function measureWindow(metric: Metric, input: ColumnInput, at: number): Measured | undefined {
  const after = input.windows[at]!.counts
  const stands = standout(input)
  const single = stands && { value: stands.value, count: stands.counts[at]!, among: stands.among }
  return measure(metric, { bins: input.bins, before: input.reference.whole, after, ...(single && { single }) })
}

/** The number of the newest window that has grown most beyond its bin; undefined where there is none. */
export function standout({ bins, reference, windows, production }: ColumnInput) {
  const counts = windows.at(-1)!.counts
  if (bins.kind !== 'number' || production.frequent.length === 0) return undefined
  const [n, m] = [rowsIn(bins, reference.whole), rowsIn(bins, counts)]
  const gains = production.frequent.map(
    (each) => each.counts.at(-1)! / m - reference.whole.counts[binOf(bins, Number(each.value))]! / n,
  )
  const most = gains.indexOf(Math.max(...gains))
  const { value, counts: inWindows } = production.frequent[most]!
  return { value: Number(value), counts: inWindows, gain: gains[most]!, among: gains.length }
}

/** Gives the measures of a column their verdicts, once the p-values are corrected, and says what follows. */
export function finishColumn(input: ColumnInput, measures: readonly DriftMeasure[]): DriftColumn {
  const { bins, windows, reference } = input
  const picture = pictureOf(bins, reference.whole, windows.at(-1)!.counts)
  const judged = measures.map((each) => ({ ...each, verdict: verdictOf(each, input) }))
  const verdict = gravest(judged.map((each) => each.verdict))
  const first = judged.find((each) => each.verdict === verdict)!
  const values = windows.map((_, at) => valueIn(first.metric, input, at))
  const since = first.verdict === 'fail' ? sinceWhen(first, values, windows) : null
  return {
    name: bins.name,
    kind: bins.kind,
    picture,
    verdict,
    reason: reasonOf(input, first, since),
    measures: [first, ...judged.filter((each) => each !== first)],
    trend: windows.map(({ start }, at) => ({ start, value: values[at]?.value ?? null })),
    since,
  }
}

function valueIn(metric: Metric, input: ColumnInput, at: number): Measured | undefined {
  return whyNot(metric, input, at) ? undefined : measureWindow(metric, input, at)
}

function verdictOf(each: DriftMeasure, input: ColumnInput): Verdict {
  if (each.value === null) return each.verdict
  return isHidden(each, input) ? 'warn' : judge(each)
}

/** Whether it would alarm, were not the reference's windows so far apart that nothing could be beyond what is usual. */
function isHidden(each: DriftMeasure, { bins, reference, windows }: ColumnInput): boolean {
  if (each.usual === null || judge({ ...each, usual: { ...each.usual, high: 0 } }) !== 'fail') return false
  const beyond = BEYOND_USUAL * each.usual.high
  return each.value! <= beyond && beyond >= farthest(each.metric, bins, reference.whole, windows.at(-1)!.rows)
}

/** The three questions: beyond noise, large enough to matter, and beyond what is usual. */
function judge(each: Pick<DriftMeasure, 'p' | 'usual' | 'floor'> & { value: number | null }): Verdict {
  const { value, p, usual, floor } = each
  if (value === null || p === null) return 'inconclusive'
  if (p > FALSE_DISCOVERIES || value < floor.warn) return 'pass'
  if (usual === null) return 'warn'
  if (value <= BEYOND_USUAL * usual.high) return 'pass'
  return value >= floor.alarm ? 'fail' : 'warn'
}

/** When the first of the windows starts that all would alarm, up to the newest. Those that cannot say are passed over. */
function sinceWhen(
  { floor, usual }: DriftMeasure,
  values: ReadonlyArray<Measured | undefined>,
  windows: ColumnInput['windows'],
): string | null {
  const verdicts = values.map((each) => each && judge({ value: each.value, p: each.p, floor, usual }))
  const before = verdicts.findLastIndex((verdict) => verdict !== undefined && verdict !== 'fail')
  const first = verdicts.findIndex((verdict, at) => at > before && verdict === 'fail')
  return windows[first]?.start ?? null
}

function reasonOf(input: ColumnInput, first: DriftMeasure, since: string | null): string {
  if (first.value === null) return first.missing!
  const when = since === null ? '' : ` since ${day(since)}`
  return `${finding(input.bins.name, first, exampleOf(first.metric, input))}${when}: ${because(first)}.`
}

/** A value that stands for what a share counts. */
function exampleOf(metric: Metric, input: ColumnInput): string | undefined {
  const newest = input.production.frequent[0]?.value
  if (metric === 'new_categories' && newest !== undefined) return JSON.stringify(newest)
  const stands = metric === 'single_value' ? standout(input) : undefined
  return stands && short(stands.value)
}
