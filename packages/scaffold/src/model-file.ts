import type { METRICS, Task } from '@modelyard/spec'
import { stringify } from 'yaml'

export interface ModelFacts {
  name: string
  task: Task
  data: { prepare?: string; contract: string; train: string; holdout: string; label: string; id?: string }
  train: { run: string; inputs: string[]; model: string }
  classes: number
}

/** How much worse than the champion a candidate may be, before anyone has thought about it. */
const MARGIN = '5%'

const SCHEMA = 'https://raw.githubusercontent.com/modelyard/modelyard/v1/packages/spec/schema/model.json'

/** The text of a `model.yaml`. */
export function modelFile({ name, task, data, train, classes }: ModelFacts): string {
  const { metrics, gates } = judgement(task, classes)
  const parts = [
    { name, task },
    { data },
    { train },
    { evaluate: { metrics, gates, first_version: 'allow' } },
    { stages: { staging: {}, production: { after: 'staging', environment: 'production' } } },
  ]
  const texts = parts.map((part) => stringify(part, { lineWidth: 0, flowCollectionPadding: true }))
  return [`# yaml-language-server: $schema=${SCHEMA}`, ...texts].join('\n').replace(/^(# .*\n)\n/, '$1')
}

type Gate = { metric: keyof typeof METRICS; min?: number; max_regression?: string }

/** What is looked at, and what must hold: better than guessing, and not much worse than what it replaces. */
function judgement(task: Task, classes: number): { metrics: string[]; gates: Gate[] } {
  switch (task) {
    case 'binary-classification':
      return {
        metrics: ['roc_auc', 'accuracy', 'log_loss'],
        gates: [{ metric: 'roc_auc', min: 0.5, max_regression: MARGIN }],
      }
    case 'multiclass-classification':
      return {
        metrics: ['balanced_accuracy', 'accuracy', 'log_loss'],
        gates: [{ metric: 'balanced_accuracy', min: Math.ceil(100 / classes) / 100, max_regression: MARGIN }],
      }
    case 'regression':
      return {
        metrics: ['r2', 'mae', 'rmse'],
        gates: [
          { metric: 'r2', min: 0 },
          { metric: 'mae', max_regression: MARGIN },
        ],
      }
  }
}
