import { describe, expect, it } from 'vitest'
import { chiSquareContingency, drawHypergeometric, poolRare, randomSource, totalVariation } from '../src/index.ts'

describe('poolRare', () => {
  it('keeps the counts, and makes one of the cells that are expected fewer than five times', () => {
    // Of 110 rows 10 are after: a cell needs 55 of both together.
    expect(poolRare([60, 30, 10], [5, 5, 0])).toEqual({ before: [40, 60], after: [5, 5] })
    expect(poolRare([], [])).toEqual({ before: [0], after: [0] })
  })
})

describe('totalVariation', () => {
  it('is the share that would have to be in other cells, where there are many rows', () => {
    expect(totalVariation({ before: [500_000, 500_000], after: [200_000, 800_000] })).toBeCloseTo(0.3, 5)
    expect(totalVariation({ before: [1000, 0], after: [0, 1000] })).toBeCloseTo(1, 2)
    expect(totalVariation({ before: [0], after: [3] })).toBeNaN()
  })

  it('is small between samples of one population, however many cells there are', () => {
    const random = randomSource(1)
    let alarms = 0
    for (let run = 0; run < 200; run++) {
      const all = Array.from({ length: 300 }, (_, cell) => Math.ceil(4000 / (cell + 1)))
      let balls = all.reduce((sum, count) => sum + count, 0)
      let drawn = 200
      const after = all.map((red) => {
        const some = drawHypergeometric({ balls, red, drawn }, random)
        balls -= red
        drawn -= some
        return some
      })
      const cells = poolRare(
        all.map((count, cell) => count - after[cell]!),
        after,
      )
      if (totalVariation(cells) >= 0.1 && chiSquareContingency(cells.before, cells.after).p < 0.001) alarms++
    }
    expect(alarms).toBeLessThanOrEqual(2)
  })
})
