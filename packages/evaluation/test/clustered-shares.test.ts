import { describe, expect, it } from 'vitest'
import { optionsOf } from '../simulation/cell.ts'
import { compareMetrics } from '../src/comparison/compare.ts'
import { decide } from '../src/index.ts'
import { numberGroups, type Sample } from '../src/sample/sample.ts'
import { binary, options, simulated, uniform } from './samples.ts'

/** 8,000 rows in 200 groups; the champion is right on nine of ten, more often in some groups if they are `alike`. */
function hardlyChanged(change: (row: number, right: boolean) => boolean, { alike = false } = {}): Sample {
  const next = uniform(3)
  const rows = 8000
  const of = Array.from({ length: rows }, (_, row) => row % 200)
  const rights = of.map((group) => next() < (alike ? (group % 2 === 0 ? 0.99 : 0.81) : 0.9))
  const labels = of.map(() => +(next() < 0.5))
  const score = (row: number, right: boolean) => (right === (labels[row] === 1) ? 0.9 : 0.1)
  return {
    ...binary(
      labels,
      // Another probability, so that the models are not the same.
      rights.map((right, row) => 0.01 + 0.9 * score(row, change(row, right) ? !right : right)),
      rights.map((right, row) => score(row, right)),
    ),
    groups: numberGroups(of),
  }
}

const accuracyOf = (sample: Sample) => compareMetrics(sample, ['accuracy'], options)[0]!.difference!

describe('a share of rows in groups of which next to none change', () => {
  it('passes a candidate that changes no row, or one, as it does without groups', () => {
    for (const changes of [0, 1]) {
      const sample = hardlyChanged((row) => row < changes)
      const difference = accuracyOf(sample)
      expect(difference).toMatchObject({ method: 'cluster-tango' })
      const plain = accuracyOf({ ...sample, groups: null })
      expect(difference.value).toBeCloseTo(plain.value!, 12)
      expect(difference.low! / plain.low!).toBeGreaterThan(0.99)
      expect(difference.low! / plain.low!).toBeLessThan(1.5)
      expect(decide(sample, optionsOf('accuracy')).gates[0]).toMatchObject({ verdict: 'pass' })
      const recall = compareMetrics(sample, ['recall'], options)[0]!.difference!
      expect(recall).toMatchObject({ method: 'cluster-tango' })
      expect(recall.high! - recall.low!).toBeGreaterThan(difference.high! - difference.low!)
    }
  })

  it('is less sure where right and wrong rows gather in groups', () => {
    const width = ({ low, high }: { low: number | null; high: number | null }) => high! - low!
    const unlike = accuracyOf(hardlyChanged(() => false))
    const alike = accuracyOf(hardlyChanged(() => false, { alike: true }))
    expect(width(alike)).toBeGreaterThan(1.5 * width(unlike))
  })

  it('and where the few changes themselves gather in one', () => {
    const scattered = accuracyOf(hardlyChanged((row, right) => right && row < 10))
    const gathered = hardlyChanged((row, right) => right && row % 200 === 0 && row < 2000)
    const { method, low } = accuracyOf(gathered)
    expect(method).toBe('cluster-tango')
    expect(low!).toBeLessThan(1.5 * scattered.low!)
  })

  it('has no interval with few groups, or few rows', () => {
    const sample = hardlyChanged(() => false)
    const few = { ...sample, groups: numberGroups(Array.from(sample.labels, (_, row) => row % 9)) }
    expect(accuracyOf(few)).toMatchObject({
      low: null,
      reason: 'There are only 9 groups of rows; an interval needs 10.',
    })
  })

  it('never counts a row as more than one, however evenly the errors are dealt to the groups', () => {
    const labels = Array.from({ length: 400 }, (_, row) => row % 2)
    const right = (row: number) => row % 10 !== 0
    const scores = labels.map((label, row) => (right(row) === (label === 1) ? 0.9 : 0.1))
    const sample = {
      ...binary(
        labels,
        scores.map((score) => 0.01 + 0.9 * score),
        scores,
      ),
      groups: numberGroups(labels.map((_, row) => Math.floor(row / 20))),
    }
    expect(accuracyOf(sample).low!).toBeLessThanOrEqual(accuracyOf({ ...sample, groups: null }).low!)
  })
})

describe('a metric of chosen classes', () => {
  it('says that no row changes its class, and what would tell', () => {
    const sample = simulated(200, 1)
    const moved = { ...sample, champion: sample.candidate.map((score) => 0.5 + (score - 0.5) / 2) }
    expect(compareMetrics(moved, ['f1'], options)[0]!.difference).toMatchObject({
      value: 0,
      low: null,
      reason:
        'Not one of 200 rows changes its class, so none shows how F1 would vary if one did. Ask max_regression of accuracy, which such rows decide, or let this warn with on_inconclusive: warn.',
    })
  })
})
