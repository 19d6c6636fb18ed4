import { describe, expect, it } from 'vitest'
import { behaviourMetric, parseModelFile, UserError } from '../src/index.ts'

function parse(evaluate: string, task = 'binary-classification') {
  return parseModelFile(
    `
name: loans
task: ${task}
data: { train: train.csv, holdout: holdout.csv, label: repaid, id: id }
train: { run: python train.py, inputs: [train.py], model: model.onnx }
evaluate:
${evaluate.replace(/^/gm, '  ')}`,
    'model.yaml',
  )
}

function complaint(evaluate: string, task?: string): string {
  try {
    parse(evaluate, task)
  } catch (error) {
    if (error instanceof UserError) return error.message.replace(/^\S+ +/gm, '')
    throw error
  }
  return ''
}

const gates = (gate: string) => `metrics: [accuracy]\ngates: [{ metric: accuracy, min: 0.6 }, ${gate}]`
const behaviour = (test: string) => `metrics: [accuracy]\ngates: [{ metric: accuracy, min: 0.6 }]\nbehaviour: [${test}]`

describe('a gate that compares groups', () => {
  it('is taken with the column of its groups and a limit on one side', () => {
    expect(complaint(gates('{ metric: demographic_parity_difference, by: sex, max: 0.1 }'))).toBe('')
    expect(complaint(gates('{ metric: equalized_odds_ratio, by: sex, min: 0.8, on_inconclusive: warn }'))).toBe('')
  })

  it.each([
    [
      '{ metric: demographic_parity_difference, max: 0.1 }',
      'which compares groups. Name the column that holds them: by.',
    ],
    [
      '{ metric: recall, by: sex, min: 0.1 }',
      'recall does not compare groups. To look at parts of the hold-out, write slice.',
    ],
    [
      '{ metric: demographic_parity_difference, by: sex, min: 0.1 }',
      'evaluate.gates[1].min is 0.1, but demographic_parity_difference takes max alone.',
    ],
    [
      '{ metric: equal_opportunity_ratio, by: sex, max: 0.8 }',
      'evaluate.gates[1].max is 0.8, but equal_opportunity_ratio takes min alone.',
    ],
    [
      '{ metric: demographic_parity_difference, by: sex, max_regression: 0.1 }',
      'evaluate.gates[1].max_regression is 0.1, but demographic_parity_difference takes max alone.',
    ],
    [
      '{ metric: demographic_parity_difference, by: sex, must_improve: true }',
      'evaluate.gates[1].must_improve is true, but demographic_parity_difference takes max alone.',
    ],
    ['{ metric: demographic_parity_difference, by: sex, max: 10 }', 'is at most 1. Did you mean 0.1?'],
    [
      '{ metric: demographic_parity_difference, by: repaid, max: 0.1 }',
      'evaluate.gates[1].by is repaid, the label. Name the column of the groups that are to be treated alike.',
    ],
    [
      '{ metric: demographic_parity_difference, by: sex, slice: age > 30, max: 0.1 }',
      'evaluate.gates[1].slice is age > 30, but',
    ],
  ])('is refused as %s', (gate, sentence) => {
    expect(complaint(gates(gate))).toContain(sentence)
  })

  it('is no metric to be listed, and says nothing about other tasks', () => {
    expect(complaint('metrics: [demographic_parity_ratio]\ngates: [{ metric: accuracy, min: 0.6 }]')).toContain(
      'evaluate.metrics[0] is demographic_parity_ratio, which compares groups: write it as a gate, with by. The report shows it.',
    )
    expect(
      complaint('metrics: [mae]\ngates: [{ metric: demographic_parity_ratio, by: sex, min: 0.8 }]', 'regression'),
    ).toContain('which says nothing about regression.')
  })
})

describe('a test of behaviour', () => {
  it.each([
    '{ column: age, noise: 0.1, expect: unchanged, min_share: 0.9 }',
    '{ column: age, missing: 0.3, max_regression: 5% }',
    '{ column: income, add: 1000, expect: no_decrease, tolerance: 0.01 }',
    '{ column: sex, set: f, metric: roc_auc, max_regression: 0.01 }',
    '{ column: income, scale: 0, expect: decreases }',
  ])('is taken: %s', (test) => {
    expect(complaint(behaviour(test))).toBe('')
  })

  it.each([
    [
      '{ column: age, expect: unchanged }',
      'evaluate.behaviour[0] changes nothing. Write one change: noise, missing, scale, add, set.',
    ],
    [
      '{ column: age, scale: 2, add: 1, expect: unchanged }',
      'evaluate.behaviour[0] has scale and add. Write one change',
    ],
    [
      '{ column: repaid, add: 1, expect: unchanged }',
      'evaluate.behaviour[0].column is repaid, the label, which no model reads.',
    ],
    [
      '{ column: age, add: 1, expect: unchanged, metric: recall }',
      'evaluate.behaviour[0].metric is recall, but expect looks at predictions, not at a metric. Leave one out.',
    ],
    [
      '{ column: age, add: 1, expect: unchanged, max_regression: 0.1 }',
      'evaluate.behaviour[0].max_regression is 0.1, but expect looks at predictions',
    ],
    [
      '{ column: age, add: 1, expect: unchanged, min_share: 1 }',
      'evaluate.behaviour[0].min_share is 1, and no number of rows',
    ],
    ['{ column: age, add: 1 }', 'evaluate.behaviour[0] does not say what to look for'],
    [
      '{ column: age, add: 1, max_regression: 0.1, tolerance: 0.1 }',
      'evaluate.behaviour[0].tolerance is 0.1, but there is no expect that it could belong to.',
    ],
    [
      '{ column: age, add: 1, max_regression: -0.1 }',
      'evaluate.behaviour[0].max_regression is -0.1, but a loss is not negative.',
    ],
    [
      '{ column: age, add: 1, metric: latency_p50, max_regression: 0.1 }',
      'evaluate.behaviour[0].metric is latency_p50, which does not follow from predictions. There are: roc_auc',
    ],
    [
      '{ column: age, add: 1, metric: mae, max_regression: 0.1 }',
      'evaluate.behaviour[0].metric is mae, which says nothing about binary-classification.',
    ],
  ])('is refused: %s', (test, sentence) => {
    expect(complaint(behaviour(test))).toContain(sentence)
  })

  it('has no direction among classes', () => {
    const test = (expected: string) =>
      complaint(behaviour(`{ column: age, add: 1, expect: ${expected} }`), 'multiclass-classification')
    expect(test('increases')).toContain(
      'evaluate.behaviour[0].expect is increases, but a multiclass-classification has no up and down. Write unchanged.',
    )
    expect(test('unchanged')).toBe('')
  })

  it('does not go with a command that reads the rows itself', () => {
    const predicted = `${behaviour('{ column: age, add: 1, expect: unchanged }')}\npredict: { run: python predict.py, predictions: p.csv }`
    expect(complaint(predicted)).toContain(
      'evaluate.behaviour changes the rows that a model is given, and evaluate.predict reads them itself.',
    )
  })

  it('looks at the metric of the first gate that looks at predictions, unless it names one', () => {
    const evaluate = `
metrics: [accuracy]
gates: [{ metric: latency_p50, max: 5ms }, { metric: recall, min: 0.6 }]
behaviour:
  - { column: age, add: 1, max_regression: 0.1 }
  - { column: age, add: 1, max_regression: 0.1, metric: roc_auc }`
    const model = parse(evaluate)
    expect(model.evaluate.behaviour.map((test) => behaviourMetric(test, model))).toEqual(['recall', 'roc_auc'])
    expect(complaint(evaluate.replace(', { metric: recall, min: 0.6 }', ''))).toContain(
      'evaluate.behaviour[0] has no metric, and no gate has one of predictions. Name one: roc_auc',
    )
  })
})
