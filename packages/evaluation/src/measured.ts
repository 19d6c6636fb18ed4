import type { Dataset } from '@modelyard/data'
import type { FeatureOptions } from '@modelyard/inference'
import { isGroupMetric, isRowMetric, type MetricName, metricFacts, type Provider, type Task } from '@modelyard/spec'
import type { MetricRecord } from './comparison.ts'
import type { Contender } from './contender.ts'
import { compareTimes, type LatencyMetric, timePredictions } from './latency.ts'
import {
  compareFootprints,
  compareSizes,
  type FootprintMetric,
  measureFootprints,
  trainingMetrics,
} from './resources.ts'

/** A model's file, open. */
export interface Measurable {
  path: string
  bytes: number
  contender: Contender
}

export interface MeasureOptions extends FeatureOptions {
  task: Task
  provider: Provider
  /** How long the candidate trained; undefined where nobody knows. */
  trainingSeconds: number | undefined
  costPerHour: number | undefined
  confidence: number
  seed: number
  log?: ((message: string) => void) | undefined
}

/** Whether a metric is a fact about the model, the machine or the training, which no second look finds again. */
export function isMeasured(name: MetricName): boolean {
  return !isRowMetric(name) && !isGroupMetric(name)
}

/** Measures those of these metrics that follow from no row of the hold-out: latencies, sizes, loads, the training. */
export async function measureModels(
  names: readonly MetricName[],
  dataset: Dataset,
  candidate: Measurable,
  champion: Measurable | null,
  { task, provider, trainingSeconds, costPerHour, confidence, seed, log, ...features }: MeasureOptions,
): Promise<MetricRecord[]> {
  const of = (kind: 'latency' | 'training') => names.filter((name) => metricFacts(name).of === kind)
  const found: MetricRecord[] = trainingMetrics(of('training'), { seconds: trainingSeconds, costPerHour })
  if (names.includes('file_size')) found.push(compareSizes(candidate.bytes, champion?.bytes ?? null))
  const latencies = of('latency') as LatencyMetric[]
  if (latencies.length > 0) {
    log?.('Timing predictions')
    // The model file names no times where a command runs the models.
    const [one, other] = [candidate.contender.onnx!, champion?.contender.onnx ?? null]
    const times = await timePredictions(dataset, one, other, { task, ...features, metrics: latencies })
    found.push(...compareTimes(times, latencies, { confidence, seed }))
  }
  const loads = names.filter(isFootprint)
  if (loads.length > 0) {
    log?.('Loading the models in processes of their own')
    const paths = { candidate: candidate.path, champion: champion?.path ?? null }
    found.push(
      ...compareFootprints(await measureFootprints(dataset, paths, { task, provider, ...features }), loads, confidence),
    )
  }
  return found
}

function isFootprint(name: MetricName): name is FootprintMetric {
  return name === 'cold_load' || name === 'peak_memory'
}
