import type { PredictionMetric } from '@modelyard/spec'
import { ROUNDING, sum } from '@modelyard/stats'
import type { Truth } from '../sample/sample.ts'
import { type Losses, rootMeanSquare } from './losses.ts'
import type { Statistic } from './statistics.ts'

/** A metric of the rows themselves, and how it would come out on others. */
export type Measure = {
  value: number
  /** Where the metric is a share of rows. */
  share?: Share
  /** Where it is the mean of several such shares, of different rows: these. */
  shares?: Share[]
} & (Linear | Resampled | Unbounded)

/** Which rows a share is taken over, and which of them count, as 1 and 0. */
export interface Share {
  hits: Float64Array
  trials: Float64Array
  /** Whether the labels alone say which rows it is taken over: then two models' shares are of the same rows. */
  byLabel: boolean
}

/** A metric that is, to first order, a sum over rows. */
export interface Linear {
  /** What each row adds to the metric's distance from the truth; these add up to 0. */
  influences: Float64Array
  /** Rows that spread around the value no more than this, by their root mean square, spread by rounding alone. */
  rounding: number
  /** Where it is an area under a ROC curve, or a mean of such: how many pairs of different rows each has at least. */
  pairs?: number
  /** Where all rows of one of the areas say the same, as in perfect order, or where no two scores differ. */
  flat?: boolean
  /** Where it is a function, never falling, of a mean: that mean, whose interval becomes its own. */
  grows?: { mean: Measure & Linear; as: (mean: number) => number }
}

/** One whose interval comes from resamples. */
export interface Resampled {
  /** The metric of a resample. */
  statistic: Statistic
  /** Resamples that are no further apart than this differ by rounding alone. */
  rounding: number
}

/** One of which no interval exists. */
export interface Unbounded {
  /** Why, as a sentence. */
  unbounded: string
}

/** How to measure, or why there is nothing to measure, as a sentence. */
export type Measured = Measure | { reason: string }

/** The mean of a number for each row. */
export function meanOf(numbers: Float64Array): Measure & Linear {
  return meanLoss({ of: numbers, rounding: 0 })
}

/** The mean of the rows' losses. */
export function meanLoss({ of: losses, rounding }: Losses): Measure & Linear {
  const value = sum(losses) / losses.length
  return {
    value,
    influences: losses.map((loss) => (loss - value) / losses.length),
    rounding: rounding + ROUNDING * rootMeanSquare(losses),
  }
}

/**
 * 1 − the sum of losses over that of the best constant answer. No other constant loses less, so that to first order a row
 * moves it through its own two losses alone.
 */
export function skillOf({ of: losses, rounding }: Losses, constant: Float64Array): Measure & Linear {
  const all = sum(constant)
  const share = sum(losses) / all
  const own = rounding + ROUNDING * (rootMeanSquare(losses) + share * rootMeanSquare(constant))
  return {
    value: 1 - share,
    influences: losses.map((loss, row) => (share * constant[row]! - loss) / all),
    rounding: (own * losses.length) / all,
  }
}

/** The share of all rows that are hit, 1 or 0 each. */
export function shareOfRows(hits: Float64Array): Measure {
  return { ...meanOf(hits), share: { hits, trials: new Float64Array(hits.length).fill(1), byLabel: true } }
}

/**
 * A metric of resamples; `rows` is how many there are of which each counts once. `rounding` is by default that of numbers
 * up to 1.
 */
export function resampled(rows: number, statistic: Statistic, rounding = ROUNDING): Measure & Resampled {
  return { value: statistic(new Int32Array(rows).fill(1)), statistic, rounding }
}

/** Measures a model, which sentences call `whose`. */
export type Builder = (truth: Truth, predictions: Float64Array, whose: string) => Measured

/** How to measure what there is to measure of a task. */
export type Builders = Partial<Record<PredictionMetric, Builder>>
