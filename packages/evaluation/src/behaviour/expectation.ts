import type { Behaviour } from '@modelyard/spec'
import { type Truth, width } from '../sample/sample.ts'
import { short } from '../wording/numbers.ts'

type Expected = NonNullable<Behaviour['expect']>

/**
 * For each row of `rows`, whether its prediction does as expected, from the predictions before and after a change. With
 * a tolerance, a prediction (a value; each probability) is unchanged if it moves by no more; without one, a
 * classification is unchanged if it says the same class, anything else if it says the same number. What is no number does
 * nothing that is expected.
 */
export function asExpected(
  truth: Truth,
  [before, after]: readonly [Float64Array, Float64Array],
  rows: Uint32Array,
  { expect, tolerance }: { expect: Expected; tolerance?: number | undefined },
): boolean[] {
  const wide = width(truth)
  const says = SAYS[truth.task]
  return Array.from(rows, (row) => {
    const [from, to] = [before, after].map((values) => values.subarray(row * wide, (row + 1) * wide)) as [
      Float64Array,
      Float64Array,
    ]
    if (!to.every(Number.isFinite) || !from.every(Number.isFinite)) return false
    if (expect === 'unchanged' && tolerance === undefined && says) return says(from) === says(to)
    return MOVES[expect](from, to, tolerance ?? 0)
  })
}

/** What a classification says of a row. */
const SAYS: Partial<Record<Truth['task'], (probabilities: Float64Array) => string>> = {
  'binary-classification': ([probability]) => String(probability! > 0.5),
  'multiclass-classification': (probabilities) => String(probabilities.indexOf(Math.max(...probabilities))),
  'multilabel-classification': (probabilities) => Array.from(probabilities, (one) => +(one > 0.5)).join(''),
}

const MOVES: Record<Expected, (from: Float64Array, to: Float64Array, tolerance: number) => boolean> = {
  unchanged: (from, to, tolerance) => to.every((value, index) => Math.abs(value - from[index]!) <= tolerance),
  increases: ([from], [to], tolerance) => to! - from! > tolerance,
  decreases: ([from], [to], tolerance) => from! - to! > tolerance,
  no_increase: ([from], [to], tolerance) => to! - from! <= tolerance,
  no_decrease: ([from], [to], tolerance) => from! - to! <= tolerance,
}

/** What rows do that do as expected, after their number: `are predicted higher by more than 0.1`. */
export function sayExpected(task: Truth['task'], expect: Expected, tolerance: number | undefined): string {
  if (expect !== 'unchanged') return `${WORDS[expect]}${tolerance ? ` by more than ${short(tolerance)}` : ''}`
  if (tolerance === undefined) return `keep their ${ANSWERS[task] ?? 'prediction'}`
  return tolerance === 0 ? 'keep their prediction' : `keep their prediction to within ${short(tolerance)}`
}

/** What `SAYS` tells of a row. */
const ANSWERS: Partial<Record<Truth['task'], string>> = {
  'binary-classification': 'class',
  'multiclass-classification': 'class',
  'multilabel-classification': 'labels',
}

const WORDS: Record<Exclude<Expected, 'unchanged'>, string> = {
  increases: 'are predicted higher',
  decreases: 'are predicted lower',
  no_increase: 'are not predicted higher',
  no_decrease: 'are not predicted lower',
}
