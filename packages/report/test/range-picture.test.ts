import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisOf, drawRange } from '../src/pictures/range-picture.ts'
import { drawRoc } from '../src/pictures/roc-picture.ts'

const number = fc.double({ min: -10, max: 10, noNaN: true })
const range = fc.tuple(number, number, number).map((three) => {
  const [low, value, high] = three.sort((a, b) => a - b)
  return { low: low!, value: value!, high: high! }
})
const at = (picture: string, mark: string) => [...picture].indexOf(mark)

describe('the picture of a range', () => {
  it('has an axis of as many numbers as there are', () => {
    expect(
      axisOf(
        Array.from({ length: 300_000 }, (_, index) => index),
        11,
      ),
    ).toEqual({ from: 0, to: 299_999, width: 11 })
  })

  it('is that of the examples, and says where nothing is known', () => {
    const axis = { from: 0, to: 1, width: 11 }
    expect(drawRange({ low: 0.2, value: 0.4, high: 0.9 }, axis)).toBe('··├─●────┤·')
    expect(drawRange({ low: null, value: 1, high: null }, axis)).toBe('··········●')
    expect(drawRange({ low: null, value: null, high: null }, axis)).toBe('·····?·····')
    expect(axisOf([null], 11)).toEqual({ from: 0, to: 1, width: 11 })
    expect(drawRange({ low: 3, value: 3, high: 3 }, axisOf([3, 3], 11))).toBe('·····●·····')
  })

  it('keeps the order of values on a shared axis', () => {
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 8 }), (ranges) => {
        const axis = axisOf(
          ranges.flatMap(({ low, value, high }) => [low, value, high]),
          21,
        )
        const drawn = ranges.toSorted((a, b) => a.value - b.value).map((each) => drawRange(each, axis))
        const places = drawn.map((picture) => at(picture, '●'))
        expect(drawn.every((picture) => [...picture].length === 21)).toBe(true)
        expect(places).toEqual(places.toSorted((a, b) => a - b))
      }),
    )
  })
})

describe('the picture of ROC curves', () => {
  const curve = (rates: number[]) =>
    rates.map((rate, index) => ({ false_positive_rate: index / (rates.length - 1), true_positive_rate: rate }))

  it('draws the diagonal for a guess, and the roof for a perfect model', () => {
    const guess = drawRoc(curve([0, 1]), undefined).split('\n')
    expect(guess[0]).toBe(`100 % │${' '.repeat(39)}●●`)
    const perfect = [
      { false_positive_rate: 0, true_positive_rate: 0 },
      { false_positive_rate: 0, true_positive_rate: 1 },
      { false_positive_rate: 1, true_positive_rate: 1 },
    ]
    expect(drawRoc(perfect, curve([0, 1])).split('\n')[0]).toBe(`100 % │${'●'.repeat(41)}`)
  })

  it('shows the champion only where it is elsewhere', () => {
    expect(drawRoc(curve([0, 1]), curve([0, 1]))).not.toContain('○')
    expect(drawRoc(curve([0, 0.5, 1]), curve([0, 0.9, 1]))).toContain('○')
  })
})
