import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { amount, parseModelFile, readModelFile, UserError } from '../src/index.ts'

const sample = readFileSync(join(import.meta.dirname, 'fixtures/model.yaml'), 'utf8')

function complaints(text: string): string[] {
  try {
    parseModelFile(text, 'model.yaml')
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('the model file', () => {
  it('reads the file that the guide shows', () => {
    const model = parseModelFile(sample, 'models/flight-delay/model.yaml')
    expect(model.name).toBe('flight-delay')
    expect(model.folder).toBe('models/flight-delay')
    expect(model.evaluate.gates).toHaveLength(3)
    expect(model.stages.production).toEqual({
      after: 'staging',
      environment: 'production',
      target: { directory: '/srv/models/flight-delay' },
    })
    expect(model.drift?.retrain).toBe('auto')
    expect(model.evaluate.first_version).toBe('refuse')
  })

  it.each([
    [
      'a mistyped key',
      'max_regression: 0.005',
      'max_regresion: 0.005',
      /^model\.yaml:26:37 {2}evaluate\.gates\[0\]\.max_regresion is not a key of a gate\. Did you mean max_regression\?$/,
    ],
    [
      'a mistyped section',
      'owners:',
      'owner:',
      /^model\.yaml:4:1 {2}owner is not a key of a model file\. Did you mean owners\?$/,
    ],
    [
      'a key of nothing known',
      'label: late',
      'xyzzy: late',
      /data\.xyzzy is not a key of data\. Known: fetch, prepare, contract/,
    ],
    [
      'several files that become one',
      'data:',
      "data:\n  fetch: [{ from: 's3://lake/*.csv', to: a.csv }]",
      /data\.fetch\[0\]\.to is a\.csv, and s3:\/\/lake\/\*\.csv stands for several files\. Name a folder, with a \/ at its end\.$/,
    ],
    [
      'several files that have one digest',
      'data:',
      `data:\n  fetch: [{ from: 's3://lake/', to: a/, sha256: ${'a'.repeat(64)} }]`,
      /data\.fetch\[0\]\.sha256 is of one file, and s3:\/\/lake\/ stands for several\. Leave it out, or name each file\.$/,
    ],
    [
      'a file from a place that nobody knows',
      'data:',
      'data:\n  fetch: [{ from: ftp://host/a.csv, to: a.csv }]',
      /data\.fetch\[0\]\.from .*must be https:\/\/…, s3:\/\/bucket\/prefix, release:\/\/tag\/asset or artifact:\/\/name/,
    ],
    ['a missing key', /^task:.*\n/m, '', /task is missing\.$/],
    [
      'an unknown word',
      'task: binary-classification',
      'task: guessing',
      /^model\.yaml:5:7 {2}task is ".*"; it must be one of: binary-classification/,
    ],
    [
      'a wrong type',
      'slices: [origin,',
      'slices: [7,',
      /evaluate\.slices\[0\] (?:is .*; it )?must be a column, a pair of columns or a condition\.$/,
    ],
    [
      'a path that leaves the repository',
      'data/train.parquet',
      '../train.parquet',
      /data\.train is ".*"; it must be a path inside the repository/,
    ],
    [
      'a login in a store',
      'name: flight-delay',
      'store: s3://ada:password@models\nname: flight-delay',
      /store must be s3:\/\/bucket\/prefix, oci:\/\/host\/repository, lfs or dvc\.$/,
    ],
    [
      'an absolute path',
      'data/train.parquet',
      '/etc/passwd',
      /data\.train is ".*"; it must be a path inside the repository/,
    ],
    [
      'a name that no tag can carry',
      'name: flight-delay',
      'name: flight.delay',
      /^model\.yaml:2:7 {2}name is ".*"; it must be letters/,
    ],
    [
      'a gate without a rule',
      '{ metric: brier_score, max_regression: 0.002 }',
      '{ metric: brier_score }',
      /evaluate\.gates\[1\] has no rule: give it min, max/,
    ],
    [
      'a metric of another task',
      'metrics: [roc_auc',
      'metrics: [mae',
      /evaluate\.metrics\[0\] is mae, which says nothing about binary-classification\. It has: roc_auc/,
    ],
    [
      'a stage after none',
      'after: staging',
      'after: stagin',
      /stages\.production\.after is stagin, which is not a stage of this file\. Did you mean staging\?/,
    ],
    [
      'a gate of 80 where 0.8 is meant',
      'min: 0.60',
      'min: 60',
      /evaluate\.gates\[0\]\.min is 60, but roc_auc is at most 1\. Did you mean 0\.6\?/,
    ],
    [
      'slices without a margin',
      /max_regression: 0\.00\d/g,
      'must_improve: true',
      /evaluate\.slices are held against the first gate with max_regression/,
    ],
    [
      'a time without a unit',
      'max: 5ms',
      'max: 5minutes',
      /evaluate\.gates\[2\]\.max is .*; it must be a number, a percentage like "20%", a time like "5ms" or a size/,
    ],
    [
      'several labels of a task that has one',
      'label: late',
      'label: [late, cancelled]',
      /data\.label is a list, and a binary-classification has one label\. Name one column; several of 0 and 1 are task: multi/,
    ],
    [
      'one label of a task that has several',
      'task: binary-classification',
      'task: multilabel-classification',
      /data\.label is late, and a multilabel-classification has several labels\. Write the list of their columns: \[late, …\]\.$/m,
    ],
    [
      'a metric that another task has in several ways',
      /task: .*\n([\s\S]*)label: late/,
      'task: multilabel-classification\n$1label: [late, cancelled]',
      /evaluate\.metrics\[0\] is roc_auc, which says nothing about multilabel-classification\. It has roc_auc_macro, roc_auc_weighted\.$/m,
    ],
    [
      'a metric that is mistyped',
      'metrics: [roc_auc',
      'metrics: [roc_acu',
      /evaluate\.metrics\[0\] is roc_acu, which is none of Modelyard's metrics\. Did you mean roc_auc\? One of your own ends in _score, _loss or _error\.$/m,
    ],
    ['a mistyped name of scikit-learn', 'metrics: [roc_auc', 'metrics: [roc_auc_scor', /Did you mean roc_auc_score\?/],
    [
      'a metric with its sign turned',
      'metrics: [roc_auc',
      'metrics: [neg_mean_squared_error',
      /evaluate\.metrics\[0\] is neg_mean_squared_error, which is mse with its sign turned\. Write mse: whether less of it is better/,
    ],
    [
      'a gate on what has no interval',
      'metric: brier_score, max_regression: 0.002',
      'metric: max_error, max: 2',
      /evaluate\.gates\[1\]\.metric is max_error, of which no interval exists\. Show it with evaluate\.metrics/,
    ],
    [
      'a metric that is named twice, by two names',
      'metrics: [roc_auc',
      'metrics: [matthews_corrcoef, mcc, roc_auc',
      /^model\.yaml:\d+:\d+ {2}evaluate\.metrics\[1\] is matthews_corrcoef, as is evaluate\.metrics\[0\]\. Leave one of them out\.$/,
    ],
    [
      'three columns for a slice',
      'slices: [',
      'slices: [[a, b, c], ',
      /evaluate\.slices\[0\] must be a column, a pair of columns or a condition\.$/,
    ],
    ['broken YAML', 'name: flight-delay', 'name: [flight-delay', /^model\.yaml:\d+:\d+ /],
    [
      'a doubled key',
      'task: binary',
      'name: again\ntask: binary',
      /^model\.yaml:5:1 {2}name is written twice here\. Leave one out/,
    ],
  ])('names place, key and mend of %s', (_, from, to, complaint) => {
    const found = complaints(sample.replace(from, to))
    expect(found.length).toBeGreaterThan(0)
    expect(found.join('\n')).toMatch(complaint)
  })

  it('takes metrics by the names that scikit-learn has for them', () => {
    const { evaluate } = parseModelFile(
      sample
        .replace('metrics: [roc_auc', 'metrics: [roc_auc_score, matthews_corrcoef, f1_score')
        .replace('metric: brier_score', 'metric: brier_score_loss'),
      'model.yaml',
    )
    expect(evaluate.metrics.slice(0, 3)).toEqual(['roc_auc', 'matthews_corrcoef', 'f1'])
    expect(evaluate.gates[1]!.metric).toBe('brier_score')
  })

  const predicted = sample
    .replace('evaluate:\n', 'evaluate:\n  predict: { run: python predict.py, predictions: out/judged.parquet }\n')
    .replace('out/model.onnx', 'out/model.ubj')
    .replace('latency_p95, max: 5ms, max_regression: 20%', 'accuracy, min: 0.7')

  it('takes models of other formats, which a command of its own runs', () => {
    const { train, evaluate } = parseModelFile(predicted, 'model.yaml')
    expect(train.model).toBe('out/model.ubj')
    expect(evaluate.predict).toEqual({ run: 'python predict.py', predictions: 'out/judged.parquet' })
  })

  it.each([
    [
      'rows without a name',
      / {2}id: .*\n/,
      '',
      /^model\.yaml:23:12 {2}evaluate\.predict needs data\.id, the column that names a row/,
    ],
    [
      'a format that can hold a program',
      'out/model.ubj',
      'out/model.pkl',
      /^model\.yaml:20:10 {2}train\.model is out\/model\.pkl, which is none of the formats that hold a model and no program: \.onnx, \.safetensors,/,
    ],
    [
      'a time that nobody takes',
      'metric: accuracy, min: 0.7',
      'metric: latency_p95, max: 5ms',
      /evaluate\.gates\[2\]\.metric is latency_p95, and what evaluate\.predict runs is not measured\. Leave it out\.$/,
    ],
    [
      'a provider of another engine',
      'evaluate:\n',
      'evaluate:\n  provider: cuda\n',
      /evaluate\.provider is cuda, and evaluate\.predict runs the models\. Leave one of them out\.$/,
    ],
    [
      'a file outside the repository',
      'out/judged.parquet',
      '../judged.parquet',
      /evaluate\.predict\.predictions is ".*"; it must be a path/,
    ],
  ])('names what does not go with a command of its own: %s', (_, from, to, complaint) => {
    expect(complaints(predicted.replace(from, to)).join('\n')).toMatch(complaint)
  })

  const scored = sample
    .replace('evaluate:\n', 'evaluate:\n  scores: { run: python score.py, file: out/scores.csv }\n')
    .replace('metrics: [roc_auc', 'metrics: [delay_cost_loss, roc_auc')

  it('takes metrics of its own, which a command scores', () => {
    const { evaluate } = parseModelFile(scored, 'model.yaml')
    expect(evaluate.scores).toEqual({ run: 'python score.py', file: 'out/scores.csv' })
    expect(evaluate.metrics[0]).toBe('delay_cost_loss')
  })

  it.each([
    [
      'a metric that nothing scores',
      / {2}scores: .*\n/,
      '',
      /evaluate\.metrics\[0\] is delay_cost_loss, which is none of Modelyard's metrics\. For a metric of your own, say in evaluate\.scores what scores it\.$/,
    ],
    [
      'a metric that is mistyped',
      / {2}scores: .*\n([\s\S]*)delay_cost_loss/,
      '$1brire_score',
      /is brire_score, which is none of Modelyard's metrics\. Did you mean brier_score\?/,
    ],
    [
      'scores that nobody asks for',
      'delay_cost_loss, ',
      '',
      /evaluate\.scores computes metrics of your own, and .* name none/,
    ],
    ['rows without a name', / {2}id: .*\n/, '', /evaluate\.scores needs data\.id, the column that names a row/],
    [
      'a name that is no column',
      'delay_cost_loss',
      'Delay-cost_loss',
      /is Delay-cost_loss: a metric of your own is written in small/,
    ],
    [
      'a file outside the repository',
      'out/scores.csv',
      '../scores.csv',
      /evaluate\.scores\.file is ".*"; it must be a path/,
    ],
  ])('names what does not go with metrics of its own: %s', (_, from, to, complaint) => {
    expect(complaints(scored.replace(from, to)).join('\n')).toMatch(complaint)
  })

  it('names every problem at once', () => {
    expect(complaints(sample.replace('owners:', 'owner:').replace('label: late', 'lable: late'))).toHaveLength(3)
  })

  it('says what to do where there is none', async () => {
    await expect(readModelFile('nowhere/model.yaml')).rejects.toThrow(
      'There is no model file nowhere/model.yaml. Write one',
    )
  })
})

describe('a gate’s number', () => {
  it.each([
    [0.6, { value: 0.6, relative: false, unit: null }],
    ['20%', { value: 0.2, relative: true, unit: null }],
    ['5ms', { value: 0.005, relative: false, unit: 's' }],
    ['2s', { value: 2, relative: false, unit: 's' }],
    ['2h', { value: 7200, relative: false, unit: 's' }],
    ['50MB', { value: 5e7, relative: false, unit: 'bytes' }],
  ])('%s', (written, read) => {
    expect(amount(written)).toEqual(read)
  })
})
