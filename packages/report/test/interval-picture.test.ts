import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawInterval } from '../src/index.ts'

const number = fc.double({ min: -10, max: 10, noNaN: true })
const interval = fc.tuple(number, number, number).map((three) => {
  const [low, value, high] = three.sort((a, b) => a - b)
  return { low: low!, value: value!, high: high! }
})
/** What may be lost; negative: what must be gained. */
const margin = fc
  .tuple(fc.double({ min: 1e-6, max: 5, noNaN: true }), fc.constantFrom(1, -1))
  .map(([size, sign]) => size * sign)
const better = fc.constantFrom('higher' as const, 'lower' as const)
const at = (picture: string, mark: string) => [...picture].indexOf(mark)

describe('the picture of an interval', () => {
  it('is that of the examples', () => {
    const auc = { low: -0.015, value: -0.013, high: -0.011, margin: 0.005, better: 'higher' as const }
    const brier = { low: 0.0004, value: 0.0007, high: 0.001, margin: 0.002, better: 'lower' as const }
    expect(drawInterval(auc)).toBe('·├●┤·┊·····')
    expect(drawInterval(brier)).toBe('·····┊├●┤··')
    expect(drawInterval({ ...auc, low: -0.009, value: -0.003, high: 0.003 })).toBe('···├─┊●─┤··')
    expect(drawInterval({ ...auc, margin: null })).toBe('├●┤··│·····')
    expect(drawInterval({ ...auc, value: null })).toBe('·····?·····')
  })

  it('is eleven characters wide, with its marks in order and the margin in the middle', () => {
    fc.assert(
      fc.property(interval, fc.option(margin), better, (ends, margin, better) => {
        const picture = drawInterval({ ...ends, margin, better })
        expect([...picture]).toHaveLength(11)
        expect(at(picture, margin === null ? '│' : '┊')).toBe(5)
        expect(at(picture, '├')).toBeGreaterThanOrEqual(0)
        expect(at(picture, '├')).toBeLessThan(at(picture, '●'))
        expect(at(picture, '●')).toBeLessThan(at(picture, '┤'))
      }),
    )
  })

  it('lies on the side of the margin that the verdict names', () => {
    fc.assert(
      fc.property(interval, margin, better, (ends, margin, better) => {
        const picture = drawInterval({ ...ends, margin, better })
        const [low, high] = better === 'higher' ? [ends.low, ends.high] : [-ends.high, -ends.low]
        const side = low >= -margin ? 'pass' : high < -margin ? 'fail' : 'across'
        const drawn = at(picture, '├') > 5 ? 'pass' : at(picture, '┤') < 5 ? 'fail' : 'across'
        expect(drawn).toBe(side)
      }),
    )
  })

  it('is of one scale where the cell is given: a longer interval is never drawn shorter', () => {
    const picture = (half: number) =>
      drawInterval({ low: -half, value: 0, high: half, margin: null, better: 'higher', cell: 0.5 })
    const width = (text: string) => at(text, '┤') - at(text, '├')
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 4, noNaN: true }),
        (half, more) => {
          expect(width(picture(half + more))).toBeGreaterThanOrEqual(width(picture(half)))
        },
      ),
    )
  })

  it('never moves left when the interval moves right', () => {
    fc.assert(
      fc.property(interval, fc.option(margin), fc.double({ min: 0, max: 20, noNaN: true }), (ends, margin, shift) => {
        const before = drawInterval({ ...ends, margin, better: 'higher' })
        const moved = { low: ends.low + shift, value: ends.value + shift, high: ends.high + shift }
        const after = drawInterval({ ...moved, margin, better: 'higher' })
        for (const mark of '├●┤') expect(at(after, mark)).toBeGreaterThanOrEqual(at(before, mark))
      }),
    )
  })

  it('is mirrored where lower is better', () => {
    fc.assert(
      fc.property(interval, margin, ({ low, value, high }, margin) => {
        const one = drawInterval({ low, value, high, margin, better: 'higher' })
        expect(drawInterval({ low: -high, value: -value, high: -low, margin, better: 'lower' })).toBe(one)
      }),
    )
  })
})
