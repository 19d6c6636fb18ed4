import type { Dataset } from '@modelyard/data'
import { type Footprint, type FootprintOptions, openFootprint } from '@modelyard/inference'
import type { MetricName } from '@modelyard/spec'
import { quantileInterval, quantileSorted } from '@modelyard/stats'
import type { MetricRecord } from '../comparison/comparison.ts'

export type FootprintMetric = Extract<MetricName, 'cold_load' | 'peak_memory'>

const PARTS: Record<FootprintMetric, keyof Footprint> = { cold_load: 'load', peak_memory: 'memory' }

/** Of so many, the least but one and the greatest but one enclose the true median in 96 % of cases. */
const ROUNDS = 9

/** A model's footprint in each round; in a round both models are run, one after the other. */
export interface Footprints {
  candidate: Footprint[]
  champion: Footprint[] | null
}

/**
 * Loads both models in fresh processes, in turns, so that whatever else the machine does strikes both; who goes first
 * alternates. A first round, which brings the files into the machine's cache, does not count.
 */
export async function measureFootprints(
  dataset: Dataset,
  paths: { candidate: string; champion: string | null },
  options: FootprintOptions,
): Promise<Footprints> {
  const contenders: Array<{ found: Footprint[] } & Awaited<ReturnType<typeof openFootprint>>> = []
  try {
    for (const path of [paths.candidate, ...(paths.champion === null ? [] : [paths.champion])])
      contenders.push({ found: [], ...(await openFootprint(path, dataset, options)) })
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { found, measure } of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const footprint = await measure()
        if (round > 0) found.push(footprint)
      }
    }
  } finally {
    for (const { close } of contenders) await close()
  }
  return { candidate: contenders[0]!.found, champion: contenders[1]?.found ?? null }
}

/** Medians with exact intervals from order statistics; the difference is the median of those of the rounds. */
export function compareFootprints(
  { candidate, champion }: Footprints,
  metrics: readonly FootprintMetric[],
  confidence: number,
): MetricRecord[] {
  return metrics.map((name) => {
    const of = (found: readonly Footprint[]) => found.map((footprint) => footprint[PARTS[name]])
    const before = champion && of(champion)
    const differences = before && of(candidate).map((value, round) => value - before[round]!)
    return {
      name,
      candidate: median(of(candidate), confidence),
      champion: before && median(before, confidence),
      difference: differences && { ...median(differences, confidence), method: 'order-statistics' },
    }
  })
}

function median(values: readonly number[], confidence: number): MetricRecord['candidate'] {
  const sorted = values.toSorted((one, other) => one - other)
  const ranks = quantileInterval(sorted.length, 0.5, confidence)
  const at = (rank: number | null) => (rank === null ? null : sorted[rank - 1]!)
  return { value: quantileSorted(sorted, 0.5), low: at(ranks.low), high: at(ranks.high) }
}

/** Sizes are what they are: nothing about them is unsure. */
export function compareSizes(candidate: number, champion: number | null): MetricRecord {
  return {
    name: 'file_size',
    candidate: exactly(candidate),
    champion: champion === null ? null : exactly(champion),
    difference: champion === null ? null : { ...exactly(candidate - champion), method: 'exact' },
  }
}

/** What a training took, against a budget; it is not compared with that of the champion, which had other data. */
export function trainingMetrics(
  metrics: readonly MetricName[],
  { seconds, costPerHour }: { seconds: number | undefined; costPerHour: number | undefined },
): MetricRecord[] {
  return metrics.map((name) => ({ name, candidate: spent(name), champion: null, difference: null }))

  function spent(name: MetricName): MetricRecord['candidate'] {
    if (seconds === undefined)
      return missing('The training record does not say how long the training took: run train again.')
    if (name === 'training_time') return exactly(seconds)
    if (costPerHour === undefined)
      return missing('The model file does not say what an hour costs: train.cost_per_hour.')
    return exactly((seconds / 3600) * costPerHour)
  }
}

function exactly(value: number): MetricRecord['candidate'] {
  return { value, low: value, high: value }
}

function missing(reason: string): MetricRecord['candidate'] {
  return { value: null, low: null, high: null, reason }
}
