import { amount } from './amount.ts'
import { isScore, type MetricName, MODEL_FORMATS, metricFacts, metricsFor } from './metrics.ts'
import { unscored } from './own-metrics.ts'
import type { ModelFile } from './schema.ts'
import { show, suggestion } from './wording.ts'

export interface Contradiction {
  path: PropertyKey[]
  message: string
}

/** What no schema can say: keys that speak of each other. */
export function contradictions(model: ModelFile): Contradiction[] {
  const found: Contradiction[] = []
  const suits = (metric: MetricName, path: PropertyKey[]) => {
    const others = metricsFor(model.task)
    if (!(metricFacts(metric).tasks as readonly string[]).includes(model.task)) {
      found.push({
        path,
        message: `${show(path)} is ${metric}, which says nothing about ${model.task}. It has: ${others.join(', ')}.`,
      })
    }
  }
  for (const [index, metric] of model.evaluate.metrics.entries()) suits(metric, ['evaluate', 'metrics', index])
  for (const [index, gate] of model.evaluate.gates.entries()) suits(gate.metric, ['evaluate', 'gates', index, 'metric'])
  for (const [index, gate] of model.evaluate.gates.entries())
    found.push(...unreadable(gate, ['evaluate', 'gates', index]))
  const compares = model.evaluate.gates.some(
    ({ metric, max_regression }) => max_regression !== undefined && !isTime(metric),
  )
  if (model.evaluate.slices.length > 0 && !compares) {
    found.push({
      path: ['evaluate', 'slices'],
      message:
        'evaluate.slices are held against the first gate with max_regression, and there is none. Add one, or leave the slices out.',
    })
  }
  found.push(...unpredictable(model), ...unscored(model))
  for (const [name, stage] of Object.entries(model.stages)) {
    if (stage.after !== undefined && !(stage.after in model.stages)) {
      const path = ['stages', name, 'after']
      found.push({
        path,
        message: `${show(path)} is ${stage.after}, which is not a stage of this file.${suggestion(stage.after, Object.keys(model.stages))}`,
      })
    }
  }
  return found
}

/** Numbers of a gate that cannot be what was meant: a share of nothing, a time that is none, 80 for 0.8. */
function unreadable(gate: ModelFile['evaluate']['gates'][number], path: PropertyKey[]): Contradiction[] {
  return (['min', 'max', 'max_regression'] as const).flatMap((rule) => {
    const written = gate[rule]
    if (written === undefined) return []
    const say = (what: string) => [
      { path: [...path, rule], message: `${show([...path, rule])} is ${written}, ${what}` },
    ]
    if (typeof written === 'string' && written.endsWith('s') && !isTime(gate.metric))
      return say(`but ${gate.metric} is not a time. Write a plain number.`)
    if (typeof written === 'string' && written.endsWith('%') && rule !== 'max_regression')
      return say("but a percentage is of the champion's value. Write a plain number.")
    const { value, relative } = amount(written)
    if (rule === 'max_regression' && value < 0)
      return say('but a loss is not negative. To ask for a gain, write must_improve: true.')
    if (!relative && value > 1 && isScore(gate.metric))
      return say(`but ${gate.metric} is at most 1. Did you mean ${value / 100}?`)
    return []
  })
}

function isTime(metric: MetricName): boolean {
  return metricFacts(metric).unit === 's'
}

/** What does not go with models that the user's own command runs. */
function unpredictable({ data, train, evaluate }: ModelFile): Contradiction[] {
  if (!evaluate.predict) return []
  const found: Contradiction[] = []
  const say = (path: PropertyKey[], message: string) => found.push({ path, message: `${show(path)} ${message}` })
  if (data.id === undefined) {
    say(['evaluate', 'predict'], 'needs data.id, the column that names a row: predictions are matched by it.')
  }
  const format = /\.\w+$/.exec(train.model)?.[0] ?? ''
  if (!MODEL_FORMATS.includes(format)) {
    say(
      ['train', 'model'],
      `is ${train.model}, which is none of the formats that hold a model and no program: ${MODEL_FORMATS.join(', ')}.`,
    )
  }
  if (evaluate.provider !== 'cpu') {
    say(
      ['evaluate', 'provider'],
      `is ${evaluate.provider}, and evaluate.predict runs the models. Leave one of them out.`,
    )
  }
  const timed = (metric: MetricName, path: PropertyKey[]) => {
    if (isTime(metric)) say(path, `is ${metric}, and what evaluate.predict runs is not timed. Leave it out.`)
  }
  for (const [index, metric] of evaluate.metrics.entries()) timed(metric, ['evaluate', 'metrics', index])
  for (const [index, { metric }] of evaluate.gates.entries()) timed(metric, ['evaluate', 'gates', index, 'metric'])
  return found
}
