import type { Predictions } from '@modelyard/inference'
import { describe, expect, it } from 'vitest'
import { align } from '../src/sample/predictions.ts'

const binary = (classes?: string[]): Predictions => ({
  rows: 2,
  probabilities: Float64Array.of(0.2, 0.9),
  ...(classes && { classes }),
})
const common = { task: 'binary-classification', columns: ['late'] } as const

describe('labels and predictions', () => {
  it('meet by the names of the classes: numbers, booleans and text', () => {
    for (const [labels, classes] of [
      [Float64Array.of(0, 1), ['0', '1']],
      [Float64Array.of(0, 1), ['False', 'True']],
      [
        ['no', 'yes'],
        ['no', 'yes'],
      ],
      [Float64Array.of(0, 1), undefined],
    ] as const) {
      const sample = align({
        ...common,
        labels: [labels as Float64Array],
        candidate: binary(classes && [...classes]),
        champion: null,
      })
      expect([...sample.labels]).toEqual([0, 1])
    }
  })

  it('keep a missing label missing', () => {
    const { labels } = align({ ...common, labels: [['yes', null]], candidate: binary(['no', 'yes']), champion: null })
    expect([...labels]).toEqual([1, Number.NaN])
    const numbers = align({ ...common, labels: [Float64Array.of(Number.NaN, 0)], candidate: binary(), champion: null })
    expect([...numbers.labels]).toEqual([Number.NaN, 0])
  })

  it('turn a champion around that has its classes in the other order', () => {
    const { champion } = align({
      ...common,
      labels: [['no', 'yes']],
      candidate: binary(['no', 'yes']),
      champion: binary(['yes', 'no']),
    })
    expect(champion![0]).toBeCloseTo(0.8, 12)
    expect(champion![1]).toBeCloseTo(0.1, 12)
  })

  it('say that the model names no classes where the labels are words', () => {
    expect(() => align({ ...common, labels: [['yes', 'no']], candidate: binary(['0', '1']), champion: null })).toThrow(
      /tells 0 from 1, which is what classes are called that a model does not name\. Write their names into its metadata as classes, .* as in \["no","yes"\]/,
    )
  })

  it('refuse what cannot be compared, in a sentence', () => {
    expect(() =>
      align({ ...common, labels: [['no', 'maybe']], candidate: binary(['no', 'yes']), champion: null }),
    ).toThrow('The label column late holds "maybe", and the candidate tells no from yes. Check data.label,')
    const three = { rows: 1, classes: ['a', 'b', 'c'], classProbabilities: Float64Array.of(0.1, 0.2, 0.7) }
    expect(() =>
      align({
        task: 'multiclass-classification',
        columns: ['kind'],
        labels: [['d']],
        candidate: three,
        champion: null,
      }),
    ).toThrow('The label column kind holds "d", and the candidate tells a from b from c.')
    expect(() =>
      align({ ...common, labels: [['no']], candidate: binary(['no', 'yes']), champion: binary(['a', 'b']) }),
    ).toThrow('The champion tells a from b, the candidate no from yes')
    expect(() =>
      align({
        task: 'regression',
        columns: ['price'],
        labels: [['x']],
        candidate: { rows: 1, values: Float64Array.of(1) },
        champion: null,
      }),
    ).toThrow('The label column price holds text')
  })

  it('give a class that one of the models does not know a probability of zero', () => {
    const sample = align({
      task: 'multiclass-classification',
      columns: ['kind'],
      labels: [['c', 'a']],
      candidate: {
        rows: 2,
        classes: ['a', 'b', 'c'],
        classProbabilities: Float64Array.of(0.1, 0.2, 0.7, 0.5, 0.3, 0.2),
      },
      champion: { rows: 2, classes: ['b', 'a'], classProbabilities: Float64Array.of(0.4, 0.6, 0.3, 0.7) },
    })
    expect(sample.classes).toEqual(['a', 'b', 'c'])
    expect([...sample.labels]).toEqual([2, 0])
    expect([...sample.champion!]).toEqual([0.6, 0.4, 0, 0.7, 0.3, 0])
  })
})
