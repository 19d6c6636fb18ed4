import type { MetricFacts } from './facts.ts'

const error = { better: 'lower', tasks: ['forecasting'] } as const

/** Metrics of forecasts, beside those that every error of a value has. */
export const FORECASTING = {
  smape: { label: 'Symmetric mean absolute percentage error', ...error, worst: 2 },
  wape: { label: 'Weighted absolute percentage error', ...error },
  mase: { label: 'Mean absolute scaled error', ...error },
} as const satisfies Record<string, MetricFacts>
