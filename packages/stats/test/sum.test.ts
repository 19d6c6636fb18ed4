import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sum } from '../src/index.ts'

it('a sum keeps what rounding would lose', () => {
  expect(sum(Float64Array.of(1, 1e100, 1, -1e100))).toBe(2)
  expect(sum([])).toBe(0)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 })), (counts) => {
      expect(sum(counts)).toBe(counts.reduce((total, count) => total + count, 0))
    }),
  )
})
