import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aucInterval, clopperPearsonInterval, delong, normalCdf } from '../src/index.ts'
import { golden } from './golden.ts'

const { y, score_a, score_b } = golden.data
const a = Float64Array.from(score_a)
const b = Float64Array.from(score_b)

/** Scores with ties, and at least two rows of each class. */
const sample = fc
  .array(fc.tuple(fc.boolean(), fc.nat(9), fc.nat(9)), { minLength: 4, maxLength: 60 })
  .filter((rows) => rows.filter(([late]) => late).length >= 2 && rows.filter(([late]) => !late).length >= 2)
  .map((rows) => ({
    labels: rows.map(([late]) => Number(late)),
    a: Float64Array.from(rows, (row) => row[1] / 10),
    b: Float64Array.from(rows, (row) => row[2] / 10),
  }))

describe('DeLong', () => {
  it('agrees with the golden areas, covariance and test', () => {
    const expected = golden.delong
    const { auc, covariance } = delong(y, [a, b])
    expect(auc[0]).toBeCloseTo(expected.auc_a, 14)
    expect(auc[1]).toBeCloseTo(expected.auc_b, 14)
    for (const i of [0, 1]) for (const j of [0, 1]) expect(covariance[i]![j]).toBeCloseTo(expected.cov[i][j], 15)
    const variance = covariance[0]![0]! + covariance[1]![1]! - 2 * covariance[0]![1]!
    expect(Math.sqrt(variance)).toBeCloseTo(expected.se_diff, 13)
    expect(2 * normalCdf((auc[1]! - auc[0]!) / Math.sqrt(variance))).toBeCloseTo(expected.p_two_sided, 13)
  })

  it('has the golden interval on the logit scale', () => {
    const { auc, covariance, positives, negatives } = delong(y, [a])
    const { low, high } = aucInterval({ auc: auc[0]!, variance: covariance[0]![0]!, positives, negatives }, 0.95)
    expect(low).toBeCloseTo(golden.delong.ci_a_logit[0], 12)
    expect(high).toBeCloseTo(golden.delong.ci_a_logit[1], 12)
  })

  it('counts the pairs in order, ties one half', () => {
    fc.assert(
      fc.property(sample, ({ labels, a }) => {
        let wins = 0
        let pairs = 0
        for (const [i, one] of labels.entries()) {
          for (const [j, other] of labels.entries()) {
            if (one !== 1 || other !== 0) continue
            pairs++
            wins += a[i]! > a[j]! ? 1 : a[i]! === a[j]! ? 0.5 : 0
          }
        }
        expect(delong(labels, [a]).auc[0]).toBeCloseTo(wins / pairs, 12)
      }),
    )
  })

  it('turns around with the scores, and has a symmetric covariance that is no less than nothing', () => {
    fc.assert(
      fc.property(sample, ({ labels, a, b }) => {
        const { auc, covariance } = delong(labels, [a, b])
        const turned = delong(labels, [a.map((score) => -score), b])
        expect(turned.auc[0]).toBeCloseTo(1 - auc[0]!, 12)
        expect(turned.covariance[0]![0]).toBeCloseTo(covariance[0]![0]!, 12)
        expect(turned.covariance[0]![1]).toBeCloseTo(-covariance[0]![1]!, 12)
        expect(covariance[0]![1]).toBeCloseTo(covariance[1]![0]!, 14)
        expect(covariance[0]![0]! + covariance[1]![1]! - 2 * covariance[0]![1]!).toBeGreaterThan(-1e-12)
      }),
    )
  })

  it('does not take perfect order on few rows for certainty', () => {
    const { auc, covariance, positives, negatives } = delong([0, 0, 0, 1, 1, 1], [Float64Array.of(1, 2, 3, 4, 5, 6)])
    const { low, high } = aucInterval({ auc: auc[0]!, variance: covariance[0]![0]!, positives, negatives }, 0.95)
    expect(high).toBe(1)
    expect(low).toBeCloseTo(0.025 ** (1 / 3), 12)
  })

  it('takes a perfect area for one that averaging rounded', () => {
    const exact = clopperPearsonInterval(20, 20, 0.95)
    const rounded = { variance: 0, positives: 20, negatives: 30 }
    expect(aucInterval({ ...rounded, auc: 1 - Number.EPSILON / 2 }, 0.95)).toEqual(exact)
    expect(aucInterval({ ...rounded, auc: Number.EPSILON }, 0.95)).toEqual(clopperPearsonInterval(0, 20, 0.95))
  })
})
