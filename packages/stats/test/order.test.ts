import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ascendingOrder } from '../src/index.ts'

describe('the order of values', () => {
  // Doubles of many magnitudes, ties, signed zeros, infinities, and ones that differ in their last bits only.
  const value = fc.oneof(
    fc.double({ noNaN: true }),
    fc.nat(3),
    fc.nat(1000).map((ulps) => 0.5 + ulps * Number.EPSILON),
    fc.constantFrom(0, -0, Infinity, -Infinity),
  )

  it('is that of a stable comparison', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), (values) => {
        const expected = [...values.keys()].sort((i, j) =>
          values[i]! === values[j]! ? i - j : values[i]! - values[j]! || i - j,
        )
        expect([...ascendingOrder(Float64Array.from(values))]).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })
})
