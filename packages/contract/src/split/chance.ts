import { hypergeometricTail } from '@modelyard/stats'

/** A chance below this is none. */
export const CHANCE = 0.001

/** So many rows of all of them. */
export interface Part {
  rows: number
  of: number
}

/**
 * The chance of as large a part of the hold-out, if it and the training rows were split by lot: Fisher's exact test,
 * one-sided. 1 where the part is no larger than that of the training rows.
 */
export function byChance(holdout: Part, train: Part): number {
  return hypergeometricTail(holdout.rows, {
    balls: holdout.of + train.of,
    red: holdout.rows + train.rows,
    drawn: holdout.of,
  })
}
