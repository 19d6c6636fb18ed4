import { misbehaved } from './behaviour.ts'
import { ungrouped } from './fairness.ts'
import { unfetchable } from './fetched.ts'
import { gateComplaints } from './gate-complaints.ts'
import { unrelated } from './kinship.ts'
import { mislabelled } from './labels.ts'
import { type MetricName, MODEL_FORMATS, metricFacts, metricsFor, type Task } from './metrics.ts'
import { unscored } from './own-metrics.ts'
import { sliceGate } from './rules.ts'
import type { ModelFile } from './schema.ts'
import { show, suggestion } from './wording.ts'

export interface Contradiction {
  path: PropertyKey[]
  message: string
}

/** What no schema can say: keys that speak of each other. */
export function contradictions(model: ModelFile): Contradiction[] {
  const found = [...mislabelled(model), ...unfetchable(model)]
  for (const { metric, path } of namedMetrics(model)) {
    const complaint = metricComplaint(metric, model)
    if (complaint !== null) found.push({ path, message: `${show(path)} is ${metric}, ${complaint}` })
  }
  for (const [index, gate] of model.evaluate.gates.entries()) {
    for (const { key, message } of gateComplaints(gate, model.task)) {
      const path = ['evaluate', 'gates', index, key]
      found.push({ path, message: `${show(path)} is ${gate[key]}, ${message}` })
    }
  }
  found.push(...repeated(model), ...unapprovable(model))
  if (model.evaluate.slices.length > 0 && !sliceGate(model.evaluate.gates)) {
    found.push({
      path: ['evaluate', 'slices'],
      message:
        'evaluate.slices are held against the first gate with max_regression, and there is none. Add one, or leave the slices out.',
    })
  }
  found.push(
    ...unpredictable(model),
    ...unscored(model),
    ...unrelated(model),
    ...misbehaved(model),
    ...ungrouped(model),
  )
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

/** Every metric that the file names, and where. */
function namedMetrics({ evaluate }: ModelFile): Array<{ metric: MetricName; path: PropertyKey[] }> {
  return [
    ...evaluate.metrics.map((metric, index) => ({ metric, path: ['evaluate', 'metrics', index] })),
    ...evaluate.gates.map(({ metric }, index) => ({ metric, path: ['evaluate', 'gates', index, 'metric'] })),
  ]
}

/** Metrics and gates that are there twice: by two names of one metric, or word for word. */
function repeated({ evaluate }: ModelFile): Contradiction[] {
  return (['metrics', 'gates'] as const).flatMap((key) => {
    const written = evaluate[key].map((each) => JSON.stringify(each))
    return written.flatMap((each, index) => {
      const first = written.indexOf(each)
      if (first === index) return []
      const path = ['evaluate', key, index]
      const what = key === 'metrics' ? `${evaluate.metrics[index]}, as is` : 'the same as'
      return [{ path, message: `${show(path)} is ${what} ${show(['evaluate', key, first])}. Leave one of them out.` }]
    })
  })
}

/** Why a metric cannot be taken of this model; null where it can. */
function metricComplaint(metric: MetricName, { task, train, evaluate }: ModelFile): string | null {
  const { tasks, of } = metricFacts(metric)
  if (!tasks.includes(task)) return `which says nothing about ${task}. ${othersFor(task, metric)}`
  if (evaluate.predict && (of === 'latency' || (of === 'model' && metric !== 'file_size')))
    return 'and what evaluate.predict runs is not measured. Leave it out.'
  if (metric === 'training_cost' && train.cost_per_hour === undefined)
    return 'which is hours times train.cost_per_hour, and there is none. Say what an hour costs.'
  return null
}

/** The metrics of a task that are called like another; without any, all of them. */
function othersFor(task: Task, metric: MetricName): string {
  const all = metricsFor(task)
  const kin = all.filter((name) => name.startsWith(`${metric}_`))
  return kin.length > 0 ? `It has ${kin.join(', ')}.` : `It has: ${all.join(', ')}.`
}

/** Who leaves a verdict to a person needs a stage in which one is asked. */
function unapprovable({ evaluate, stages }: ModelFile): Contradiction[] {
  const why = whyNobodyIsAsked(stages)
  if (why === null) return []
  const asking = [
    ...evaluate.gates.map((gate, index) => ({ asked: gate.on_inconclusive, at: ['gates', index, 'on_inconclusive'] })),
    ...evaluate.behaviour.map((each, index) => ({
      asked: each.on_inconclusive,
      at: ['behaviour', index, 'on_inconclusive'],
    })),
    { asked: evaluate.on_inconclusive_slice, at: ['on_inconclusive_slice'] },
  ]
  return asking
    .filter(({ asked }) => asked === 'require-approval')
    .map(({ at }) => {
      const path = ['evaluate', ...at]
      return { path, message: `${show(path)} is require-approval, but ${why}, or write warn.` }
    })
}

/** Why no stage asks about a version that comes only where somebody is asked; null where one does. */
function whyNobodyIsAsked(stages: ModelFile['stages']): string | null {
  const asking = Object.entries(stages).filter(([, { environment }]) => environment !== undefined)
  if (asking.length === 0) return 'no stage has an environment, so nobody would be asked. Give a stage one'
  const barred = asking.map(([name]) => ({
    name,
    by: stagesBefore(name, stages).find((stage) => !stages[stage]?.environment),
  }))
  if (barred.some(({ by }) => by === undefined)) return null
  const { name, by } = barred[0]!
  return `${name} comes after ${by}, which has no environment, and no such version comes there. Give ${by} one`
}

/** The stages that a version was in before it comes to one, the nearest first. */
function stagesBefore(stage: string, stages: ModelFile['stages']): string[] {
  const found: string[] = []
  for (let at = stages[stage]?.after; at !== undefined && !found.includes(at); at = stages[at]?.after) found.push(at)
  return found
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
  return found
}
