import { amount, type ModelFile, type Predicate } from '@modelyard/spec'
import type { MetricRecord } from '../comparison/comparison.ts'

/** A gate as the model file has it. */
export type Gate = ModelFile['evaluate']['gates'][number]
/** A gate's rule as the gate record holds it. */
export type GateRecord = Predicate<'gate'>['gates'][number]

/** An amount in the metric's unit: a percentage is of the champion's value. */
export function marginOf(written: number | string, metric: MetricRecord | undefined): number {
  const { value, relative } = amount(written)
  return relative ? value * Math.abs(metric?.champion?.value ?? 0) : value
}
