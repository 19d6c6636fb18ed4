import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { METRIC_NAMES, METRICS, type Model, parseModelFile, UserError } from '../src/index.ts'

const sample = readFileSync(join(import.meta.dirname, 'fixtures/model.yaml'), 'utf8')

/** The sample with this as its first gate. */
function withGate(gate: string, from: string | RegExp = /$^/, to = ''): string {
  return sample.replace('{ metric: roc_auc, min: 0.60, max_regression: 0.005 }', gate).replace(from, to)
}

function gateOf(gate: string): Model['evaluate']['gates'][number] {
  return parseModelFile(withGate(gate), 'model.yaml').evaluate.gates[0]!
}

function complaint(text: string): string {
  try {
    parseModelFile(text, 'model.yaml')
  } catch (error) {
    if (error instanceof UserError) return error.message
    throw error
  }
  return ''
}

describe("MLflow's names for rules", () => {
  it.each([
    ['{ metric: roc_auc, threshold: 0.6, greater_is_better: true }', { metric: 'roc_auc', min: 0.6 }],
    ['{ metric: log_loss, threshold: 0.6, greater_is_better: false }', { metric: 'log_loss', max: 0.6 }],
    ['{ metric: roc_auc, min_absolute_change: 0.01 }', { metric: 'roc_auc', must_improve: 0.01 }],
    ['{ metric: roc_auc, min_relative_change: 0.07 }', { metric: 'roc_auc', must_improve: '7%' }],
    [
      '{ metric: roc_auc, threshold: 0.6, min_relative_change: 0.05, max_regression: 0.1 }',
      { metric: 'roc_auc', min: 0.6, must_improve: '5%', max_regression: 0.1 },
    ],
  ])('%s', (written, read) => {
    expect(gateOf(written)).toEqual(read)
  })

  it('mean a limit on the good side of every metric', () => {
    fc.assert(
      fc.property(fc.constantFrom(...METRIC_NAMES.filter((name) => !('of' in METRICS[name]))), (metric) => {
        const suits = METRICS[metric].tasks.some((task) => task === 'binary-classification')
        fc.pre(suits)
        const gate = gateOf(`{ metric: ${metric}, threshold: 0.5 }`)
        expect(gate).toEqual({ metric, [METRICS[metric].better === 'higher' ? 'min' : 'max']: 0.5 })
      }),
    )
  })

  it.each([
    ['{ metric: roc_auc, threshold: 0.6, min: 0.5 }', 'threshold is 0.6, and min is 0.5: they are the same rule.'],
    [
      '{ metric: roc_auc, min_absolute_change: 0.1, must_improve: true }',
      'min_absolute_change is 0.1, and must_improve is true: they are the same rule. Leave one out.',
    ],
    [
      '{ metric: roc_auc, min_absolute_change: 0.1, min_relative_change: 0.1 }',
      'min_relative_change is 0.1, and min_absolute_change is 0.1. Write a gate for each.',
    ],
    [
      '{ metric: roc_auc, min_relative_change: 5 }',
      "is 5, but it is a share of the champion's value. Did you mean 0.05?",
    ],
    [
      '{ metric: log_loss, threshold: 0.6, greater_is_better: true }',
      'greater_is_better is true, but of log_loss less is better. Leave it out.',
    ],
    [
      '{ metric: roc_auc, min_absolute_change: 0 }',
      'evaluate.gates[0].min_absolute_change is 0; it must be more than 0.',
    ],
    ['{ metric: roc_auc, greater_is_better: true }', 'evaluate.gates[0] has no rule'],
  ])('are refused where they contradict: %s', (gate, sentence) => {
    expect(complaint(withGate(gate))).toContain(sentence)
  })
})

describe('a gate', () => {
  it.each([
    '{ metric: roc_auc, must_improve: 0.01 }',
    '{ metric: roc_auc, must_improve: 5% }',
    '{ metric: latency_p95, must_improve: 1ms }',
    '{ metric: file_size, max: 50MB, max_regression: 10% }',
    '{ metric: cold_load, max: 2s, max_regression: 100ms }',
    '{ metric: peak_memory, max: 1GB }',
    '{ metric: training_time, max: 2h }',
    '{ metric: roc_auc, min: 0.6, slice: "distance > 1000", on_inconclusive: warn }',
    '{ metric: matthews_corrcoef, min: 0 }',
    '{ metric: d2_log_loss, min: -2 }',
    '{ metric: log_loss, max: 5 }',
  ])('may be %s', (gate) => {
    expect(complaint(withGate(gate))).toBe('')
  })

  it.each([
    ['{ metric: roc_auc, must_improve: 0 }', 'must_improve is 0, but a gain is more than nothing.'],
    ['{ metric: roc_auc, must_improve: -1% }', 'must_improve is -1%, but a gain is more than nothing.'],
    ['{ metric: roc_auc, must_improve: 2 }', 'must_improve is 2, but roc_auc is at most 1. Did you mean 0.02?'],
    ['{ metric: roc_auc, max_regression: 100% }', 'is 100%, so roc_auc may be lost altogether. Did you mean "1%"?'],
    ['{ metric: roc_auc, min: 60% }', "but a percentage is of the champion's value. Write a plain number."],
    ['{ metric: file_size, max: 60% }', 'but a percentage is of the champion\'s value. Write a size like "50MB".'],
    ['{ metric: roc_auc, max_regression: 5ms }', 'is 5ms, but roc_auc is not a time. Write a plain number.'],
    ['{ metric: file_size, max: 5s }', 'is 5s, but file_size is not a time. Write a size like "50MB".'],
    ['{ metric: latency_p95, max: 5MB }', 'is 5MB, but latency_p95 is not a size. Write a time like "5ms".'],
    [
      '{ metric: roc_auc, max: 0.7 }',
      'max is 0.7, but of roc_auc more is better, so what is worse would pass. Write min.',
    ],
    [
      '{ metric: brier_score, min: 0.1 }',
      'min is 0.1, but of brier_score less is better, so what is worse would pass. Write max.',
    ],
    ['{ metric: log_loss, min: 0 }', 'min is 0, but of log_loss less is better'],
    ['{ metric: latency_p95, min: 5ms }', 'min is 5ms, but of latency_p95 less is better'],
    [
      '{ metric: roc_auc, min: 0 }',
      'min is 0, but roc_auc is never less than 0, so every candidate would pass. Ask for more.',
    ],
    ['{ metric: accuracy, min: -0.5 }', 'accuracy is never less than 0'],
    ['{ metric: roc_auc, threshold: 0 }', 'threshold is 0, but roc_auc is never less than 0'],
    ['{ metric: matthews_corrcoef, min: -1 }', 'matthews_corrcoef is never less than -1'],
    [
      '{ metric: demographic_parity_difference, by: origin, max: 1 }',
      'max is 1, but demographic_parity_difference is never more than 1, so every candidate would pass. Ask for less.',
    ],
    ['{ metric: brier_score, max: 1 }', 'brier_score is never more than 1'],
    ['{ metric: demographic_parity_ratio, by: origin, min: 0 }', 'demographic_parity_ratio is never less than 0'],
    ['{ metric: roc_auc, max_regression: 1 }', 'is 1, so roc_auc may be lost altogether. Did you mean 0.01?'],
    [
      '{ metric: latency_p95, max: 5ms, slice: "distance > 1000" }',
      'slice is distance > 1000, but latency_p95 does not follow from single rows of the hold-out. Leave it out.',
    ],
    [
      '{ metric: roc_auc, min: 0.6, by: origin }',
      'by is origin, but roc_auc does not compare groups. To look at parts of the hold-out, write slice.',
    ],
    [
      '{ metric: demographic_parity_difference, max: 0.1 }',
      'metric is demographic_parity_difference, which compares groups. Name the column that holds them: by.',
    ],
    ['{ metric: training_time, max_regression: 10% }', 'max_regression is 10%, but training_time takes max alone.'],
    [
      '{ metric: training_cost, max: 3 }',
      'is training_cost, which is hours times train.cost_per_hour, and there is none.',
    ],
    ['{ metric: latency_p95, max: -2s }', 'max is -2s, but latency_p95 is never negative. Write a time like "5ms".'],
    ['{ metric: file_size, max: 50 MB }', 'max is "50 MB"; it must be a number, '],
    ['{ metric: file_size, max: 50 MB }', '(did you mean 50MB?).'],
    ['{ metric: latency_p95, max: 2sec }', '(did you mean 2s?).'],
    ['{ metric: roc_auc, must_improve: false }', 'must_improve is false; it must be true, a number or a percentage'],
    [
      '{ metric: roc_auc, min: 0.6 }\n    - { metric: roc_auc, min: 0.6 }',
      'evaluate.gates[1] is the same as evaluate.gates[0]. Leave one of them out.',
    ],
    [
      '{ metric: roc_auc, min: 0.6, on_inconclusive: ask }',
      'on_inconclusive is "ask"; it must be one of: block, warn, require-approval',
    ],
  ])('must not be %s', (gate, sentence) => {
    expect(complaint(withGate(gate))).toContain(sentence)
  })

  it('may allow more of a Brier score that is summed over several classes', () => {
    const of = (max: number) =>
      complaint(
        withGate(`{ metric: brier_score, max: ${max} }`, /metrics: .*/, 'metrics: [brier_score]').replace(
          'task: binary-classification',
          'task: multiclass-classification',
        ),
      )
    expect(of(1.5)).toBe('')
    expect(of(2)).toContain('brier_score is never more than 2')
  })

  it('may cost money, where the file says what an hour costs', () => {
    const text = withGate('{ metric: training_cost, max: 3 }', 'train:\n  run:', 'train:\n  cost_per_hour: 2.5\n  run:')
    expect(parseModelFile(text, 'model.yaml').train.cost_per_hour).toBe(2.5)
  })

  it('leaves nothing to a person whom no stage would ask', () => {
    const gate = '{ metric: roc_auc, max_regression: 0.005, on_inconclusive: require-approval }'
    const key = 'evaluate.gates[0].on_inconclusive is require-approval, but'
    expect(complaint(withGate(gate, ', environment: production', ''))).toContain(
      `${key} no stage has an environment, so nobody would be asked. Give a stage one, or write warn.`,
    )
    expect(complaint(withGate(gate))).toContain(
      `${key} production comes after staging, which has no environment, and no such version comes there. Give staging one, or write warn.`,
    )
    expect(complaint(withGate(gate, 'staging: {}', 'staging: { environment: staging }'))).toBe('')
    expect(complaint(withGate(gate, 'after: staging, ', ''))).toBe('')
  })
})

describe('slices', () => {
  it('have at least 30 rows', () => {
    const text = (rows: number) => sample.replace('evaluate:\n', `evaluate:\n  min_slice: ${rows}\n`)
    expect(complaint(text(30))).toBe('')
    expect(complaint(text(29))).toContain('evaluate.min_slice is 29; it must be at least 30.')
  })

  it('are not held against a gate on a slice', () => {
    expect(complaint(sample.replaceAll(/max_regression: 0\.00\d/g, 'max_regression: 0.001, slice: x'))).toContain(
      'evaluate.slices are held against the first gate with max_regression, and there is none.',
    )
  })
})
