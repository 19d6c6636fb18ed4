import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hypergeometricPmf, hypergeometricTail } from '../src/index.ts'

describe('hypergeometricTail', () => {
  it('is the sum of the chances from a number on, above the mean', () => {
    const urns = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.nat(300), fc.nat(300), fc.nat(300))
    fc.assert(
      fc.property(urns, ([balls, a, b, k]) => {
        const urn = { balls, red: a % (balls + 1), drawn: b % (balls + 1) }
        const tail = hypergeometricTail(k, urn)
        const isBelow = k * balls <= urn.red * urn.drawn
        let sum = 0
        for (let each = k; each <= balls; each++) sum += hypergeometricPmf(each, urn)
        expect(tail).toBeCloseTo(isBelow ? 1 : sum, 10)
      }),
    )
  })

  it("is Fisher's exact test", () => {
    // scipy.stats.hypergeom.sf(2, 1200, 3, 200)
    expect(hypergeometricTail(3, { balls: 1200, red: 3, drawn: 200 })).toBeCloseTo(
      (200 * 199 * 198) / (1200 * 1199 * 1198),
      12,
    )
    expect(hypergeometricTail(7, { balls: 100, red: 5, drawn: 50 })).toBe(0)
  })
})
