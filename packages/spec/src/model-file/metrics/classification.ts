import type { MetricFacts } from './facts.ts'

const BINARY = ['binary-classification'] as const
const MULTICLASS = ['multiclass-classification'] as const
const CLASSES = ['binary-classification', 'multiclass-classification'] as const
const ALL = ['binary-classification', 'multiclass-classification', 'multilabel-classification'] as const
const MULTILABEL = ['multilabel-classification'] as const

const score = { better: 'higher', score: true } as const
/** 1 at best, and less than 0 for what is worse than guessing. */
const skill = { better: 'higher' } as const
const correlation = { ...skill, worst: -1 } as const

/** Of several classes it is summed over all: the one that is chosen, and the one that is right. */
const BRIER = { 'binary-classification': 1, 'multiclass-classification': 2 } as const

/** Metrics of classes, labels and their probabilities. */
export const CLASSIFICATION = {
  roc_auc: { label: 'AUC', ...score, tasks: BINARY },
  roc_auc_ovr: { label: 'AUC, one class against the rest', ...score, tasks: MULTICLASS },
  roc_auc_ovr_weighted: { label: 'AUC, one class against the rest, weighted', ...score, tasks: MULTICLASS },
  roc_auc_ovo: { label: 'AUC, one class against one', ...score, tasks: MULTICLASS },
  roc_auc_ovo_weighted: { label: 'AUC, one class against one, weighted', ...score, tasks: MULTICLASS },
  roc_auc_macro: { label: 'AUC, mean of labels', ...score, tasks: MULTILABEL },
  roc_auc_weighted: { label: 'AUC, weighted mean of labels', ...score, tasks: MULTILABEL },
  average_precision: { label: 'Average precision', ...score, tasks: BINARY },
  average_precision_macro: { label: 'Average precision, mean of labels', ...score, tasks: MULTILABEL },
  average_precision_micro: { label: 'Average precision, all labels', ...score, tasks: MULTILABEL },
  brier_score: { label: 'Brier score', better: 'lower', worst: BRIER, tasks: CLASSES },
  log_loss: { label: 'Log loss', better: 'lower', tasks: CLASSES },
  d2_brier_score: { label: 'Brier skill score', ...skill, tasks: CLASSES },
  d2_log_loss: { label: 'Log loss, share explained', ...skill, tasks: CLASSES },
  accuracy: { label: 'Accuracy', ...score, tasks: ALL },
  balanced_accuracy: { label: 'Balanced accuracy', ...score, tasks: CLASSES },
  top_2_accuracy: { label: 'Top-2 accuracy', ...score, tasks: MULTICLASS },
  top_3_accuracy: { label: 'Top-3 accuracy', ...score, tasks: MULTICLASS },
  top_5_accuracy: { label: 'Top-5 accuracy', ...score, tasks: MULTICLASS },
  precision: { label: 'Precision', ...score, tasks: BINARY },
  precision_macro: { label: 'Precision, macro', ...score, tasks: ALL },
  precision_micro: { label: 'Precision, micro', ...score, tasks: ALL },
  precision_weighted: { label: 'Precision, weighted', ...score, tasks: ALL },
  precision_samples: { label: 'Precision, mean of rows', ...score, tasks: MULTILABEL },
  recall: { label: 'Recall', ...score, tasks: BINARY },
  recall_macro: { label: 'Recall, macro', ...score, tasks: ALL },
  recall_micro: { label: 'Recall, micro', ...score, tasks: ALL },
  recall_weighted: { label: 'Recall, weighted', ...score, tasks: ALL },
  recall_samples: { label: 'Recall, mean of rows', ...score, tasks: MULTILABEL },
  f1: { label: 'F1', ...score, tasks: BINARY },
  'f0.5': { label: 'F0.5', ...score, tasks: BINARY },
  f2: { label: 'F2', ...score, tasks: BINARY },
  f1_macro: { label: 'F1, macro', ...score, tasks: ALL },
  f1_micro: { label: 'F1, micro', ...score, tasks: ALL },
  f1_weighted: { label: 'F1, weighted', ...score, tasks: ALL },
  f1_samples: { label: 'F1, mean of rows', ...score, tasks: MULTILABEL },
  jaccard: { label: 'Jaccard index', ...score, tasks: BINARY },
  jaccard_macro: { label: 'Jaccard index, macro', ...score, tasks: ALL },
  jaccard_micro: { label: 'Jaccard index, micro', ...score, tasks: ALL },
  jaccard_weighted: { label: 'Jaccard index, weighted', ...score, tasks: ALL },
  jaccard_samples: { label: 'Jaccard index, mean of rows', ...score, tasks: MULTILABEL },
  hamming_loss: { label: 'Hamming loss', better: 'lower', worst: 1, tasks: MULTILABEL },
  matthews_corrcoef: { label: 'Matthews correlation', ...correlation, tasks: CLASSES },
  cohen_kappa: { label: 'Cohen’s kappa', ...correlation, tasks: CLASSES },
  cohen_kappa_linear: { label: 'Cohen’s kappa, linear weights', ...correlation, tasks: MULTICLASS },
  cohen_kappa_quadratic: { label: 'Cohen’s kappa, quadratic weights', ...correlation, tasks: MULTICLASS },
} as const satisfies Record<string, MetricFacts>
