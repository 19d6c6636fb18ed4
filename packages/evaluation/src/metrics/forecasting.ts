import { ROUNDING, sum } from '@modelyard/stats'
import { type Builders, meanLoss, resampled } from './kinds.ts'
import { absolute, type Loss, lossesOf, rootMeanSquare } from './losses.ts'
import { ratio } from './statistics.ts'

const symmetric: Loss = (label, prediction) => {
  const error = Math.abs(label - prediction)
  return error === 0 ? 0 : (2 * error) / (Math.abs(label) + Math.abs(prediction))
}

/** Errors of forecasts, over all rows of all series. */
export const FORECASTING: Builders = {
  /** Mean of 2 |y − ŷ| / (|y| + |ŷ|): 0 to 2, as in the M4 competition and sktime; 0 where both are 0. */
  smape: ({ labels }, predictions) => meanLoss(lossesOf(symmetric, labels, predictions)),
  /** Σ |y − ŷ| / Σ |y|. */
  wape({ labels }, predictions) {
    if (labels.every((label) => label === 0)) {
      return { reason: 'All labels are 0, so there is nothing that an error could be a percentage of.' }
    }
    const errors = lossesOf(absolute, labels, predictions)
    const sizes = labels.map(Math.abs)
    const mean = sum(sizes) / sizes.length
    const rounding = (errors.rounding + ROUNDING * rootMeanSquare(errors.of)) / mean
    return resampled(labels.length, ratio(errors.of, sizes), rounding)
  },
  /** Mean of |y − ŷ| by the scale of the series (Hyndman and Koehler 2006); in the training data, so that it is no forecast's. */
  mase({ labels, scales }, predictions) {
    const missing = scales!.of.find((series) => typeof scales!.by[series] === 'string')
    if (missing !== undefined) return { reason: scales!.by[missing] as string }
    const scaled: Loss = (label, prediction, row) =>
      absolute(label, prediction, row) / (scales!.by[scales!.of[row]!] as number)
    return meanLoss(lossesOf(scaled, labels, predictions))
  },
}
