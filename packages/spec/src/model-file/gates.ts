export const TASKS = ['binary-classification', 'multiclass-classification', 'regression'] as const
export type Task = (typeof TASKS)[number]

/** Endings of files that hold a model and nothing that runs when it is read, by which frameworks know them. */
export const MODEL_FORMATS = ['.onnx', '.safetensors', '.ubj', '.json', '.txt', '.cbm', '.gguf', '.tflite']

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
  latency_p50: { label: 'p50 latency', better: 'lower', tasks: TASKS, unit: 's' },
  latency_p95: { label: 'p95 latency', better: 'lower', tasks: TASKS, unit: 's' },
  latency_p99: { label: 'p99 latency', better: 'lower', tasks: TASKS, unit: 's' },
} as const satisfies Record<
  string,
  { label: string; better: 'higher' | 'lower'; tasks: readonly Task[]; score?: true; unit?: 's' }
>

export type MetricName = keyof typeof METRICS

/** Whether a metric is a score between 0 and 1, of whose differences people speak in points. */
export function isScore(metric: MetricName): boolean {
  return 'score' in METRICS[metric]
}

export const METRIC_NAMES = Object.keys(METRICS) as [MetricName, ...MetricName[]]

/** The metrics that say something about a task. */
export function metricsFor(task: Task): MetricName[] {
  return METRIC_NAMES.filter((name) => (METRICS[name].tasks as readonly Task[]).includes(task))
}

export const amountPattern = /^-?\d+(?:\.\d+)?(?:%|ms|s)$/

/** A number that may be relative to another (`"20%"`). Times are in seconds. */
export interface Amount {
  value: number
  relative: boolean
}

/** Reads a gate's number: `0.6`, `"20%"` (relative, 0.2), `"5ms"` (0.005 s). */
export function amount(written: number | string): Amount {
  if (typeof written === 'number') return { value: written, relative: false }
  const value = Number.parseFloat(written)
  if (written.endsWith('%')) return { value: value / 100, relative: true }
  return { value: written.endsWith('ms') ? value / 1000 : value, relative: false }
}
