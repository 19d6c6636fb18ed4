import type { Dataset } from '@modelyard/data'
import type { FeatureOptions } from '@modelyard/inference'
import { isGroupMetric, isRowMetric, type MetricName, metricFacts, type Provider, type Task } from '@modelyard/spec'
import type { MetricRecord } from '../comparison/comparison.ts'
import type { Contender } from '../contest/contender.ts'
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
  /** Times and loads as they were found before, in place of measuring them. */
  known?: readonly MetricRecord[] | undefined
  log?: ((message: string) => void) | undefined
}

/** Whether a metric is a fact about a machine or a training, which no second look finds again. */
export function isMeasured(name: MetricName): boolean {
  return !isRowMetric(name) && !isGroupMetric(name) && name !== 'file_size'
}

/** Those of these metrics that follow from no row of the hold-out: latencies, sizes, loads, what the training took. */
export async function measureModels(
  names: readonly MetricName[],
  dataset: Dataset,
  candidate: Measurable,
  champion: Measurable | null,
  options: MeasureOptions,
): Promise<MetricRecord[]> {
  const sizes = names.includes('file_size') ? [compareSizes(candidate.bytes, champion?.bytes ?? null)] : []
  return [...sizes, ...(options.known ?? (await measure(names, dataset, candidate, champion, options)))]
}

async function measure(
  names: readonly MetricName[],
  dataset: Dataset,
  candidate: Measurable,
  champion: Measurable | null,
  { task, provider, trainingSeconds, costPerHour, confidence, seed, log, ...features }: MeasureOptions,
): Promise<MetricRecord[]> {
  const of = (kind: 'latency' | 'training') => names.filter((name) => metricFacts(name).of === kind)
  const found = trainingMetrics(of('training'), { seconds: trainingSeconds, costPerHour })
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
