import type { Feature } from './features.ts'

/** What rows add to a rate, Σ hits / Σ trials, of which more is worse. */
export interface Rate {
  hits: Float64Array
  trials: Float64Array
}

/** One feature's bins, from the one to the other. */
export interface Condition {
  feature: Feature
  from: number
  to: number
}

/** The rows of which all conditions are true. */
export type Part = readonly Condition[]

export function isIn(part: Part, row: number): boolean {
  for (const { feature, from, to } of part) {
    const bin = feature.of[row]!
    if (bin < from || bin > to) return false
  }
  return true
}

/** SQL that is true of the rows of a part. */
export function whereOf(part: Part): string {
  return part.map(({ feature, from, to }) => feature.where(from, to)).join(' and ')
}
