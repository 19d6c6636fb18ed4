import type { ColumnSummary } from '@modelyard/spec'
import { firstValues, type Values } from './distinct.ts'
import { compareText } from './order.ts'
import { leastOf, readHashes, readRegisters, writeHashes, writeRegisters } from './registers.ts'
import { readBuckets, writeBuckets } from './sketch.ts'

type Lengths = NonNullable<ColumnSummary['lengths']>
type Sums = NonNullable<ColumnSummary['sums']>
type Sketch = NonNullable<ColumnSummary['sketch']>
type Distinct = NonNullable<ColumnSummary['distinct']>

/** The summary of two sets of rows of a column, from theirs. Associative and commutative, to the last bit. */
export function mergeSummaries(a: ColumnSummary, b: ColumnSummary): ColumnSummary {
  const end = (x: string | null, y: string | null, sign: number) =>
    x === null || y === null ? (x ?? y) : sign * compareText(a.type, x, y) <= 0 ? x : y
  return {
    name: a.name,
    type: a.type,
    masked: a.masked,
    nulls: a.nulls + b.nulls,
    nan: a.nan + b.nan,
    infinite: {
      positive: a.infinite.positive + b.infinite.positive,
      negative: a.infinite.negative + b.infinite.negative,
    },
    zeros: a.zeros + b.zeros,
    empty: a.empty + b.empty,
    true: a.true + b.true,
    min: end(a.min, b.min, 1),
    max: end(a.max, b.max, -1),
    sums: a.sums && b.sums && { x: addSums(a.sums.x, b.sums.x), squares: addSums(a.sums.squares, b.sums.squares) },
    sketch: a.sketch && b.sketch && addSketches(a.sketch, b.sketch),
    lengths: a.lengths && b.lengths ? joinLengths(a.lengths, b.lengths) : (a.lengths ?? b.lengths),
    distinct: a.distinct && b.distinct && joinDistinct(a.distinct, b.distinct),
    values: a.values && b.values && addValues(a.values, b.values),
  }
}

function addSums(a: Sums['x'], b: Sums['x']): Sums['x'] {
  return { scale: a.scale, sum: a.sum === null || b.sum === null ? null : String(BigInt(a.sum) + BigInt(b.sum)) }
}

function addSketches(a: Sketch, b: Sketch): Sketch {
  const add = (x: Sketch['positive'], y: Sketch['positive']) => writeBuckets(addCounts(readBuckets(x), readBuckets(y)))
  return { negative: add(a.negative, b.negative), positive: add(a.positive, b.positive) }
}

function joinLengths(a: Lengths, b: Lengths): Lengths {
  return { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max), sum: a.sum + b.sum }
}

function joinDistinct(a: Distinct, b: Distinct): Distinct {
  const other = readRegisters(b.hll)
  return {
    hll: writeRegisters(readRegisters(a.hll).map((register, index) => Math.max(register, other[index]!))),
    kmv: writeHashes(leastOf([...readHashes(a.kmv), ...readHashes(b.kmv)])),
  }
}

function addValues(a: Values, b: Values): ColumnSummary['values'] {
  const countsOf = (values: Values) => new Map(values.map(({ value, count }) => [value, count]))
  return firstValues([...addCounts(countsOf(a), countsOf(b))].map(([value, count]) => ({ value, count })))
}

function addCounts<K>(a: ReadonlyMap<K, number>, b: ReadonlyMap<K, number>): Map<K, number> {
  const sum = new Map(a)
  for (const [key, count] of b) sum.set(key, (sum.get(key) ?? 0) + count)
  return sum
}
