import type { METRICS } from '@modelyard/spec'
import { Document, isPair, isScalar, Scalar, visit } from 'yaml'
import type { ShownTask } from './data.ts'
import { escapeFormat, hasFormat } from './escape-format.ts'

export interface ModelFacts {
  name: string
  task: ShownTask
  data: { prepare?: string; contract: string; train: string; holdout: string; label: string; id?: string }
  train: { run: string; inputs: string[]; model: string; predictions?: string }
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
  const texts = parts.map((part) => written(part))
  return [`# yaml-language-server: $schema=${SCHEMA}`, ...texts].join('\n').replace(/^(# .*\n)\n/, '$1')
}

/** The nodes above one that is inside of a part's own keys: document, part, its pair, the inner pair. */
const INNER = 4

/** As people write it: plain values that are inside of a part's own keys stand on one line, if they fit. */
function written(part: object): string {
  const document = new Document(part)
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && hasFormat(node.value)) node.type = Scalar.QUOTE_DOUBLE
    },
    Collection(_, node, path) {
      const values = node.items.map((item) => (isPair(item) ? item.value : item))
      const short = JSON.stringify(node).length <= LONGEST
      if (path.length > INNER && short && values.every((each) => isScalar(each))) node.flow = true
    },
  })
  // The library pads mappings and lists alike, or neither.
  const text = document.toString({ flowCollectionPadding: false, lineWidth: 120 })
  return escapeFormat(text).replace(/([:-]) \{(.+)\}$/gm, '$1 { $2 }')
}

/** Characters that fit on a line beside a key. */
const LONGEST = 90

type Gate = { metric: keyof typeof METRICS; min?: number; max_regression?: string }

/** What is looked at, and what must hold: better than guessing, and not much worse than what it replaces. */
function judgement(task: ShownTask, classes: number): { metrics: string[]; gates: Gate[] } {
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
    case 'multilabel-classification':
      return {
        metrics: ['f1_macro', 'hamming_loss', 'accuracy'],
        gates: [{ metric: 'f1_macro', max_regression: MARGIN }],
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
