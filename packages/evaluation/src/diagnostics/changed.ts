import type { Predicate } from '@modelyard/spec'
import { choose, type Sample } from '../sample/sample.ts'
import type { Feature } from './search/features.ts'
import { apart, type FindOptions, findParts } from './search/find.ts'
import { isIn, type Part, whereOf } from './search/parts.ts'

type Changed = NonNullable<Predicate<'gate'>['changed']>

/** By row: 1 where the candidate is right and the champion was wrong, −1 the other way round, else 0. */
export type Sides = Int8Array

/** The rows that changed sides; null where there are not two models, or rows have not one class each. */
export function compareSides(sample: Sample): Sides | null {
  const { task, labels, candidate, champion } = sample
  if (!champion || (task !== 'binary-classification' && task !== 'multiclass-classification')) return null
  if ([labels, candidate, champion].some((values) => values.some(Number.isNaN))) return null
  const now = choose(sample, candidate)
  const before = choose(sample, champion)
  return Int8Array.from(labels, (label, row) => +(now[row] === label) - +(before[row] === label))
}

/**
 * How many rows changed sides, and in which parts of the hold-out they gather: where a row is newly wrong, or newly
 * right, more often than elsewhere, beyond chance.
 */
export function describeChanged(sides: Sides, features: readonly Feature[], options: FindOptions): Changed {
  const trials = new Float64Array(sides.length).fill(1)
  const partsOf = (side: 1 | -1) => {
    const hits = Float64Array.from(sides, (each) => +(each === side))
    // One search of two: each may be wrong half as often.
    return findParts(features, { hits, trials }, { ...options, confidence: (1 + options.confidence) / 2 })
  }
  const found = apart([...partsOf(-1), ...partsOf(1)], sides.length)
  const { newly_right, newly_wrong } = countIn(sides, [])
  return {
    newly_right,
    newly_wrong,
    gathered: found.map(({ part }) => ({ where: whereOf(part), ...countIn(sides, part) })),
  }
}

function countIn(sides: Sides, part: Part) {
  const counts = { rows: 0, newly_right: 0, newly_wrong: 0 }
  for (const [row, side] of sides.entries()) {
    if (!isIn(part, row)) continue
    counts.rows++
    if (side === 1) counts.newly_right++
    if (side === -1) counts.newly_wrong++
  }
  return counts
}
