import type { PredictionMetric } from '@modelyard/spec'
import type { DecideOptions } from '../src/index.ts'
import type { Draws } from './random.ts'
import type { World } from './worlds.ts'

/** What trials counted, by name. */
export type Tally = Record<string, number>

/** One world or population, drawn many times. */
export interface Cell {
  question: 'margin' | 'power' | 'slices' | 'coverage' | 'parity' | 'fairness'
  name: string
  world?: Omit<World, 'discordance'> & Partial<World>
  trials: number
  /** About how long a trial takes, in milliseconds. */
  cost: number
  run: (draws: Draws, tally: Tally) => void
}

/** One point, of accuracy, AUC or Brier score. */
export const MARGIN = 0.01
export const CONFIDENCE = 0.95

/** What the decision is asked, unless a question asks for more. */
export function optionsOf(metric: PredictionMetric): DecideOptions {
  return {
    metrics: [],
    gates: [{ metric, max_regression: MARGIN }],
    slices: [],
    measured: [],
    fewest: 200,
    onInconclusiveSlice: 'warn',
    confidence: CONFIDENCE,
    seed: 1,
    champion: 'the champion',
    identical: false,
    firstVersion: 'refuse',
  }
}

/** Counts one more of something. */
export function count(tally: Tally, name: string): void {
  tally[name] = (tally[name] ?? 0) + 1
}
