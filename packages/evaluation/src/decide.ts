import {
  isPrediction,
  isRowMetric,
  type MetricName,
  metricsFor,
  type PredictionMetric,
  type Task,
} from '@modelyard/spec'
import { compareMetrics } from './compare.ts'
import type { MetricRecord } from './comparison.ts'
import { decideGates, type Gate, type GateRecord } from './gates.ts'
import { rowsOf, type Sample } from './sample.ts'
import { judgeSlices, type Slice, type SliceRecord, sliceGate } from './slices.ts'

export interface DecideOptions {
  /** Metrics to measure; those of the gates are added. */
  metrics: readonly MetricName[]
  gates: readonly Gate[]
  slices: readonly Slice[]
  /** Latencies, which do not follow from predictions. */
  times: readonly MetricRecord[]
  /** Two-sided confidence of every interval. */
  confidence: number
  /** Of the bootstrap. */
  seed: number
  /** How sentences call the champion; null where there is none. */
  champion: string | null
  /** Whether the candidate is the champion, byte for byte. */
  identical: boolean
  firstVersion: 'allow' | 'refuse'
}

export interface Decision {
  metrics: MetricRecord[]
  gates: GateRecord[]
  slices: SliceRecord[]
}

/** Decides from predictions: measures candidate and champion, and holds them against gates and on slices. */
export function decide(sample: Sample, options: DecideOptions): Decision {
  const { gates, slices, times, confidence, seed, champion, identical, firstVersion } = options
  const names = metricsOf(options)
  const onRows = compareMetrics(sample, names.filter(isRowMetric), { confidence, seed })
  const compared = inOrder(names, [...onRows.map(({ worseBeyond: _, ...metric }) => metric), ...times])
  const metrics = identical ? compared.map(withoutDifference) : compared
  const rows = rowsOf(sample)
  const gate = sliceGate(gates)
  return {
    metrics,
    gates: decideGates({ gates, metrics, rows, confidence, champion, identical, firstVersion }),
    slices:
      gate && champion !== null && !identical ? judgeSlices(sample, slices, { gate, champion, confidence, seed }) : [],
  }
}

/** The metrics that are asked for, each once. */
export function metricsOf({ metrics, gates }: Pick<DecideOptions, 'metrics' | 'gates'>): MetricName[] {
  return [...new Set([...metrics, ...gates.map(({ metric }) => metric)])]
}

/** The metrics of predictions that say something about a task. */
export function predictionMetricsFor(task: Task): PredictionMetric[] {
  return metricsFor(task).filter(isPrediction)
}

/** Of the very same bytes there is no difference to be unsure of. */
function withoutDifference(metric: MetricRecord): MetricRecord {
  return { ...metric, difference: { value: 0, low: 0, high: 0, method: 'identical' } }
}

function inOrder(names: readonly MetricName[], metrics: readonly MetricRecord[]): MetricRecord[] {
  return names.flatMap((name) => metrics.filter((metric) => metric.name === name))
}
