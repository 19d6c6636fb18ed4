import {
  isPrediction,
  isRowMetric,
  type MetricName,
  metricsFor,
  type PredictionMetric,
  sliceGate,
  type Task,
} from '@modelyard/spec'
import { compareMetrics } from './comparison/compare.ts'
import type { MetricRecord } from './comparison/comparison.ts'
import { measureGroups } from './fairness/fairness.ts'
import type { FairnessRecord } from './fairness/rates.ts'
import type { Slice } from './gates/find-slices.ts'
import type { Gate, GateRecord } from './gates/gate.ts'
import { measureParts } from './gates/gate-slices.ts'
import { decideGates, waitingRules } from './gates/gates.ts'
import type { OnInconclusive } from './gates/on-inconclusive.ts'
import { judgeSlices, type SliceRecord } from './gates/slices.ts'
import { rowsOf, type Sample } from './sample/sample.ts'

export interface DecideOptions {
  /** Metrics to measure; those of the gates are added. */
  metrics: readonly MetricName[]
  gates: readonly Gate[]
  slices: readonly Slice[]
  /** The rows of the parts of the hold-out that gates name, by their condition. */
  parts?: ReadonlyMap<string, Uint32Array>
  /** The values of the columns whose groups gates compare, one a row. */
  groupColumns?: ReadonlyMap<string, ReadonlyArray<string | null>>
  /** What does not follow from rows: latencies, sizes, what the training took. */
  measured: readonly MetricRecord[]
  /** With fewer rows a slice is not judged. */
  fewest: number
  /** What a slice comes to that has not enough evidence. */
  onInconclusiveSlice: OnInconclusive
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
  fairness: FairnessRecord[]
  /** The rules that wait for a champion. */
  waiting: ReturnType<typeof waitingRules>
}

/** Decides from predictions: measures candidate and champion, and holds them against gates and on slices. */
export function decide(sample: Sample, options: DecideOptions): Decision {
  const { gates, slices, parts = new Map(), measured, fewest, confidence, seed, champion, identical } = options
  const names = metricsOf(options)
  const onRows = compareMetrics(sample, names.filter(isRowMetric), { confidence, seed })
  const compared = inOrder(names, [...onRows.map(({ worseBeyond: _, ...metric }) => metric), ...measured])
  const metrics = identical ? compared.map(withoutDifference) : compared
  const fairness = measureGroups(sample, gates, options.groupColumns ?? new Map(), { confidence, seed })
  const gate = sliceGate(gates)
  return {
    metrics,
    gates: decideGates({
      ...{ gates, metrics, confidence, champion, identical, firstVersion: options.firstVersion },
      rows: rowsOf(sample),
      parts: measureParts(sample, gates, parts, { fewest, confidence, seed }),
      fairness,
    }),
    waiting: waitingRules(options),
    fairness: fairness.map(({ sound: _, ...record }) => record),
    slices:
      gate && !identical
        ? judgeSlices(sample, slices, {
            ...{ gate, champion, fewest, confidence, seed },
            onInconclusive: options.onInconclusiveSlice,
          })
        : [],
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

/** Of the very same bytes there is no difference to be unsure of, where there is a value at all. */
function withoutDifference(metric: MetricRecord): MetricRecord {
  if (!metric.champion || !Number.isFinite(metric.candidate.value)) return metric
  return { ...metric, difference: { value: 0, low: 0, high: 0, method: 'identical' } }
}

function inOrder(names: readonly MetricName[], metrics: readonly MetricRecord[]): MetricRecord[] {
  return names.flatMap((name) => metrics.filter((metric) => metric.name === name))
}
