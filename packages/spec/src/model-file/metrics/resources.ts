import { type MetricFacts, TASKS } from './facts.ts'

/** What a model and its training take. */
export const RESOURCES = {
  latency_p50: { label: 'p50 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  latency_p95: { label: 'p95 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  latency_p99: { label: 'p99 latency', better: 'lower', tasks: TASKS, unit: 's', of: 'latency' },
  file_size: { label: 'File size', better: 'lower', tasks: TASKS, unit: 'bytes', of: 'model' },
  cold_load: { label: 'Cold load', better: 'lower', tasks: TASKS, unit: 's', of: 'model' },
  peak_memory: { label: 'Peak memory', better: 'lower', tasks: TASKS, unit: 'bytes', of: 'model' },
  training_time: { label: 'Training time', better: 'lower', tasks: TASKS, unit: 's', of: 'training' },
  training_cost: { label: 'Training cost', better: 'lower', tasks: TASKS, of: 'training' },
} as const satisfies Record<string, MetricFacts>
