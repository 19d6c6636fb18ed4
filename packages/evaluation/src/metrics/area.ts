import { delong } from '@modelyard/stats'
import type { Linear, Measure } from './kinds.ts'

type Area = Measure & Linear & { pairs: number }

/**
 * The area under one ROC curve: `labels` are 1 and 0, both of them. The influences are DeLong's, scaled so that the
 * variance from all of them is DeLong's, whose means are of one class each.
 */
export function area(labels: Float64Array, scores: Float64Array): Area {
  const { auc, influences, positives, negatives } = delong(labels, [scores])
  const unbiased = (rows: number) => rows / (rows - 1)
  const [ofPositive, ofNegative] = [positives, negatives].map((rows) =>
    Math.sqrt(unbiased(rows) / unbiased(labels.length)),
  ) as [number, number]
  return {
    value: auc[0]!,
    influences: influences[0]!.map((influence, row) => influence * (labels[row] === 1 ? ofPositive : ofNegative)),
    pairs: Math.min(positives, negatives),
  }
}

/** Areas that are averaged: each with the weight that every row gives it, and the rows that it is taken from. */
export interface Part {
  labels: Float64Array
  scores: Float64Array
  /** What each row adds to this area's weight: null where all areas weigh the same. */
  weights: Float64Array | null
  /** The rows that labels and scores are of; null for all of them. */
  rows: Uint32Array | null
}

/**
 * The mean of several areas, weighted where they have weights. The weights are sums over rows as well, so a row also moves
 * the mean by weighing an area that is off it.
 */
export function meanArea(rows: number, parts: readonly Part[]): Area {
  const areas = parts.map(({ labels, scores }) => area(labels, scores))
  const weights = parts.map(({ weights }) => (weights ? weights.reduce((sum, weight) => sum + weight, 0) : 1))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const value = areas.reduce((mean, one, index) => mean + (weights[index]! / all) * one.value, 0)
  const influences = new Float64Array(rows)
  for (const [index, one] of areas.entries()) {
    const part = parts[index]!
    const share = weights[index]! / all
    for (let at = 0; at < one.influences.length; at++) influences[part.rows?.[at] ?? at]! += share * one.influences[at]!
    if (!part.weights) continue
    const off = (one.value - value) / all
    for (let row = 0; row < rows; row++) influences[row]! += part.weights[row]! * off
  }
  return { value, influences, pairs: Math.min(...areas.map(({ pairs }) => pairs)) }
}
