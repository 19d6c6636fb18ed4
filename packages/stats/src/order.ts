const BITS = 11
const BUCKETS = 2 ** BITS
const LOWEST = BUCKETS - 1

const MARK = 0x80000000
const INDEX = 0x7fffffff

/** Rows in ascending order of a score. */
export interface Ranking {
  /** The index of each row; with the row's mark, 0 or 1, in the highest bit. */
  order: Uint32Array
  /** By place: 1 where the score is that of the place before. */
  tied: Uint8Array
}

/** The indices of `values` in ascending order of the values; equal values in the order of their indices. No NaN. */
export function ascendingOrder(values: Float64Array): Uint32Array {
  return rank(values, null).order
}

/**
 * Ranks at most 2^31 values. Who walks over them in this order reads neither values nor marks all over memory, which
 * takes longer than sorting. A radix sort by 32 bits of each double, then by comparison among those that agree in them.
 */
export function rank(values: Float64Array, marks: Uint8Array | null): Ranking {
  const indices = new Uint32Array(values.length)
  for (let i = 0; i < indices.length; i++) indices[i] = marks ? i | (marks[i]! << 31) : i
  const { keys, order } = sortByKey(keysOf(values), indices)
  const tied = new Uint8Array(order.length)
  const ascending = (i: number, j: number) => values[i & INDEX]! - values[j & INDEX]! || (i & INDEX) - (j & INDEX)
  for (let from = 0, to = 0; from < order.length; from = to) {
    to = from + 1
    if (to === order.length || keys[to] !== keys[from]) continue
    let sorted = true
    let before = values[order[from]! & INDEX]!
    for (; to < order.length && keys[to] === keys[from]; to++) {
      const value = values[order[to]! & INDEX]!
      tied[to] = +(value === before)
      sorted &&= before <= value
      before = value
    }
    if (sorted) continue
    order.subarray(from, to).sort(ascending)
    for (let at = from + 1; at < to; at++) tied[at] = +(values[order[at]! & INDEX] === values[order[at - 1]! & INDEX])
  }
  return { order, tied }
}

/** The index in an entry of a ranking's order. */
export function indexOf(entry: number): number {
  return entry & INDEX
}

/**
 * 32 bits of each double, from the first that any two of them differ in on, such that they are ordered as the doubles
 * are: probabilities share most bits of their exponents, and those would be wasted.
 */
function keysOf(values: Float64Array): Uint32Array {
  // All platforms that Node runs on have the upper half second.
  const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)
  const keys = new Uint32Array(values.length)
  let [least, greatest] = [0xffffffff, 0]
  for (let i = 0; i < keys.length; i++) {
    const word = words[2 * i + 1]!
    const upper = (values[i]! < 0 ? ~word : word | MARK) >>> 0
    keys[i] = upper
    if (upper < least) least = upper
    if (upper > greatest) greatest = upper
  }
  const spare = Math.clz32(greatest - least)
  for (let i = 0; spare > 0 && i < keys.length; i++) {
    const lower = values[i]! < 0 ? ~words[2 * i]! : words[2 * i]!
    keys[i] = ((keys[i]! - least) << spare) | (lower >>> (32 - spare))
  }
  return keys
}

interface Keyed {
  keys: Uint32Array
  order: Uint32Array
}

/** Least significant digits first, each pass stable; the keys move with their indices, so that memory is read in order. */
function sortByKey(keys: Uint32Array, order: Uint32Array): Keyed {
  let from: Keyed = { keys, order }
  let to: Keyed = { keys: new Uint32Array(keys.length), order: new Uint32Array(keys.length) }
  for (const [pass, starts] of startsOf(keys).entries()) {
    distribute(from, to, pass * BITS, starts)
    ;[from, to] = [to, from]
  }
  return from
}

/** Where each bucket starts, for each digit: whichever order the keys are in, so that one look at them does for all. */
function startsOf(keys: Uint32Array): Uint32Array[] {
  const [low, middle, high] = [new Uint32Array(BUCKETS), new Uint32Array(BUCKETS), new Uint32Array(BUCKETS)]
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    low[key & LOWEST]!++
    middle[(key >>> BITS) & LOWEST]!++
    high[key >>> (2 * BITS)]!++
  }
  for (const counts of [low, middle, high]) {
    let before = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const count = counts[bucket]!
      counts[bucket] = before
      before += count
    }
  }
  return [low, middle, high]
}

function distribute({ keys, order }: Keyed, to: Keyed, shift: number, starts: Uint32Array): void {
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!
    const place = starts[(key >>> shift) & LOWEST]!++
    to.keys[place] = key
    to.order[place] = order[i]!
  }
}
