import type { Buckets, ColumnSummary } from '@modelyard/spec'
import { leastOf, REGISTERS, readHashes, readRegisters } from './registers.ts'
import { magnitudeOf, readBuckets } from './sketch.ts'

/** 2 ln 2. */
const TWO_LN_2 = 1.386_294_361_119_890_6

/** How many different values a column has: exactly up to 256, else with a standard error of 2.3 %. Null where unknown. */
export function differentValues({ distinct, values }: Pick<ColumnSummary, 'distinct' | 'values'>): number | null {
  if (values) return values.length
  return distinct && Math.round(cardinality(readRegisters(distinct.hll)))
}

/** The improved raw estimator of Ertl, "New cardinality estimation algorithms for HyperLogLog sketches", 2017. */
function cardinality(registers: Uint8Array): number {
  const counts = new Array<number>(39).fill(0)
  for (const register of registers) counts[register]!++
  const [empty, full] = [counts[0]!, counts[38]!]
  let z = REGISTERS * tau(1 - full / REGISTERS)
  for (let k = 37; k > 0; k--) z = (z + counts[k]!) / 2
  z += REGISTERS * sigma(empty / REGISTERS)
  return REGISTERS ** 2 / (TWO_LN_2 * z)
}

function sigma(share: number): number {
  if (share === 1) return Number.POSITIVE_INFINITY
  let [x, y, z, before] = [share, 1, share, Number.NaN]
  while (z !== before) {
    before = z
    x *= x
    z += x * y
    y += y
  }
  return z
}

function tau(share: number): number {
  if (share === 0 || share === 1) return 0
  let [x, y, z, before] = [share, 1, 1 - share, Number.NaN]
  while (z !== before) {
    before = z
    x = Math.sqrt(x)
    y /= 2
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}

/**
 * Of the values that are in one of two columns of a type, the share that is in both (Jaccard): of a sample of at most
 * 128 of them, so with a standard error of up to 4.4 points. Null where nothing is known, or neither has a value.
 */
export function sharedValues(a: ColumnSummary, b: ColumnSummary): number | null {
  if (!a.distinct || !b.distinct || a.type !== b.type) return null
  const [first, other] = [new Set(readHashes(a.distinct.kmv)), new Set(readHashes(b.distinct.kmv))]
  const least = leastOf([...first, ...other])
  return least.length === 0 ? null : least.filter((hash) => first.has(hash) && other.has(hash)).length / least.length
}

/** Mean and standard deviation (of the rows, not of what they are a sample of). */
export interface Moments {
  mean: number
  /** Null where the squares are too large to be summed. */
  deviation: number | null
}

/** Of a column's finite numbers, in a profile of `rows` rows; null where there are none, or their sum is not known. */
export function momentsOf(summary: ColumnSummary, rows: number): Moments | null {
  const [sums, count] = [summary.sums, BigInt(finiteIn(summary, rows))]
  if (!sums || sums.x.sum === null || count === 0n) return null
  const sum = BigInt(sums.x.sum)
  const mean = ratio(sum, count, sums.x.scale)
  if (sums.squares.sum === null) return { mean, deviation: null }
  // Var = (n Σx² − (Σx)²) / n², where Σx is in units of 2^−a and Σx² in units of 2^−b.
  const [a, b] = [2 * sums.x.scale, sums.squares.scale]
  const [toSquares, toSum] = [BigInt(Math.max(0, a - b)), BigInt(Math.max(0, b - a))]
  const spread = ((count * BigInt(sums.squares.sum)) << toSquares) - ((sum * sum) << toSum)
  return { mean, deviation: spread <= 0n ? 0 : Math.sqrt(ratio(spread, count * count, Math.max(a, b))) }
}

/** a / b / 2^scale, to the digits of a double. */
function ratio(a: bigint, b: bigint, scale: number): number {
  const more = BigInt(Math.max(0, b.toString(2).length + 64 - a.toString(2).length))
  const quotient = Number((a << more) / b)
  const power = scale + Number(more)
  // In two steps: the power alone may be beyond what a double holds.
  return quotient / 2 ** Math.trunc(power / 2) / 2 ** (power - Math.trunc(power / 2))
}

/**
 * The value with at least the share `q` of a column's finite numbers at or below it, within two hundredths of itself, in
 * a profile of `rows` rows; null where there are none.
 */
export function quantileOf(summary: ColumnSummary, rows: number, q: number): number | null {
  const { sketch, min, max } = summary
  const count = finiteIn(summary, rows)
  if (!sketch || min === null || max === null || count === 0) return null
  const sides = { negative: sorted(sketch.negative).reverse(), positive: sorted(sketch.positive) }
  const inBuckets = [...sides.negative, ...sides.positive].reduce((sum, [, n]) => sum + n, 0)
  const steps: Array<[value: number, n: number]> = [
    ...sides.negative.map(([index, n]): [number, number] => [-magnitudeOf(index), n]),
    [0, count - inBuckets],
    ...sides.positive.map(([index, n]): [number, number] => [magnitudeOf(index), n]),
  ]
  const rank = Math.max(1, Math.ceil(q * count))
  let below = 0
  for (const [value, n] of steps) {
    below += n
    if (below >= rank) return Math.min(Number(max), Math.max(Number(min), value))
  }
  throw new RangeError(`${q} is no share of the values`)
}

function sorted(buckets: Buckets): Array<[index: number, count: number]> {
  return [...readBuckets(buckets)]
}

function finiteIn({ nulls, nan, infinite }: ColumnSummary, rows: number): number {
  return rows - nulls - nan - infinite.positive - infinite.negative
}
