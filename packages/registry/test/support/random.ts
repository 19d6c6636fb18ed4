/** Random numbers that are the same for the same seed. */
export interface Random {
  /** A whole number from 0 to below `count`. */
  below(count: number): number
  chance(probability: number): boolean
  /** One of a list; undefined of an empty one. */
  pick<T>(list: readonly T[]): T
}

/** Mulberry32: small, and good enough to shuffle events. */
export function randomFrom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return { below, chance: (probability) => next() < probability, pick: (list) => list[below(list.length)]! }
}
