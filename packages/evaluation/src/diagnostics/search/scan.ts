import { FEWEST_ROWS, type Feature, NO_BIN } from './features.ts'
import type { Condition, Part, Rate } from './parts.ts'

/** Pairs are made of so many features, those that alone tell most. */
const MOST_PAIRED = 10

/** Sums over rows: how many they are, their trials, their hits, and the hits' squares. */
const [ROWS, TRIALS, HITS, SQUARES, SUMS] = [0, 1, 2, 3, 4]

/** A part, and by how many standard errors its rate is worse than that of the rest. */
interface Looked {
  part: Part
  distance: number
}

/** What is nearer does not stand out. */
const LEAST_DISTANCE = 2
/** What a second condition must add: that one of so many takes some of the good rows away is chance. */
const LEAST_GAIN = 1

interface Scan {
  rate: Rate
  rows: Uint32Array
  /** How much more the rows scatter than independent ones. */
  design: number
}

/**
 * The part of these rows whose rate is worse than that of the rest most surely: of all values and ranges of each feature,
 * and all pairs of them. Undefined where none stands out. It is the worst of many, and so better than it looks: what it
 * is worth, other rows must tell.
 */
export function worstPart(features: readonly Feature[], scan: Scan): Part | undefined {
  const judge = judgeOf(scan)
  const alone = features.map((feature) => {
    let best: Looked | undefined
    walk(feature, cellsOf([feature], scan), (from, to, sums) => {
      best = better(best, judge([{ feature, from, to }], sums))
    })
    return { feature, best }
  })
  let worst = alone.reduce<Looked | undefined>((before, { best }) => better(before, best), undefined)
  const told = alone
    .toSorted((one, other) => (other.best?.distance ?? 0) - (one.best?.distance ?? 0))
    .slice(0, MOST_PAIRED)
    .map(({ feature }) => feature)
  for (const [place, first] of told.entries()) {
    for (const second of told.slice(place + 1)) {
      walkPairs(first, second, cellsOf([first, second], scan), (conditions, sums) => {
        const looked = judge(conditions, sums)
        worst = better(worst, looked && { ...looked, distance: looked.distance - LEAST_GAIN })
      })
    }
  }
  return worst?.part
}

function better(one: Looked | undefined, other: Looked | undefined): Looked | undefined {
  return !one || (other && other.distance > one.distance) ? other : one
}

/** By how much a part's rate is worse than that of the rest; undefined where it is not, or is too small a part, or the greater. */
function judgeOf({ rate, rows, design }: Scan): (part: Part, sums: Float64Array) => Looked | undefined {
  const all = new Float64Array(SUMS)
  for (const row of rows) add(all, 0, rate, row)
  const rest = new Float64Array(SUMS)
  return (part, sums) => {
    for (let i = 0; i < SUMS; i++) rest[i] = all[i]! - sums[i]!
    // The rows are a half of the hold-out's.
    if (sums[ROWS]! < FEWEST_ROWS / 2 || sums[ROWS]! > rest[ROWS]!) return undefined
    const excess = sums[HITS]! / sums[TRIALS]! - rest[HITS]! / rest[TRIALS]!
    const error = Math.sqrt(design * (variance(sums) + variance(rest)))
    return excess > LEAST_DISTANCE * error ? { part, distance: excess / error } : undefined
  }
}

/** Of a ratio, by the delta method; of trials that are all 1, the variance of a mean. */
function variance(sums: Float64Array): number {
  const rate = sums[HITS]! / sums[TRIALS]!
  // Trials are 1 or 0, and no row without one has hits.
  return Math.max(0, sums[SQUARES]! - rate * sums[HITS]!) / sums[TRIALS]! ** 2
}

function add(cells: Float64Array, at: number, { hits, trials }: Rate, row: number): void {
  const hit = hits[row]!
  cells[at + ROWS]! += 1
  cells[at + TRIALS]! += trials[row]!
  cells[at + HITS]! += hit
  cells[at + SQUARES]! += hit * hit
}

/** The sums in each bin, or in each pair of bins, those of the first feature outermost. */
function cellsOf([first, second]: readonly [Feature, Feature?], { rate, rows }: Scan): Float64Array {
  const inner = second?.bins ?? 1
  const cells = new Float64Array(first.bins * inner * SUMS)
  for (const row of rows) {
    const bin = first.of[row]!
    const other = second ? second.of[row]! : 0
    if (bin !== NO_BIN && other !== NO_BIN) add(cells, (bin * inner + other) * SUMS, rate, row)
  }
  return cells
}

/** Every bin, and every run of bins that are in order, with its sums. The array is used again for the next. */
function walk(
  { bins, ordered }: Feature,
  cells: Float64Array,
  visit: (from: number, to: number, sums: Float64Array) => void,
): void {
  const width = cells.length / bins
  const sums = new Float64Array(width)
  for (let from = 0; from < bins; from++) {
    sums.fill(0)
    const last = from < ordered ? ordered - 1 : from
    for (let to = from; to <= last; to++) {
      for (let i = 0; i < width; i++) sums[i]! += cells[to * width + i]!
      // All that is not missing is hardly a part.
      if (!(from === 0 && to === ordered - 1)) visit(from, to, sums)
    }
  }
}

function walkPairs(
  first: Feature,
  second: Feature,
  cells: Float64Array,
  visit: (conditions: Condition[], sums: Float64Array) => void,
): void {
  walk(first, cells, (from, to, inner) => {
    walk(second, inner, (least, most, sums) => {
      visit(
        [
          { feature: first, from, to },
          { feature: second, from: least, to: most },
        ],
        sums,
      )
    })
  })
}
