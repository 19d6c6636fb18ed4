import { ROUNDING } from '@modelyard/stats'

/** What a row loses by its prediction. */
export type Loss = (label: number, prediction: number, row: number) => number

export const absolute: Loss = (label, prediction) => Math.abs(label - prediction)

/** The losses of all rows. */
export interface Losses {
  of: Float64Array
  /** The root mean square of what rounding of labels and predictions makes of them: much, where both are far from 0. */
  rounding: number
}

export function lossesOf(loss: Loss, labels: Float64Array, predictions: Float64Array): Losses {
  let squares = 0
  const of = labels.map((label, row) => {
    const prediction = predictions[row]!
    const own = loss(label, prediction, row)
    const rounded = prediction + ROUNDING * Math.max(Math.abs(label), Math.abs(prediction))
    squares += (loss(label, rounded, row) - own) ** 2
    return own
  })
  return { of, rounding: Math.sqrt(squares / labels.length) }
}

/** The root of the mean square. */
export function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((squares, value) => squares + value ** 2, 0) / values.length)
}
