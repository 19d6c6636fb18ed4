import { readFileSync } from 'node:fs'
import { isPrediction, metricsFor, type PredictionMetric, type Task } from '@modelyard/spec'
import { describe, expect, it } from 'vitest'
import { measure } from '../src/metrics/measure.ts'
import type { Sample } from '../src/sample/sample.ts'

interface Golden {
  labels: number[] | number[][]
  predictions: number[] | number[][]
  metrics: Record<string, number>
}

/** What fixtures/metrics.py wrote. */
const golden = JSON.parse(readFileSync(new URL('fixtures/metrics.json', import.meta.url), 'utf8'))
const TASKS = ['binary-classification', 'multiclass-classification', 'multilabel-classification', 'regression'] as const

function sampleOf(task: Task, { labels, predictions }: Golden): Sample {
  const [first] = predictions
  return {
    task,
    classes: Array.isArray(first) ? first.map((_, index) => String(index)) : task === 'regression' ? [] : ['0', '1'],
    labels: Float64Array.from(labels.flat()),
    candidate: Float64Array.from(predictions.flat()),
    champion: null,
    groups: null,
  }
}

/** To 1e-12 of the value, or as near 0. */
function expectEqual(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)))
}

describe.each(TASKS)('%s', (task) => {
  const names = metricsFor(task).filter(isPrediction)

  it('has the values of scikit-learn, of every metric', () => {
    for (const one of golden[task] as Golden[]) {
      expect(Object.keys(one.metrics).sort()).toEqual(names.toSorted())
      const sample = sampleOf(task, one)
      for (const name of names) {
        const measured = measure(name, sample, sample.candidate, 'The candidate')
        if ('reason' in measured) throw new Error(`${name}: ${measured.reason}`)
        expectEqual(measured.value, one.metrics[name]!)
      }
    }
  })
})

it('orders classes by their numbers, and others by their names, for a kappa with weights', () => {
  const one = golden['multiclass-classification'][0] as Golden
  const sample = sampleOf('multiclass-classification', one)
  const renamed = (classes: string[]) => {
    const measured = measure('cohen_kappa_quadratic', { ...sample, classes }, sample.candidate, 'The candidate')
    return 'reason' in measured ? Number.NaN : measured.value
  }
  const value = one.metrics.cohen_kappa_quadratic!
  expectEqual(renamed(['5', '10', '15', '20', '25', '100']), value)
  expectEqual(renamed(['a', 'b', 'c', 'd', 'e', 'f']), value)
  expect(renamed(['a', 'b', 'c', 'd', 'f', 'e'])).not.toBeCloseTo(value, 3)
})

it('says nothing about a task that a metric is not for', () => {
  const sample = sampleOf('regression', golden.regression[0])
  expect(() => measure('roc_auc' as PredictionMetric, sample, sample.candidate, 'x')).toThrow(RangeError)
})
