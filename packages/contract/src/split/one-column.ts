/** So many cells by the percentiles of the values that are learned from. */
const CELLS = 50

/**
 * A column as a single feature: which cell each row is in, cut by half of the rows; -1 for values that those have not.
 * In arrays of halves, 1 is the first, 0 the second, and 2 none.
 */
export interface Cells {
  of: Int32Array
  count: number
}

/** So many of the values of rare rows are cut off from what is below and above them. */
const CUT_OFF = 25

/**
 * Cuts numbers into cells by the percentiles of those in the first half, or into a cell for each value where they are
 * few; NaN has one of its own. Of categories, given as a number each, every one is a cell. Numbers are cut at those of
 * `rare` rows, too, which else share their cells with others whatever the column tells.
 */
export function cut(
  values: Float64Array,
  isFirst: Uint8Array,
  kind: 'number' | 'category',
  rare: Uint8Array | undefined = undefined,
): Cells {
  const learned = learnedOf(values, isFirst)
  const different = differentOf(learned)
  const isFew = kind === 'category' || different.length <= CELLS
  const ends = isFew ? different : endsOf(learned, rare && learnedOf(values, isFirst, rare))
  const without = ends.length
  const of = new Int32Array(values.length)
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!
    const cell = cellOf(value, ends)
    if (Number.isNaN(value)) of[row] = without
    else of[row] = kind === 'category' && ends[cell] !== value ? -1 : cell
  }
  return { of, count: without + 1 }
}

/** Ends of cells, sorted. Values that are many, or rare rows', are cut off from what is below them. */
function endsOf(learned: Float64Array, rare: Float64Array | undefined): Float64Array {
  const ends = percentilesOf(learned, CELLS)
  const many = ends.filter((value, at) => value === ends[at + 1])
  const few = rare && rare.length > 0 ? [rare[0]!, ...percentilesOf(rare, Math.min(CUT_OFF, rare.length))] : []
  const below = [...many, ...few].flatMap((value) => learned[cellOf(value, learned) - 1] ?? [])
  return differentOf(Float64Array.from([...ends, ...few, ...below]).sort())
}

/**
 * The numbers of the first half, or of those that are `among` it, sorted. Loops, since the methods of typed arrays call a
 * function for each row.
 */
function learnedOf(values: Float64Array, isFirst: Uint8Array, among: Uint8Array = isFirst): Float64Array {
  const learned = new Float64Array(values.length)
  let count = 0
  for (let row = 0; row < values.length; row++) {
    if (isFirst[row] === 1 && among[row] === 1 && !Number.isNaN(values[row])) learned[count++] = values[row]!
  }
  return learned.subarray(0, count).sort()
}

function differentOf(sorted: Float64Array): Float64Array {
  const different = new Float64Array(sorted.length)
  let count = 0
  for (let at = 0; at < sorted.length; at++) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) different[count++] = sorted[at]!
  }
  return different.subarray(0, count)
}

function percentilesOf(sorted: Float64Array, count: number): number[] {
  return Array.from({ length: count }, (_, at) => sorted[Math.ceil(((at + 1) * sorted.length) / count) - 1]!)
}

/** The first of the ends that is not below a value; what is above all is in the last cell. */
function cellOf(value: number, ends: Float64Array): number {
  let low = 0
  let high = ends.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! < value) low = middle + 1
    else high = middle
  }
  return Math.max(0, low)
}

/**
 * The AUC on the second half of the rows of a score that is, for each cell, the share of positives among its rows in the
 * first half. NaN where the second half has fewer than `least` rows of either kind, or the first has none.
 */
export function aucOf(cells: Cells, isPositive: Uint8Array, isFirst: Uint8Array, least: number): number {
  const learned = countCells(cells, isPositive, isFirst, 1)
  const judged = countCells(cells, isPositive, isFirst, 0)
  const [positives, negatives] = [total(judged.positives), total(judged.rows) - total(judged.positives)]
  const share = total(learned.positives) / total(learned.rows)
  if (positives < least || negatives < least || Number.isNaN(share)) return Number.NaN
  // A row of all of them beside a cell's own keeps those of a few rows from being sure.
  const scores = Array.from(learned.rows, (rows, cell) => (learned.positives[cell]! + share) / (rows + 1))
  const order = scores.map((_, cell) => cell).sort((a, b) => scores[a]! - scores[b]!)
  let below = 0
  let pairs = 0
  for (let from = 0, to = 0; from < order.length; from = to) {
    let tiedPositives = 0
    let tiedNegatives = 0
    for (to = from; to < order.length && scores[order[to]!] === scores[order[from]!]; to++) {
      tiedPositives += judged.positives[order[to]!]!
      tiedNegatives += judged.rows[order[to]!]! - judged.positives[order[to]!]!
    }
    pairs += tiedPositives * (2 * below + tiedNegatives)
    below += tiedNegatives
  }
  return pairs / 2 / positives / negatives
}

/** Rows and positives of each cell in one half; the last cell is that of values that the first half has not. */
function countCells({ of, count }: Cells, isPositive: Uint8Array, isFirst: Uint8Array, half: 0 | 1) {
  const rows = new Float64Array(count + 1)
  const positives = new Float64Array(count + 1)
  for (let row = 0; row < of.length; row++) {
    if (isFirst[row] !== half) continue
    const cell = of[row]! < 0 ? count : of[row]!
    rows[cell]!++
    positives[cell]! += isPositive[row]!
  }
  return { rows, positives }
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/**
 * The share of the variance of numbers in the second half that is explained by their mean, for each cell, in the first:
 * 0 where that explains nothing, 1 where it tells all. NaN where they do not vary, or are fewer than `least`.
 */
export function explainedBy({ of, count }: Cells, numbers: Float64Array, isFirst: Uint8Array, least = 1): number {
  const rows = new Float64Array(count)
  const sums = new Float64Array(count)
  let mean = 0
  let learned = 0
  for (let row = 0; row < of.length; row++) {
    if (isFirst[row] !== 1) continue
    rows[of[row]!]!++
    sums[of[row]!]! += numbers[row]!
    mean += numbers[row]!
    learned++
  }
  mean /= learned
  let judged = 0
  let left = 0
  let all = 0
  for (let row = 0; row < of.length; row++) {
    if (isFirst[row] !== 0) continue
    judged++
    const cell = of[row]!
    const expected = cell >= 0 && rows[cell]! > 0 ? sums[cell]! / rows[cell]! : mean
    left += (numbers[row]! - expected) ** 2
    all += (numbers[row]! - mean) ** 2
  }
  return all === 0 || judged < least ? Number.NaN : Math.max(0, 1 - left / all)
}

/** The place of each number among all of them, that of the middle for equal ones. */
export function ranksOf(numbers: Float64Array): Float64Array {
  const sorted = numbers.slice().sort()
  const middle = new Map<number, number>()
  for (let from = 0, to = 0; from < sorted.length; from = to) {
    for (to = from + 1; to < sorted.length && sorted[to] === sorted[from]; ) to++
    middle.set(sorted[from]!, (from + to - 1) / 2)
  }
  return numbers.map((value) => middle.get(value)!)
}
