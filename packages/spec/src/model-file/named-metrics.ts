import type { MetricName } from './metrics.ts'
import type { ModelFile } from './schema.ts'

/** Every metric that a model file names in evaluate.metrics and evaluate.gates, and where. */
export function namedMetrics({ evaluate }: ModelFile): Array<{ metric: MetricName; path: PropertyKey[] }> {
  return [
    ...evaluate.metrics.map((metric, index) => ({ metric, path: ['evaluate', 'metrics', index] })),
    ...evaluate.gates.map(({ metric }, index) => ({ metric, path: ['evaluate', 'gates', index, 'metric'] })),
  ]
}
