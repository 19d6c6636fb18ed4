import type { PredictionMetric } from '@modelyard/spec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareMetrics } from '../src/comparison/compare.ts'
import { BINARY, binary, golden, grouped, options, regression, simulated, uniform } from './samples.ts'

const { y, score_a, score_b } = golden.data
const one = (sample: Parameters<typeof compareMetrics>[0], name: PredictionMetric) =>
  compareMetrics(sample, [name], options)[0]!

describe('a paired comparison', () => {
  it('compares AUCs by DeLong, each with an interval on the logit scale', () => {
    const { candidate, champion, difference } = one(binary(y, score_b, score_a), 'roc_auc')
    const expected = golden.delong
    expect(difference!.method).toBe('delong')
    expect(difference!.value).toBeCloseTo(expected.diff_b_minus_a, 12)
    // DeLong's own interval is symmetrical, and on 60 rows too narrow for what speaks for the candidate.
    expect(difference!.low).toBeLessThan(expected.ci_diff[0])
    expect(difference!.low).toBeCloseTo(expected.ci_diff[0], 1)
    expect(difference!.high).toBeCloseTo(expected.ci_diff[1], 2)
    expect(champion!.low).toBeCloseTo(expected.ci_a_logit[0], 12)
    expect(champion!.high).toBeCloseTo(expected.ci_a_logit[1], 12)
    expect(candidate.value).toBeCloseTo(expected.auc_b, 12)
  })

  it('gives a balanced accuracy an interval also where next to no row is wrong, wide as its classes are small', () => {
    const labels = Array.from({ length: 36 }, (_, row) => row % 2)
    for (const wrong of [0, 1]) {
      const { value, low, high } = one(
        binary(
          labels,
          labels.map((label, row) => (row < wrong ? 1 - label : label)),
        ),
        'balanced_accuracy',
      ).candidate
      expect(value).toBe(1 - wrong / 36)
      expect(high).toBeGreaterThan(0.99)
      // Of 18 rows without an error, (α/4)^(1/18) at the least.
      expect(low).toBeCloseTo(wrong === 0 ? (0.05 / 4) ** (1 / 18) : 0.739, 3)
    }
  })

  it('compares accuracies by Tango, each with an interval of Wilson', () => {
    const rows = 161
    const right = (from: number, to: number) =>
      Array.from({ length: rows }, (_, row) => (row >= from && row < to ? 0.9 : 0.1))
    // 16 rows that only the candidate gets right, 6 that only the champion does.
    const { candidate, difference } = one(
      binary(Array(rows).fill(1), right(6, 100), right(0, 84).with(0, 0.9)),
      'accuracy',
    )
    expect(difference).toMatchObject({ method: 'tango', value: 10 / 161 })
    expect(difference!.low).toBeCloseTo(golden.paired_prop.tango_score[0], 9)
    expect(difference!.high).toBeCloseTo(golden.paired_prop.tango_score[1], 9)
    expect(candidate.value).toBe(94 / 161)
  })

  it('compares means in closed form, everything else by a paired bootstrap, all of it by groups where there are groups', () => {
    const sample = simulated(400, 1)
    const methods = (of: typeof sample) =>
      compareMetrics(of, BINARY, options).map(({ difference }) => difference!.method)
    expect(methods(sample)).toEqual([
      'delong',
      'paired-bootstrap',
      'abc',
      'abc',
      'tango',
      'paired-bootstrap',
      'paired-bootstrap',
      'tango',
      'paired-bootstrap',
      'paired-bootstrap',
    ])
    expect(new Set(methods(grouped(sample, 20)))).toEqual(
      new Set(['cluster-delong', 'cluster-abc', 'cluster-bootstrap']),
    )
  })

  it('turns around when the arms are swapped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.boolean(), (seed, inGroups) => {
        const plain = simulated(120, seed)
        const sample = inGroups ? grouped(plain, 12) : plain
        const forth = compareMetrics(sample, BINARY, { ...options, replicates: 50 })
        const back = compareMetrics({ ...sample, candidate: sample.champion!, champion: sample.candidate }, BINARY, {
          ...options,
          replicates: 50,
        })
        for (const [index, { difference, candidate }] of forth.entries()) {
          expect(difference!.low!).toBeCloseTo(-back[index]!.difference!.high!, 9)
          expect(difference!.high!).toBeCloseTo(-back[index]!.difference!.low!, 9)
          expect(candidate).toEqual(back[index]!.champion)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('gives the same numbers for the same seed, whatever other metrics are asked', () => {
    const sample = simulated(200, 3)
    const alone = one(sample, 'f1')
    const among = compareMetrics(sample, BINARY, options).find(({ name }) => name === 'f1')!
    expect(JSON.stringify(among)).toBe(JSON.stringify(alone))
    expect(JSON.stringify(compareMetrics(sample, ['f1'], { ...options, seed: 8 })[0])).not.toBe(JSON.stringify(alone))
  })

  it('reaches further where the losses are: a few great ones are not averaged away', () => {
    const rows = 2000
    const sample = regression(
      Array<number>(rows).fill(0),
      Array.from({ length: rows }, (_, row) => (row < 20 ? 5 + (row % 5) : 0)),
      Array<number>(rows).fill(0),
    )
    const { value, low, high } = one(sample, 'mae').difference!
    expect(high! - value!).toBeGreaterThan(1.3 * (value! - low!))
  })

  it('is wider where rows of a group are alike, and about as wide where they are not', () => {
    const next = uniform(5)
    const groups = 40
    const labels = Array.from({ length: 2000 }, () => next() * 10)
    const shift = Array.from({ length: groups }, () => next() - 0.5)
    const width = (errors: (row: number) => number, inGroups: boolean) => {
      const plain = regression(
        labels,
        labels.map((label, row) => label + errors(row)),
        labels.map((label) => label + next() - 0.5),
      )
      const { difference } = one(inGroups ? grouped(plain, groups) : plain, 'mae')
      return difference!.high! - difference!.low!
    }
    const alike = (row: number) => 3 * shift[row % groups]!
    expect(width(alike, true)).toBeGreaterThan(3 * width(alike, false))
    const unlike = () => next() - 0.5
    expect(width(unlike, true) / width(unlike, false)).toBeGreaterThan(0.6)
    expect(width(unlike, true) / width(unlike, false)).toBeLessThan(1.6)
  })
})

describe('too little data is no interval', () => {
  it('with few groups, rows, or rows of a class', () => {
    const sample = simulated(200, 1)
    expect(one(grouped(sample, 9), 'accuracy').difference).toMatchObject({
      low: null,
      high: null,
      reason: 'There are only 9 groups of rows; an interval needs 10.',
    })
    expect(one(simulated(29, 1), 'log_loss').candidate).toMatchObject({
      low: null,
      reason: 'There are only 29 rows; an interval needs 30.',
    })
    const rare = binary(
      sample.labels.map((label, row) => (row < 10 ? label : 0)),
      sample.candidate,
      sample.champion!,
    )
    expect(one(rare, 'roc_auc').difference!.reason).toMatch(
      /^Only \d rows are positive; an interval needs 10 of each class\.$/,
    )
  })

  it('where a metric is not defined in some resamples', () => {
    const sample = binary(
      Array.from({ length: 60 }, (_, row) => row % 2),
      Array.from({ length: 60 }, (_, row) => (row < 2 ? 0.9 : 0.1)),
      Array.from({ length: 60 }, (_, row) => row / 60),
    )
    const { difference } = one(sample, 'precision')
    expect(difference!.value).not.toBeNull()
    expect(difference!.low).toBeNull()
    expect(difference!.reason).toMatch(/^It is not defined in \d+ of 300 resamples: there are too few rows/)
  })

  it('where all resamples agree although the models do not', () => {
    const labels = Array.from({ length: 60 }, (_, row) => row % 2)
    const sure = labels.map((label) => 0.1 + 0.8 * label)
    const { candidate, difference } = one(
      binary(
        labels,
        sure,
        sure.map((p) => (p + 0.5) / 2),
      ),
      'f1',
    )
    expect(candidate).toMatchObject({ value: 1, low: null })
    expect(difference).toMatchObject({ value: 0, low: null })
  })

  it('but models that say the same of every row differ by nothing', () => {
    const sample = simulated(100, 1)
    for (const { difference } of compareMetrics(
      { ...sample, champion: sample.candidate },
      ['log_loss', 'f1', 'roc_auc'],
      options,
    )) {
      expect(difference).toMatchObject({ value: 0, low: 0, high: 0 })
    }
  })

  it('and models that order all rows alike have the same AUC, whatever their scores', () => {
    const sample = simulated(100, 1)
    const turned = { ...sample, champion: sample.candidate.map((score) => score ** 3) }
    expect(one(turned, 'roc_auc').difference).toMatchObject({ value: 0, low: 0, high: 0 })
  })

  it('where the models differ on few rows of a class, of which no AUC can be sure', () => {
    const sample = simulated(400, 1)
    const nearly = sample.candidate.map((score, row) => (row < 30 ? sample.champion![row]! : score))
    expect(one({ ...sample, champion: nearly }, 'roc_auc').difference).toMatchObject({
      low: null,
      high: null,
      reason: expect.stringMatching(
        /^The models differ on only \d+ (positive|negative) rows; an interval needs 20 of each/,
      ),
    })
  })

  it('where one row makes the difference', () => {
    const sample = simulated(400, 1)
    const { difference } = one(
      { ...sample, champion: sample.candidate.with(0, 1 - sample.candidate[0]!) },
      'brier_score',
    )
    expect(difference!.value).not.toBe(0)
    expect(difference).toMatchObject({ low: null, reason: 'Too few rows make the difference for an interval.' })
  })

  it('and perfect order on few rows is not certainty', () => {
    const labels = Array.from({ length: 40 }, (_, row) => +(row >= 20))
    const scores = labels.map((_, row) => row / 40)
    const { candidate, difference } = one(
      binary(
        labels,
        scores,
        scores.map((score) => score ** 2),
      ),
      'roc_auc',
    )
    expect(candidate).toMatchObject({ value: 1, high: 1 })
    expect(candidate.low).toBeLessThan(0.9)
    expect(difference!.low).toBeLessThan(-0.1)
  })
})
