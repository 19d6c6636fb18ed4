import { delong, ROUNDING, scatterOf } from '@modelyard/stats'
import type { Linear, Measure } from './kinds.ts'

type Area = Measure & Linear & { pairs: number; flat: boolean }

/**
 * The area under one ROC curve: `labels` are 1 and 0, both of them. The influences are DeLong's, scaled so that the
 * variance from all of them is DeLong's, whose means are of one class each.
 */
export function area(labels: Float64Array, scores: Float64Array): Area {
  const { auc, influences, positives, negatives } = delong(labels, [scores])
  // A class of one row shows no variance; of so few no interval is made.
  const unbiased = (rows: number) => rows / Math.max(1, rows - 1)
  const [ofPositive, ofNegative] = [positives, negatives].map((rows) =>
    Math.sqrt(unbiased(rows) / unbiased(labels.length)),
  ) as [number, number]
  return {
    value: auc[0]!,
    influences: influences[0]!.map((influence, row) => influence * (labels[row] === 1 ? ofPositive : ofNegative)),
    rounding: ROUNDING,
    flat: scatterOf(influences[0]!, labels.length, ROUNDING / labels.length).error === 0,
    pairs: Math.min(positives, negatives),
  }
}

/** One of several areas that are averaged. */
export interface Part {
  labels: Float64Array
  scores: Float64Array
  /** The rows that labels and scores are of; null for all of them. */
  rows: Uint32Array | null
  /** The area weighs as much as there are rows in these lists, none of them twice; null where all areas weigh the same. */
  weighedBy: readonly Uint32Array[] | null
}

/**
 * The mean of several areas, weighted where they have weights. The weights are counts of rows, so a row also moves the
 * mean by weighing an area that is off it. A part is let go before the next is asked for.
 */
export function meanArea(rows: number, parts: Iterable<Part>): Area {
  const influences = new Float64Array(rows)
  const areas: Array<Pick<Area, 'value' | 'flat' | 'pairs'> & Pick<Part, 'weighedBy'>> = []
  let [weighted, weights] = [0, 0]
  for (const part of parts) {
    const { influences: own, ...one } = area(part.labels, part.scores)
    const weight = part.weighedBy?.reduce((count, { length }) => count + length, 0) ?? 1
    weighted += weight * one.value
    weights += weight
    for (let at = 0; at < own.length; at++) influences[part.rows?.[at] ?? at]! += weight * own[at]!
    areas.push({ ...one, weighedBy: part.weighedBy })
  }
  // Divided once, so that areas of 1 have the mean 1.
  const value = weighted / weights
  for (const one of areas) {
    for (const list of one.weighedBy ?? []) for (const row of list) influences[row]! += one.value - value
  }
  return {
    value,
    influences: influences.map((influence) => influence / weights),
    rounding: ROUNDING,
    pairs: Math.min(...areas.map(({ pairs }) => pairs)),
    flat: areas.some(({ flat }) => flat),
  }
}
