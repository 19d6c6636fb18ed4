/** A source of reproducible random numbers. */
export interface RandomSource {
  /** A whole number from 0 to `n` − 1. 1 ≤ `n` ≤ 2^32. */
  below(n: number): number
}

/**
 * xoshiro128** 1.1 of Blackman and Vigna, its 128 bits of state filled from two steps of SplitMix64 on the seed, the
 * low half of each first. `below(n)` is ⌊u·n / 2^32⌋ of the next 32-bit output u, uneven by less than
 * n / 2^32. The seed is any safe integer. Records name it, so this must give the same numbers for ever.
 */
export function randomSource(seed: number): RandomSource {
  const [first, second] = splitMix64(seed)
  let a = Number(BigInt.asIntN(32, first))
  let b = Number(BigInt.asIntN(32, first >> 32n))
  let c = Number(BigInt.asIntN(32, second))
  let d = Number(BigInt.asIntN(32, second >> 32n))
  return {
    below(n) {
      const scrambled = Math.imul(b, 5)
      const output = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
      const shifted = b << 9
      c ^= a
      d ^= b
      b ^= c
      a ^= d
      c ^= shifted
      d = (d << 11) | (d >>> 21)
      return Math.floor(((output >>> 0) * n) / 2 ** 32)
    },
  }
}

function splitMix64(seed: number): [bigint, bigint] {
  const step = (count: bigint) => {
    let z = BigInt.asUintN(64, BigInt(seed) + count * 0x9e3779b97f4a7c15n)
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n)
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn)
    return z ^ (z >> 31n)
  }
  return [step(1n), step(2n)]
}
