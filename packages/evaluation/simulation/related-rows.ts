import { predictionMetricsFor, type Sample } from '../src/index.ts'
import type { Population } from './populations.ts'
import type { Draws } from './random.ts'

const ROWS_A_QUERY = 15
const ROWS_A_SERIES = 8

/** Hold-outs whose rows come in queries or in series: it is the whole of these that varies. */
export const RELATED_ROWS: Population[] = [
  {
    name: `60 queries of ${ROWS_A_QUERY} rows`,
    rows: 60 * ROWS_A_QUERY,
    metrics: predictionMetricsFor('ranking'),
    draw: queries,
  },
  {
    name: `50 series of ${ROWS_A_SERIES} rows`,
    rows: 50 * ROWS_A_SERIES,
    metrics: ['mae', 'rmse', 'mape', 'smape', 'wape', 'mase', 'pinball_0.9'],
    draw: series,
  },
]

/** Some queries have many relevant rows and some few; the models share a half of what they see of a row. */
function queries(rows: number, draws: Draws): Sample {
  const sample = emptySample('ranking', rows, ROWS_A_QUERY)
  let relevant = 0
  for (let row = 0; row < rows; row++) {
    if (row % ROWS_A_QUERY === 0) relevant = draws.beta(2, 6)
    const relevance = draws.uniform() < relevant ? 1 + draws.below(3) : 0
    const common = relevance + draws.normal()
    sample.labels[row] = relevance
    sample.candidate[row] = common + draws.normal()
    sample.champion[row] = common + 1.3 * draws.normal()
  }
  return { ...sample, queries: sample.groups }
}

/** Series of their own level and spread, whose rows err alike. */
function series(rows: number, draws: Draws): Sample {
  const sample = emptySample('forecasting', rows, ROWS_A_SERIES)
  const scales: number[] = []
  let [spread, alike] = [1, 0]
  for (let row = 0; row < rows; row++) {
    if (row % ROWS_A_SERIES === 0) {
      spread = Math.exp(draws.normal() / 3)
      alike = draws.normal() / 2
      scales.push(spread)
    }
    const common = alike + draws.normal()
    sample.labels[row] = spread * (12 + draws.normal())
    sample.candidate[row] = sample.labels[row]! + spread * common
    sample.champion[row] = sample.labels[row]! + spread * (common + draws.normal() / 2)
  }
  return { ...sample, scales: { of: sample.groups.of, by: scales } }
}

function emptySample(task: 'ranking' | 'forecasting', rows: number, size: number) {
  const groups = { of: Int32Array.from({ length: rows }, (_, row) => Math.floor(row / size)), count: rows / size }
  const [labels, candidate, champion] = [new Float64Array(rows), new Float64Array(rows), new Float64Array(rows)]
  return { task, classes: [], labels, candidate, champion, groups }
}
