import { delong } from '@modelyard/stats'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucOf, cut, explainedBy, ranksOf } from '../src/split/one-column.ts'

const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(Number.NaN, -Infinity, Infinity, 1e308, -0))
const row = fc.record({ value: number, positive: fc.boolean(), first: fc.boolean() })
const rows = fc.array(row, { minLength: 1, maxLength: 60 })

function arrays(all: Array<{ value: number; positive: boolean; first: boolean }>) {
  return {
    values: Float64Array.from(all, ({ value }) => value),
    isPositive: Uint8Array.from(all, ({ positive }) => Number(positive)),
    isFirst: Uint8Array.from(all, ({ first }) => Number(first)),
  }
}

describe('cut', () => {
  it('puts equal values into one cell, different ones of few into others, and no number with a number', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { values, isFirst } = arrays(all)
        const { of, count } = cut(values, isFirst, 'category')
        for (const [a, x] of values.entries()) {
          expect(of[a]).toBeLessThan(count)
          for (const [b, y] of values.entries()) {
            const learned = (value: number) => all.some((each) => each.first && each.value === value)
            const same = x === y || (Number.isNaN(x) && Number.isNaN(y))
            if (same) expect(of[a]).toBe(of[b])
            else if (learned(x) || learned(y)) expect(of[a]).not.toBe(of[b])
          }
        }
      }),
    )
  })

  it('keeps the order of numbers, in cells of about as many rows', () => {
    const values = Float64Array.from({ length: 5000 }, (_, index) => ((index * 7919) % 5000) ** 3)
    const { of, count } = cut(values, new Uint8Array(5000).fill(1), 'number')
    const sizes = new Array<number>(count).fill(0)
    for (const cell of of) sizes[cell]!++
    expect(sizes).toEqual([...new Array<number>(50).fill(100), 0])
    const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!)
    for (const [at, index] of order.entries()) expect(of[index]).toBeGreaterThanOrEqual(of[order[at - 1] ?? index]!)
  })
})

describe('aucOf', () => {
  it('is the AUC of the shares of the first half as scores of the second', () => {
    fc.assert(
      fc.property(rows, (all) => {
        const { values, isPositive, isFirst } = arrays(all)
        const auc = aucOf(cut(values, isFirst, 'category'), isPositive, isFirst, 2)
        const learned = all.filter(({ first }) => first)
        const judged = all.filter(({ first }) => !first)
        const positives = judged.filter(({ positive }) => positive).length
        if (positives < 2 || judged.length - positives < 2 || learned.length === 0) {
          expect(auc).toBeNaN()
          return
        }
        const share = learned.filter(({ positive }) => positive).length / learned.length
        const scoreOf = (value: number) => {
          const same = learned.filter(
            (each) => each.value === value || (Number.isNaN(value) && Number.isNaN(each.value)),
          )
          return (same.filter(({ positive }) => positive).length + share) / (same.length + 1)
        }
        const scores = Float64Array.from(judged, ({ value }) => scoreOf(value))
        const labels = judged.map(({ positive }) => Number(positive))
        expect(auc).toBeCloseTo(delong(labels, [scores]).auc[0]!, 12)
      }),
    )
  })
})

describe('explainedBy', () => {
  it('is 1 where a cell tells all, near 1 for any rising function, and about 0 for noise', () => {
    const isFirst = Uint8Array.from({ length: 10_000 }, (_, index) => index % 2)
    const label = Float64Array.from({ length: 10_000 }, (_, index) => Math.exp(((index * 7919) % 10_000) / 500))
    const noise = Float64Array.from({ length: 10_000 }, (_, index) => (index * 104_729) % 9973)
    const explained = (values: Float64Array) => explainedBy(cut(values, isFirst, 'number'), ranksOf(label), isFirst)
    expect(explained(label)).toBeGreaterThan(0.999)
    expect(explained(label.map((value) => -1 / value))).toBeGreaterThan(0.999)
    expect(explained(noise)).toBeLessThan(0.02)
    expect(
      explainedBy({ of: new Int32Array(4), count: 1 }, new Float64Array(4), Uint8Array.from([0, 1, 0, 1])),
    ).toBeNaN()
  })
})

describe('ranksOf', () => {
  it('gives equal numbers the middle of their places', () => {
    expect([...ranksOf(Float64Array.from([3, 1, 3, 2, 3]))]).toEqual([3, 0, 3, 1, 3])
  })
})
