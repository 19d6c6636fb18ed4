import type { Builders } from './kinds.ts'
import { meanOf, resampled } from './kinds.ts'
import { ratio } from './statistics.ts'

/** Errors of forecasts, over all rows of all series. */
export const FORECASTING: Builders = {
  /** Mean of 2 |y − ŷ| / (|y| + |ŷ|): 0 to 2, as in the M4 competition and sktime; 0 where both are 0. */
  smape: ({ labels }, predictions) =>
    meanOf(
      labels.map((label, row) => {
        const error = Math.abs(label - predictions[row]!)
        return error === 0 ? 0 : (2 * error) / (Math.abs(label) + Math.abs(predictions[row]!))
      }),
    ),
  /** Σ |y − ŷ| / Σ |y|. */
  wape({ labels }, predictions) {
    if (labels.every((label) => label === 0)) {
      return { reason: 'All labels are 0, so there is nothing that an error could be a percentage of.' }
    }
    const errors = labels.map((label, row) => Math.abs(label - predictions[row]!))
    return resampled(labels.length, ratio(errors, labels.map(Math.abs)))
  },
  /** Mean of |y − ŷ| by the scale of the series (Hyndman and Koehler 2006); in the training data, so that it is no forecast's. */
  mase({ labels, scales }, predictions) {
    const missing = scales!.of.find((series) => typeof scales!.by[series] === 'string')
    if (missing !== undefined) return { reason: scales!.by[missing] as string }
    return meanOf(
      labels.map((label, row) => Math.abs(label - predictions[row]!) / (scales!.by[scales!.of[row]!] as number)),
    )
  },
}
