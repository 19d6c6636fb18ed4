import type { KnownMetric } from '../metrics.ts'

/** Other names, as scikit-learn and sktime call their functions and scorers. */
export const ALIASES = {
  accuracy_score: 'accuracy',
  average_precision_score: 'average_precision',
  balanced_accuracy_score: 'balanced_accuracy',
  brier_score_loss: 'brier_score',
  cohen_kappa_score: 'cohen_kappa',
  d2_absolute_error_score: 'd2_absolute_error',
  d2_log_loss_score: 'd2_log_loss',
  explained_variance_score: 'explained_variance',
  f1_score: 'f1',
  jaccard_score: 'jaccard',
  mcc: 'matthews_corrcoef',
  mean_absolute_error: 'mae',
  mean_absolute_percentage_error: 'mape',
  mean_absolute_scaled_error: 'mase',
  mean_average_precision: 'map',
  mean_reciprocal_rank: 'mrr',
  mean_squared_error: 'mse',
  mean_squared_log_error: 'msle',
  ndcg_score: 'ndcg',
  precision_score: 'precision',
  r2_score: 'r2',
  recall_score: 'recall',
  roc_auc_score: 'roc_auc',
  root_mean_squared_error: 'rmse',
  root_mean_squared_log_error: 'rmsle',
  symmetric_mean_absolute_percentage_error: 'smape',
  weighted_absolute_percentage_error: 'wape',
  // Their default.
  top_k_accuracy: 'top_2_accuracy',
  top_k_accuracy_score: 'top_2_accuracy',
} as const satisfies Record<string, KnownMetric>

export type Alias = keyof typeof ALIASES

export const ALIAS_NAMES = Object.keys(ALIASES) as [Alias, ...Alias[]]
