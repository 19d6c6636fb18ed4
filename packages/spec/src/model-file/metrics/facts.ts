export const TASKS = [
  'binary-classification',
  'multiclass-classification',
  'multilabel-classification',
  'regression',
  'ranking',
  'forecasting',
] as const
export type Task = (typeof TASKS)[number]

/** What is known of a metric. */
export interface MetricFacts {
  label: string
  better: 'higher' | 'lower'
  tasks: readonly Task[]
  /** A score between 0 and 1, of whose differences people speak in points. */
  score?: true
  /** The worst value that any model can have, where there is one, and it is not that of a score. */
  worst?: number | Partial<Record<Task, number>>
  unit?: 's' | 'bytes'
  /** Why no interval of it exists, as a sentence: then no gate can stand on it. */
  unbounded?: string
  /**
   * What it is taken from, where that is not predictions: times of single predictions; the model file; the training;
   * how groups of rows differ; a file of scores that the repository's own command writes.
   */
  of?: 'latency' | 'model' | 'training' | 'groups' | 'scores'
}
