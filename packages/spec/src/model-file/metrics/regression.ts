import type { MetricFacts } from './facts.ts'

const tasks = ['regression'] as const

/** An error of a value is one of a forecast as well. */
const error = { better: 'lower', tasks: [...tasks, 'forecasting'] } as const
/** 1 at best, and less than 0 for what is worse than a constant. */
const skill = { better: 'higher', tasks } as const

/** Metrics of values. */
export const REGRESSION = {
  mae: { label: 'Mean absolute error', ...error },
  mse: { label: 'Mean squared error', ...error },
  rmse: { label: 'Root mean squared error', ...error },
  median_absolute_error: { label: 'Median absolute error', ...error },
  max_error: {
    label: 'Largest error',
    ...error,
    unbounded: 'Rows that were seen do not bound the error on those that were not.',
  },
  mape: { label: 'Mean absolute percentage error', ...error },
  msle: { label: 'Mean squared logarithmic error', ...error },
  rmsle: { label: 'Root mean squared logarithmic error', ...error },
  mean_poisson_deviance: { label: 'Mean Poisson deviance', ...error },
  mean_gamma_deviance: { label: 'Mean gamma deviance', ...error },
  'pinball_0.05': { label: 'Pinball loss at 5 %', ...error },
  'pinball_0.1': { label: 'Pinball loss at 10 %', ...error },
  'pinball_0.25': { label: 'Pinball loss at 25 %', ...error },
  'pinball_0.5': { label: 'Pinball loss at 50 %', ...error },
  'pinball_0.75': { label: 'Pinball loss at 75 %', ...error },
  'pinball_0.9': { label: 'Pinball loss at 90 %', ...error },
  'pinball_0.95': { label: 'Pinball loss at 95 %', ...error },
  r2: { label: 'R²', ...skill },
  explained_variance: { label: 'Explained variance', ...skill },
  d2_absolute_error: { label: 'Absolute error, share explained', ...skill },
} as const satisfies Record<string, MetricFacts>
