import type { Columns, Dataset } from '@modelyard/data'
import type { FeatureOptions, Features, OnnxModel } from '@modelyard/inference'
import type { MetricName, Task } from '@modelyard/spec'
import {
  percentileInterval,
  quantile,
  quantileInterval,
  quantileSorted,
  randomSource,
  resample,
} from '@modelyard/stats'
import type { MetricRecord } from '../comparison/comparison.ts'

export type LatencyMetric = Extract<MetricName, `latency_${string}`>

const QUANTILES: Record<LatencyMetric, number> = { latency_p50: 0.5, latency_p95: 0.95, latency_p99: 0.99 }
const WARM_UP = 20
const ROUNDS = 200
/** The least number with which the upper end of a p99 is among the times that were seen, and some. */
const ROUNDS_FOR_P99 = 400

/** Seconds of single-row predictions, one round an entry; in a round both models see the same row. */
export interface Times {
  candidate: Float64Array
  champion: Float64Array | null
}

export interface TimeOptions extends FeatureOptions {
  task: Task
  metrics: readonly LatencyMetric[]
}

/**
 * Times single-row predictions of both models, interleaved, so that whatever else the machine does strikes both. Who
 * goes first alternates. Rows are the dataset's first, over again if they do not suffice.
 */
export async function timePredictions(
  dataset: Dataset,
  candidate: OnnxModel,
  champion: OnnxModel | null,
  { task, metrics, ...columns }: TimeOptions,
): Promise<Times> {
  const rounds = metrics.includes('latency_p99') ? ROUNDS_FOR_P99 : ROUNDS
  const runners = await Promise.all(
    [candidate, champion].map(async (model) => {
      if (!model) return null
      const features = model.features(dataset.columns, columns)
      const rows = await firstRows(dataset, features, WARM_UP + rounds)
      const times = new Float64Array(rounds)
      const time = async (round: number) => {
        const row = rows[round % rows.length]!
        const started = performance.now()
        await model.predict(row, features, task)
        if (round >= WARM_UP) times[round - WARM_UP] = (performance.now() - started) / 1000
      }
      return { times, time }
    }),
  )
  for (let round = 0; round < WARM_UP + rounds; round++) {
    for (const runner of round % 2 === 0 ? runners : runners.toReversed()) await runner?.time(round)
  }
  return { candidate: runners[0]!.times, champion: runners[1]?.times ?? null }
}

async function firstRows(dataset: Dataset, { names, text }: Features, count: number): Promise<Columns[]> {
  const rows: Columns[] = []
  for await (const row of dataset.batches(names, 1, { text })) {
    rows.push(row)
    if (rows.length === count) break
  }
  return rows
}

/**
 * Quantiles of the times: each with its interval from order statistics, the difference with one from a bootstrap of the
 * rounds.
 */
export function compareTimes(
  { candidate, champion }: Times,
  metrics: readonly LatencyMetric[],
  { confidence, seed, replicates = 2000 }: { confidence: number; seed: number; replicates?: number },
): MetricRecord[] {
  return metrics.map((name) => {
    const q = QUANTILES[name]
    return {
      name,
      candidate: estimate(candidate, q, confidence),
      champion: champion && estimate(champion, q, confidence),
      difference: champion && {
        value: quantile(candidate, q) - quantile(champion, q),
        ...percentileInterval(differences(candidate, champion, q, seed, replicates), confidence),
        method: 'paired-bootstrap',
      },
    }
  })
}

function estimate(times: Float64Array, q: number, confidence: number): MetricRecord['candidate'] {
  const sorted = times.toSorted()
  const { low, high } = quantileInterval(sorted.length, q, confidence)
  return { value: quantileSorted(sorted, q), low: at(sorted, low), high: at(sorted, high) }
}

function at(sorted: Float64Array, rank: number | null): number | null {
  return rank === null ? null : sorted[rank - 1]!
}

function differences(candidate: Float64Array, champion: Float64Array, q: number, seed: number, replicates: number) {
  const values = new Float64Array(replicates)
  const [one, other] = [candidate, champion].map((times) => {
    const order = [...times.keys()].sort((i, j) => times[i]! - times[j]!)
    const drawn = new Float64Array(times.length)
    return (counts: Int32Array) => {
      let filled = 0
      for (const round of order) {
        drawn.fill(times[round]!, filled, filled + counts[round]!)
        filled += counts[round]!
      }
      return quantileSorted(drawn, q)
    }
  }) as [(counts: Int32Array) => number, (counts: Int32Array) => number]
  resample({ rows: candidate.length, replicates, random: randomSource(seed) }, (counts, replicate) => {
    values[replicate] = one(counts) - other(counts)
  })
  return values
}
