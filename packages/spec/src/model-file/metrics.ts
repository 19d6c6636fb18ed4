import { CLASSIFICATION } from './metrics/classification.ts'
import { type MetricFacts, TASKS, type Task } from './metrics/facts.ts'
import { FORECASTING } from './metrics/forecasting.ts'
import { GROUPS } from './metrics/groups.ts'
import { RANKING } from './metrics/ranking.ts'
import { REGRESSION } from './metrics/regression.ts'
import { RESOURCES } from './metrics/resources.ts'

export { type MetricFacts, TASKS, type Task }

/** Endings of files that hold a model and nothing that runs when it is read, by which frameworks know them. */
export const MODEL_FORMATS = ['.onnx', '.safetensors', '.ubj', '.json', '.txt', '.cbm', '.gguf', '.tflite']

/** Metrics by name: scikit-learn's names, and whether more is better. */
export const METRICS = {
  ...CLASSIFICATION,
  ...REGRESSION,
  ...RANKING,
  ...FORECASTING,
  ...GROUPS,
  ...RESOURCES,
} as const

/** A metric that Modelyard knows. */
export type KnownMetric = keyof typeof METRICS
/** A metric of the repository's own, as its name says: more is better of a score, less of a loss or an error. */
export type OwnMetric = `${string}_score` | `${string}_loss` | `${string}_error`
export type MetricName = KnownMetric | OwnMetric

/** The metrics that follow from predictions. */
export type PredictionMetric = {
  [name in KnownMetric]: (typeof METRICS)[name] extends { of: string } ? never : name
}[KnownMetric]

/** The metrics that follow from the rows of the hold-out: from what a model predicts of them, or a command scores. */
export type RowMetric = PredictionMetric | OwnMetric

export const METRIC_NAMES = Object.keys(METRICS) as [KnownMetric, ...KnownMetric[]]

const OWN = /^[a-z][a-z0-9_]*_(?:score|loss|error)$/

/** Whether a name is one that the repository's own command may give to what it scores. */
export function isOwnMetric(name: string): name is OwnMetric {
  return !(name in METRICS) && OWN.test(name)
}

/** What is known of a metric, the repository's own among them. */
export function metricFacts(name: MetricName): MetricFacts {
  if (name in METRICS) return METRICS[name as KnownMetric]
  const words = name.replaceAll('_', ' ')
  const better = name.endsWith('_score') ? 'higher' : 'lower'
  return { label: words[0]!.toUpperCase() + words.slice(1), better, tasks: TASKS, of: 'scores' }
}

/** Whether a metric is a score between 0 and 1, of whose differences people speak in points. */
export function isScore(metric: MetricName): boolean {
  return metricFacts(metric).score === true
}

/** The worst value that any model can have; undefined where there is always a worse one. */
export function worstOf(metric: MetricName, task: Task): number | undefined {
  const { score, better, worst } = metricFacts(metric)
  if (score) return better === 'higher' ? 0 : 1
  return typeof worst === 'object' ? worst[task] : worst
}

/** Whether a metric follows from predictions. */
export function isPrediction(name: MetricName): name is PredictionMetric {
  return metricFacts(name).of === undefined
}

/** Whether a metric follows from the rows of the hold-out, so that it can be taken on a part of them as well. */
export function isRowMetric(name: MetricName): name is RowMetric {
  return isPrediction(name) || isOwnMetric(name)
}

/** Whether a task has classes. */
export function isClassification(task: Task): boolean {
  return task.endsWith('-classification')
}

/** How a rate differs between groups. */
export type GroupMetric = {
  [name in KnownMetric]: (typeof METRICS)[name] extends { of: 'groups' } ? name : never
}[KnownMetric]

/** Whether a metric says how a rate differs between groups. */
export function isGroupMetric(name: MetricName): name is GroupMetric {
  return metricFacts(name).of === 'groups'
}

/** The metrics that say something about a task. */
export function metricsFor(task: Task): KnownMetric[] {
  return METRIC_NAMES.filter((name) => (METRICS[name].tasks as readonly Task[]).includes(task))
}
