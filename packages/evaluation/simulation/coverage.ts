import type { PredictionMetric } from '@modelyard/spec'
import { decide, type Sample } from '../src/index.ts'
import { measure } from '../src/metrics/measure.ts'
import { type Cell, count, optionsOf, type Tally } from './cell.ts'
import { POPULATIONS } from './populations.ts'
import { type Draws, drawsOf } from './random.ts'

/** Rows of a hold-out that stands for the population: its own error is a thirtieth of theirs. */
const POPULATION_ROWS = 240_000
/** With fewer events, or rows that are none, no coverage is promised. */
const FEWEST_EVENTS = 20
const TRIALS = 1000

/** How often the intervals of a population's metrics cover their truth. */
export function coverageCells(): Cell[] {
  return POPULATIONS.map(({ name, rows, metrics, draw }, index): Cell => {
    const options = { ...optionsOf(metrics[0]!), gates: [], metrics }
    let truth: Array<{ candidate: number; difference: number }> | undefined
    const run = (draws: Draws, tally: Tally) => {
      truth ??= truthOf(draw(POPULATION_ROWS, drawsOf(1, index, 0)), metrics)
      const sample = draw(rows, draws)
      for (const [at, { name: metric, candidate, difference }] of decide(sample, options).metrics.entries()) {
        if (eventsOf(sample, metric as PredictionMetric) < FEWEST_EVENTS) continue
        for (const [of, interval] of [
          ['candidate', candidate],
          ['difference', difference!],
        ] as const) {
          count(tally, `${metric} ${of} samples`)
          if (interval.low === null || interval.high === null) continue
          count(tally, `${metric} ${of} intervals`)
          const true_ = truth[at]![of]
          if (interval.low <= true_ && true_ <= interval.high) count(tally, `${metric} ${of} covered`)
        }
      }
    }
    return { question: 'coverage', name, trials: TRIALS, cost: 20, run }
  })
}

function truthOf(population: Sample, metrics: readonly PredictionMetric[]) {
  const valueFor = (name: PredictionMetric, predictions: Float64Array) => {
    const measured = measure(name, population, predictions, 'The population')
    if ('reason' in measured) throw new Error(measured.reason)
    return measured.value
  }
  return metrics.map((name) => {
    const candidate = valueFor(name, population.candidate)
    return { candidate, difference: candidate - valueFor(name, population.champion!) }
  })
}

/** Events or others, whichever are fewer, in the arm that has fewer: of a share its hits, else the positive rows. */
function eventsOf(sample: Sample, metric: PredictionMetric): number {
  const { task, labels, candidate, champion } = sample
  if (task !== 'binary-classification') return Number.POSITIVE_INFINITY
  const of = (predictions: Float64Array) => {
    const cells = { hits: 0, misses: 0 }
    for (const [row, label] of labels.entries()) {
      const chosen = +(predictions[row]! > 0.5)
      if (metric === 'precision' && chosen === 0) continue
      if (metric === 'recall' && label === 0) continue
      const isShare = ['accuracy', 'precision', 'recall'].includes(metric)
      cells[(isShare ? chosen === label : label === 1) ? 'hits' : 'misses']++
    }
    return Math.min(cells.hits, cells.misses)
  }
  return Math.min(of(candidate), of(champion!))
}
