import type { Contradiction } from './contradictions.ts'
import type { Behaviour } from './gates.ts'
import { labelColumns } from './labels.ts'
import { isPrediction, metricFacts, metricsFor, type PredictionMetric } from './metrics.ts'
import type { ModelFile } from './schema.ts'
import { show } from './wording.ts'

const CHANGES = ['noise', 'missing', 'scale', 'add', 'set'] as const

/** The share of rows that must do as expected, where the model file does not say. */
export const DEFAULT_SHARE = 0.95

/** The metric that a test of behaviour looks at: its own, or that of the first gate that looks at predictions. */
export function behaviourMetric({ metric }: Behaviour, { evaluate }: ModelFile): PredictionMetric | undefined {
  const first = evaluate.gates.find((gate) => isPrediction(gate.metric))?.metric
  return [metric ?? first].filter((name) => name !== undefined).find(isPrediction)
}

/** Tests of behaviour that say nothing, or two things, or what cannot be told of this model. */
export function misbehaved(model: ModelFile): Contradiction[] {
  const { behaviour, predict } = model.evaluate
  if (predict && behaviour.length > 0) {
    const path = ['evaluate', 'behaviour']
    const message =
      'evaluate.behaviour changes the rows that a model is given, and evaluate.predict reads them itself. Leave one of them out.'
    return [{ path, message }]
  }
  return behaviour.flatMap((test, index) => {
    const complaint = complaintOf(test, model)
    if (!complaint) return []
    const path = ['evaluate', 'behaviour', index, ...(complaint.key === undefined ? [] : [complaint.key])]
    return [{ path, message: `${show(path)} ${complaint.message}` }]
  })
}

interface Complaint {
  key?: keyof Behaviour
  message: string
}

/** The first that is wrong: most others follow from it. */
function complaintOf(test: Behaviour, model: ModelFile): Complaint | undefined {
  const changes = CHANGES.filter((change) => test[change] !== undefined)
  if (changes.length !== 1) {
    const found = changes.length === 0 ? 'changes nothing' : `has ${changes.join(' and ')}`
    return { message: `${found}. Write one change: ${CHANGES.join(', ')}.` }
  }
  if (labelColumns(model).includes(test.column)) {
    return { key: 'column', message: `is ${test.column}, the label, which no model reads. Name a feature.` }
  }
  return test.expect === undefined ? metricComplaint(test, model) : expectationComplaint(test, model)
}

function expectationComplaint(test: Behaviour, { task }: ModelFile): Complaint | undefined {
  const other = (['metric', 'max_regression'] as const).find((key) => test[key] !== undefined)
  if (other) {
    return {
      key: other,
      message: `is ${test[other]}, but expect looks at predictions, not at a metric. Leave one out.`,
    }
  }
  const several = task === 'multiclass-classification' || task === 'multilabel-classification'
  if (several && test.expect !== 'unchanged') {
    return { key: 'expect', message: `is ${test.expect}, but a ${task} has no up and down. Write unchanged.` }
  }
  if (test.min_share === 1) {
    return { key: 'min_share', message: 'is 1, and no number of rows shows that of all. Write 0.99, or less.' }
  }
  return undefined
}

function metricComplaint(test: Behaviour, model: ModelFile): Complaint | undefined {
  const alone = (['tolerance', 'min_share'] as const).find((key) => test[key] !== undefined)
  if (alone) return { key: alone, message: `is ${test[alone]}, but there is no expect that it could belong to.` }
  const { max_regression: loss } = test
  if (loss === undefined) {
    return {
      message:
        'does not say what to look for: what predictions do (expect), or how much of a metric the change may cost (max_regression).',
    }
  }
  if (Number.parseFloat(String(loss)) < 0) {
    return { key: 'max_regression', message: `is ${loss}, but a loss is not negative.` }
  }
  const metric = behaviourMetric(test, model)
  const known = metricsFor(model.task).filter(isPrediction).join(', ')
  if (metric === undefined) {
    return test.metric === undefined
      ? { message: `has no metric, and no gate has one of predictions. Name one: ${known}.` }
      : { key: 'metric', message: `is ${test.metric}, which does not follow from predictions. There are: ${known}.` }
  }
  if (!metricFacts(metric).tasks.includes(model.task)) {
    return { key: 'metric', message: `is ${metric}, which says nothing about ${model.task}. It has: ${known}.` }
  }
  return undefined
}
