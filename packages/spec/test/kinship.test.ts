import { describe, expect, it } from 'vitest'
import { parseModelFile, UserError } from '../src/index.ts'

const model = (task: string, data: string, metric: string) => `name: m
task: ${task}
data: { train: train.csv, holdout: holdout.csv, label: y${data} }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate:
  metrics: [${metric}]
  gates: [{ metric: ${metric}, max_regression: 1% }]
`
const read = (...parts: Parameters<typeof model>) => parseModelFile(model(...parts), 'model.yaml')

describe('columns that say which rows belong together', () => {
  it('are the query of a ranking, and the series of a forecast', () => {
    expect(read('ranking', ', query: search', 'ndcg_at_10').data.query).toBe('search')
    const { data } = read('forecasting', ', series: shop, season: 7, time: day', 'mase')
    expect(data).toMatchObject({ series: 'shop', season: 7 })
    expect(read('forecasting', ', series: shop, time: day', 'mean_absolute_scaled_error').evaluate.metrics).toEqual([
      'mase',
    ])
    for (const metric of ['mae', 'rmse', 'mape', 'pinball_0.9', 'wape']) read('forecasting', ', series: shop', metric)
  })

  it.each([
    ['ranking', '', 'ndcg', /3:7 {2}data\.query is missing: a ranking needs the column/],
    ['forecasting', '', 'wape', /3:7 {2}data\.series is missing: forecasting needs the column/],
    [
      'regression',
      ', query: search',
      'mae',
      /data\.query is search, and regression has no queries\. Leave it out, or write/,
    ],
    ['ranking', ', query: search, season: 7', 'ndcg', /data\.season is 7, and ranking has no series\./],
    ['regression', ', series: shop', 'mae', /data\.series is shop, and regression has no series\./],
    [
      'forecasting',
      ', series: shop',
      'mase',
      /evaluate\.metrics\[0\] is mase, whose scale .* Name the column with data\.time/,
    ],
    ['forecasting', ', series: shop, season: 0, time: day', 'mase', /data\.season /],
    [
      'ranking',
      ', query: search',
      'mae',
      /evaluate\.metrics\[0\] is mae, which says nothing about ranking\. It has: ndcg/,
    ],
    ['forecasting', ', series: shop', 'r2', /is r2, which says nothing about forecasting/],
  ])('of %s with%s: a mistake is a sentence', (task, data, metric, sentence) => {
    expect(() => read(task, data, metric)).toThrow(UserError)
    expect(() => read(task, data, metric)).toThrow(sentence)
  })
})
