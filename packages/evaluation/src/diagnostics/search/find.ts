import { abcTail, type Clusters, holm, randomSource, scatterOf } from '@modelyard/stats'
import { FEWEST_GROUPS } from '../../comparison/evidence.ts'
import type { Feature } from './features.ts'
import { isIn, type Part, type Rate } from './parts.ts'
import { worstPart } from './scan.ts'

export interface FindOptions {
  /** Rows that are not independent of one another; null where all are. */
  groups: Clusters | null
  /** Where there is nothing to find, something is found in at most (1 − confidence) / 2 of all searches. */
  confidence: number
  seed: number
}

/** A part whose rate is worse than that of the rest, beyond chance. */
export interface Found {
  part: Part
  /** The rows that had no say in the choice, by which it was confirmed: what they say of the part is without favour. */
  others: Uint32Array
}

const MOST_PARTS = 5
/** Rows of a half, about: however many there are, the search takes no longer. */
const MOST_ROWS = 200_000

/**
 * Searches one half of the rows, or of the groups, for the parts whose rate is worst, and asks the other half whether
 * they are; and the other way round. Of thousands of parts the worst is bad by chance alone, and only rows that it was
 * not chosen by can tell; where rows come in groups, those of ten groups in either half, and of ten outside. Those that
 * are confirmed, after Holm's correction, are given in the order of their p-values; none of them shares the greater part
 * of its rows with one before it.
 */
export function findParts(features: readonly Feature[], rate: Rate, options: FindOptions): Found[] {
  if (options.groups && options.groups.count < 2 * FEWEST_GROUPS) return []
  const sides = toss(rate.hits.length, options)
  const looks = [0, 1].flatMap((side) => {
    const [searched, others] = [sides[side]!, sides[1 - side]!]
    const parts = search(features, rate, searched, options.groups)
    return parts.map((part, place) => {
      const untold = others.filter((row) => !parts.slice(0, place).some((earlier) => isIn(earlier, row)))
      // Worse than all other rows, and not only for those that a part before it has told of.
      const pValues = [others, untold].map((rows) => pValueOf(part, rate, rows, options.groups))
      const told = [searched, others].every((rows) => isOfManyGroups(part, rows, options.groups))
      return { part, others, pValue: told ? Math.max(...pValues) : 1 }
    })
  })
  const adjusted = holm(looks.map(({ pValue }) => pValue))
  const confirmed = looks
    .filter((_, place) => adjusted[place]! <= (1 - options.confidence) / 2)
    .sort((one, other) => one.pValue - other.pValue)
  return apart(confirmed, rate.hits.length).slice(0, MOST_PARTS)
}

/** Of several parts, those that do not share most rows of the smaller one with a part before. */
export function apart<Each extends { part: Part }>(found: readonly Each[], rows: number): Each[] {
  const kept: Each[] = []
  for (const each of found) if (!kept.some(({ part }) => overlaps(each.part, part, rows))) kept.push(each)
  return kept
}

/** The worst part, then the worst of the rows that are left, and so on. */
function search(features: readonly Feature[], rate: Rate, rows: Uint32Array, groups: Clusters | null): Part[] {
  const found: Part[] = []
  let left = rows
  while (found.length < MOST_PARTS) {
    const part = worstPart(features, { rate, rows: left, design: designEffect(rate, left, groups) })
    if (!part) break
    found.push(part)
    left = left.filter((row) => !isIn(part, row))
  }
  return found
}

/** Whether most rows of the smaller of two parts are in the other as well. */
function overlaps(one: Part, other: Part, rows: number): boolean {
  let [ofOne, ofOther, ofBoth] = [0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const [first, second] = [isIn(one, row), isIn(other, row)]
    ofOne += +first
    ofOther += +second
    ofBoth += +(first && second)
  }
  return 2 * ofBoth > Math.min(ofOne, ofOther)
}

/** Two halves, by the toss of a coin for each row or group; of very many rows two parts that are small enough. */
function toss(rows: number, { groups, seed }: FindOptions): [Uint32Array, Uint32Array] {
  const random = randomSource(seed)
  const several = Math.max(2, Math.ceil(rows / MOST_ROWS))
  const sides = Float64Array.from({ length: groups?.count ?? rows }, () => random.below(several))
  const all = Uint32Array.from({ length: rows }, (_, row) => row)
  const side = (row: number) => sides[groups ? groups.of[row]! : row]!
  return [all.filter((row) => side(row) === 0), all.filter((row) => side(row) === 1)]
}

/** Whether a part, and the rest, have rows of so many groups that their scatter tells: the luck of one is no part's. */
function isOfManyGroups(part: Part, rows: Uint32Array, groups: Clusters | null): boolean {
  if (!groups) return true
  const sides = [new Set<number>(), new Set<number>()]
  for (const row of rows) sides[+isIn(part, row)]!.add(groups.of[row]!)
  return sides.every(({ size }) => size >= FEWEST_GROUPS)
}

/** How much more the sum over rows scatters than if groups were nothing: 1 at least. */
function designEffect(rate: Rate, rows: Uint32Array, groups: Clusters | null): number {
  if (!groups) return 1
  const off = excessOf(rate, rows, () => 1).influences
  const squares = (values: Float64Array) => values.reduce((sum, value) => sum + value * value, 0)
  return Math.max(1, squares(sumsOfGroups(off, rows, groups)) / squares(off)) || 1
}

/** One-sided p-value against "the part's rate is not worse than the rest's": 1 where it is not, or where there is no rate. */
function pValueOf(part: Part, rate: Rate, rows: Uint32Array, groups: Clusters | null): number {
  const { excess, influences } = excessOf(rate, rows, (row) => +isIn(part, row))
  if (!(excess > 0)) return 1
  const units = groups ? sumsOfGroups(influences, rows, groups) : influences
  if (units.length < 2) return 1
  const scatter = scatterOf(units)
  // What does not scatter has not shown how it would.
  const p = scatter.error === 0 ? 1 : abcTail(-excess, { ...scatter, acceleration: -scatter.acceleration }, 0)
  return Number.isNaN(p) ? 1 : p
}

/** The rate inside less that outside, not a number where one side has none; and what each row adds to it. */
function excessOf({ hits, trials }: Rate, rows: Uint32Array, sideOf: (row: number) => number) {
  const sides = Uint8Array.from(rows, sideOf)
  const hit = [0, 0]
  const tried = [0, 0]
  for (let place = 0; place < rows.length; place++) {
    hit[sides[place]!]! += hits[rows[place]!]!
    tried[sides[place]!]! += trials[rows[place]!]!
  }
  const [outside, inside] = [hit[0]! / tried[0]!, hit[1]! / tried[1]!]
  const influences = new Float64Array(rows.length)
  for (let place = 0; place < rows.length; place++) {
    const [hit, trial] = [hits[rows[place]!]!, trials[rows[place]!]!]
    influences[place] = sides[place] === 1 ? (hit - inside * trial) / tried[1]! : (outside * trial - hit) / tried[0]!
  }
  return { excess: inside - outside, influences }
}

function sumsOfGroups(values: Float64Array, rows: Uint32Array, groups: Clusters): Float64Array {
  const sums = new Map<number, number>()
  for (const [place, row] of rows.entries()) {
    const group = groups.of[row]!
    sums.set(group, (sums.get(group) ?? 0) + values[place]!)
  }
  return Float64Array.from(sums.values())
}
