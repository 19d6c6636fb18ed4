export const TASKS = ['binary-classification', 'multiclass-classification', 'regression'] as const
export type Task = (typeof TASKS)[number]

/** Endings of files that hold a model and nothing that runs when it is read, by which frameworks know them. */
export const MODEL_FORMATS = ['.onnx', '.safetensors', '.ubj', '.json', '.txt', '.cbm', '.gguf', '.tflite']

/** What is known of a metric. */
export interface MetricFacts {
  label: string
  better: 'higher' | 'lower'
  tasks: readonly Task[]
  /** A score between 0 and 1, of whose differences people speak in points. */
  score?: true
  unit?: 's' | 'bytes'
  /**
   * What it is taken from, where that is not predictions: times of single predictions; the model file; the training;
   * how groups of rows differ; a file of scores that the repository's own command writes.
   */
  of?: 'latency' | 'model' | 'training' | 'groups' | 'scores'
}

/** How a rate differs between groups of rows, by fairlearn's names: the greatest less the least, or the least by the greatest. */
const amongGroups = { score: true, tasks: ['binary-classification'], of: 'groups' } as const

/** Metrics by name: scikit-learn's names, and whether more is better. */
export const METRICS = {
  roc_auc: { label: 'AUC', better: 'higher', score: true, tasks: ['binary-classification'] },
  average_precision: { label: 'Average precision', better: 'higher', score: true, tasks: ['binary-classification'] },
  brier_score: { label: 'Brier score', better: 'lower', tasks: ['binary-classification'] },
  log_loss: { label: 'Log loss', better: 'lower', tasks: ['binary-classification', 'multiclass-classification'] },
  accuracy: {
    label: 'Accuracy',
    better: 'higher',
    score: true,
    tasks: ['binary-classification', 'multiclass-classification'],
  },
  balanced_accuracy: {
    label: 'Balanced accuracy',
    better: 'higher',
    score: true,
    tasks: ['binary-classification', 'multiclass-classification'],
  },
  precision: { label: 'Precision', better: 'higher', score: true, tasks: ['binary-classification'] },
  recall: { label: 'Recall', better: 'higher', score: true, tasks: ['binary-classification'] },
  f1: { label: 'F1', better: 'higher', score: true, tasks: ['binary-classification'] },
  matthews_corrcoef: { label: 'Matthews correlation', better: 'higher', tasks: ['binary-classification'] },
  mae: { label: 'Mean absolute error', better: 'lower', tasks: ['regression'] },
  rmse: { label: 'Root mean squared error', better: 'lower', tasks: ['regression'] },
  r2: { label: 'R²', better: 'higher', tasks: ['regression'] },
  demographic_parity_difference: { label: 'Demographic parity difference', better: 'lower', ...amongGroups },
  demographic_parity_ratio: { label: 'Demographic parity ratio', better: 'higher', ...amongGroups },
  equalized_odds_difference: { label: 'Equalized odds difference', better: 'lower', ...amongGroups },
  equalized_odds_ratio: { label: 'Equalized odds ratio', better: 'higher', ...amongGroups },
  equal_opportunity_difference: { label: 'Equal opportunity difference', better: 'lower', ...amongGroups },
  equal_opportunity_ratio: { label: 'Equal opportunity ratio', better: 'higher', ...amongGroups },
  false_positive_rate_difference: { label: 'False positive rate difference', better: 'lower', ...amongGroups },
  precision_score_difference: { label: 'Precision difference', better: 'lower', ...amongGroups },
  accuracy_score_difference: { label: 'Accuracy difference', better: 'lower', ...amongGroups },
  latency_p50: { label: 'p50 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  latency_p95: { label: 'p95 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  latency_p99: { label: 'p99 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  file_size: { label: 'File size', better: 'lower', tasks: TASKS, unit: 'bytes', of: 'model' },
  cold_load: { label: 'Cold load', better: 'lower', tasks: TASKS, unit: 's', of: 'model' },
  peak_memory: { label: 'Peak memory', better: 'lower', tasks: TASKS, unit: 'bytes', of: 'model' },
  training_time: { label: 'Training time', better: 'lower', tasks: TASKS, unit: 's', of: 'training' },
  training_cost: { label: 'Training cost', better: 'lower', tasks: TASKS, of: 'training' },
} as const satisfies Record<string, MetricFacts>

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
