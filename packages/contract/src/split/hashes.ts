import { type Dataset, quoteIdentifier } from '@modelyard/data'
import { inCommon } from '../checks/in-common.ts'
import { columnIn } from './finding.ts'

/** A double holds so many bits of a hash; DuckDB's has 64. */
const BITS = 53

/** DuckDB's hash of values as a whole number that a double holds. Equal values of equal types have equal ones. */
export function hashOf(expressions: readonly string[]): string {
  return `(hash(${expressions.join(', ')}) >> ${64 - BITS})`
}

/** A condition that one row in `every` meets: equal values always together, on any machine. */
export function oneIn(every: number, expressions: readonly string[]): string {
  return every <= 1 ? 'true' : `hash(${expressions.join(', ')}) % ${every} = 0`
}

/** A column of both datasets as SQL that is equal where its values are; as text where the types cannot be compared. */
export function inBoth(name: string, one: Dataset, other: Dataset): string {
  return inCommon(columnIn(one, name)!, columnIn(other, name)!) ?? `${quoteIdentifier(name)}::VARCHAR`
}

/** How often each of some hashes occurs, and whether another dataset has it, too. */
export interface HashTable {
  add(hash: number): void
  mark(hash: number): void
  isMarked(hash: number): boolean
  /** The hashes that were marked. */
  marked(): number[]
  /** How many were added of those that were marked. */
  countMarked(): number
}

/** A table with room for `size` different hashes: 13 to 26 bytes each. */
export function hashTable(size: number): HashTable {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, size * 1.5)))
  const hashes = new Float64Array(slots).fill(Number.NaN)
  const counts = new Uint32Array(slots)
  const marks = new Uint8Array(slots)
  // From a hash's high bits on, the first slot that holds it or nothing.
  const slotOf = (hash: number) => {
    let slot = ((hash / 2 ** (BITS - 32)) >>> 0) & (slots - 1)
    while (hashes[slot] !== hash && counts[slot]! > 0) slot = (slot + 1) & (slots - 1)
    return slot
  }
  return {
    add(hash) {
      const slot = slotOf(hash)
      hashes[slot] = hash
      counts[slot]!++
    },
    mark(hash) {
      const slot = slotOf(hash)
      if (counts[slot]! > 0) marks[slot] = 1
    },
    isMarked(hash) {
      return marks[slotOf(hash)] === 1
    },
    marked() {
      const found: number[] = []
      for (let slot = 0; slot < slots; slot++) if (marks[slot] === 1) found.push(hashes[slot]!)
      return found
    },
    countMarked() {
      let count = 0
      for (let slot = 0; slot < slots; slot++) count += counts[slot]! * marks[slot]!
      return count
    },
  }
}
