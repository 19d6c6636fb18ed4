import { momentsOf } from '@modelyard/data'
import type { ProfileV2, SummaryChange } from '@modelyard/spec'
import { benjaminiHochberg, chiSquareContingency, normalCdf, poolRare, sum, totalVariation } from '@modelyard/stats'
import type { ReferenceNames } from './changes.ts'
import { FALSE_DISCOVERIES, FLOORS } from './rule.ts'
import { cellsOf, factsOf, type Summary } from './summary-facts.ts'
import { apart, percent } from './wording.ts'

/** As many columns are told of. */
const MOST_COLUMNS = 50

/** From where the share of a value is worth a line: where drift's rule for predictions warns. */
const SHARE = 0.05

/** From where the share of the rows is that would need another value. */
const SHARES = 0.1

/** From how many standard deviations a mean is: a small effect in Cohen's sense is 0.2. */
const DEVIATIONS = 0.1

/** What fewer rows share is not named. */
const FEWEST_ROWS = 20

export interface SummaryOptions {
  /** How sentences name the reference. */
  reference: ReferenceNames
  /** Columns that the measures of drift compare, and those of them that have changed: their facts are told. */
  measured: readonly string[]
  changed: readonly string[]
  /** What the model predicts: its values are compared here, and nowhere else. */
  labels: readonly string[]
  /** The column whose least and greatest value are told whenever they moved: the time. */
  range: string | undefined
  /** Columns of which nothing but counts is told. */
  masked: ReadonlySet<string>
}

/** Something that may be worth a line: a test beyond whose noise it is told. */
interface Finding {
  column: string
  p: number
  sentence: string
}

interface Pair {
  before: Summary
  after: Summary
}

/**
 * What two profiles say of the columns that changed, and of those that the measures of drift do not compare: another
 * type, and shares of rows without a value, of the label's values and its mean that are beyond noise (false discoveries
 * at most 1 %) and large enough to matter. Pure, and no verdict.
 */
export function compareSummaries(before: ProfileV2, after: ProfileV2, options: SummaryOptions): SummaryChange[] {
  const { reference, masked, changed, range } = options
  const rows = { before: before.rows, after: after.rows }
  const known = new Map(before.summaries.map((summary) => [summary.name, summary]))
  const pairs = after.summaries.flatMap((summary): Pair[] => {
    const earlier = known.get(summary.name)
    if (!earlier) return []
    const hide = masked.has(summary.name) || summary.masked || earlier.masked
    return [{ before: { ...earlier, masked: hide }, after: { ...summary, masked: hide } }]
  })
  const findings = findingsOf(pairs, rows, options)
  const changes = pairs.flatMap(({ before, after }): SummaryChange[] => {
    const { name } = after
    const reasons = [
      ...(before.type === after.type ? [] : [`${name} is ${after.type}, ${before.type} in ${reference.what}.`]),
      ...findings.filter(({ column }) => column === name).map(({ sentence }) => sentence),
    ]
    const moved = name === range && !after.masked && (before.min !== after.min || before.max !== after.max)
    if (reasons.length === 0 && !moved && !changed.includes(name)) return []
    return [
      {
        name,
        ...(after.masked && { masked: true as const }),
        reasons,
        before: factsOf(before, rows.before),
        after: factsOf(after, rows.after),
      },
    ]
  })
  return changes.slice(0, MOST_COLUMNS)
}

/** What is beyond noise, all tests taken together, of what is large enough to matter. */
function findingsOf(
  pairs: readonly Pair[],
  rows: { before: number; after: number },
  { reference: { what }, measured, labels }: SummaryOptions,
): Finding[] {
  const tests = pairs.flatMap((pair) => {
    const { name, masked } = pair.after
    if (measured.includes(name)) return []
    const told = labels.includes(name) && !masked
    return [nullsOf(pair, rows, what), ...(told ? [sharesOf(pair, rows, what), meanOf(pair, rows, what)] : [])].filter(
      (test) => test !== undefined,
    )
  })
  const adjusted = benjaminiHochberg(tests.map(({ p }) => p))
  return tests.filter(({ matters }, index) => matters && adjusted[index]! <= FALSE_DISCOVERIES)
}

type Test = Finding & { matters: boolean }
type Compare = (pair: Pair, rows: { before: number; after: number }, what: string) => Test | undefined

const nullsOf: Compare = ({ before, after }, rows, what) => {
  if (rows.before === 0 || rows.after === 0) return undefined
  const [was, is] = [before.nulls / rows.before, after.nulls / rows.after]
  return {
    column: after.name,
    p: chiSquareContingency([before.nulls, rows.before - before.nulls], [after.nulls, rows.after - after.nulls]).p,
    matters: Math.abs(is - was) >= FLOORS.nulls.warn,
    sentence: `${percent(is)} of the rows have no value of ${after.name}, ${percent(was)} in ${what}.`,
  }
}

/**
 * The values' shares among the rows that have one: one that moved enough, or all together by the share of the rows that
 * would need another value, less what that is by chance. The sentence is on the one that moved most.
 */
const sharesOf: Compare = ({ before, after }, rows, what) => {
  const all = cellsOf(before, after, rows)
  if (!all) return undefined
  const totals = { before: sum(all.map((cell) => cell.before)), after: sum(all.map((cell) => cell.after)) }
  if (totals.before === 0 || totals.after === 0) return undefined
  const [most] = all
    .filter((cell) => cell.before + cell.after >= FEWEST_ROWS)
    .map(({ value, ...counts }) => ({
      value,
      was: counts.before / totals.before,
      is: counts.after / totals.after,
    }))
    .sort((a, b) => moved(b) - moved(a) || a.was - b.was)
  if (!most) return undefined
  const cells = poolRare(
    all.map((cell) => cell.before),
    all.map((cell) => cell.after),
  )
  const distance = totalVariation(cells)
  const one = Math.abs(most.is - most.was) >= SHARE
  const sentence = `${after.name} is ${after.lengths ? JSON.stringify(most.value) : most.value} in ${percent(most.is)} of the rows, ${percent(most.was)} in ${what}.`
  return {
    column: after.name,
    p: chiSquareContingency(cells.before, cells.after).p,
    matters: one || distance >= SHARES,
    sentence: one
      ? sentence
      : `${percent(distance)} of the rows would need another ${after.name} to be as in ${what}: ${sentence}`,
  }
}

/** How far a share moved, in parts of a billion: of two values that make up the whole, the rarer is named. */
function moved({ was, is }: { was: number; is: number }): number {
  return Math.round(Math.abs(is - was) * 1e9)
}

/** Means by the normal distribution, for there are many rows; not of numbers that are two values, whose shares tell it. */
const meanOf: Compare = ({ before, after }, rows, what) => {
  const values = cellsOf(before, after, rows)
  if (values && values.length <= 2) return undefined
  const [was, is] = [momentsOf(before, rows.before), momentsOf(after, rows.after)]
  if (!was?.deviation || !is || is.deviation === null) return undefined
  const error = Math.hypot(
    was.deviation / Math.sqrt(finite(before, rows.before)),
    is.deviation / Math.sqrt(finite(after, rows.after)),
  )
  const [now, then] = apart(is.mean, was.mean)
  return {
    column: after.name,
    p: 2 * normalCdf(-Math.abs(is.mean - was.mean) / error),
    matters: Math.abs(is.mean - was.mean) >= DEVIATIONS * was.deviation,
    sentence: `The mean of ${after.name} is ${now}, ${then} in ${what}.`,
  }
}

function finite({ nulls, nan, infinite }: Summary, rows: number): number {
  return rows - nulls - nan - infinite.positive - infinite.negative
}
