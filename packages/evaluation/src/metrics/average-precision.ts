import { ascendingOrder } from '@modelyard/stats'
import type { Statistic } from './statistics.ts'

/** Answers in descending order of their score: sorted once, walked once for each resample. */
interface Ranking {
  /** By place: the row. */
  order: Uint32Array
  /** By place: −1, all bits set, for a positive answer and 0 for another, so that it masks a count. */
  positive: Int32Array
  /** By place: 1 for the last of those with an equal score. */
  last: Uint8Array
}

/** Of labels (1 and 0) and scores that are `width` to a row. */
export function rankingOf(labels: Float64Array, scores: Float64Array, width = 1): Ranking {
  const order = ascendingOrder(scores).reverse()
  return {
    order: width === 1 ? order : order.map((answer) => Math.floor(answer / width)),
    positive: Int32Array.from(order, (answer) => -labels[answer]!),
    last: Uint8Array.from(order, (answer, place) => +(scores[answer] !== scores[order[place + 1]!])),
  }
}

/** Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds: the step-wise area under precision and recall, not interpolated. */
export function averagePrecision({ order, positive, last }: Ranking): Statistic {
  return (counts) => {
    let sum = 0
    let above = 0
    let positives = 0
    let tiedPositives = 0
    for (let place = 0; place < order.length; place++) {
      const count = counts[order[place]!]!
      above += count
      tiedPositives += count & positive[place]!
      if (last[place] && tiedPositives > 0) {
        positives += tiedPositives
        sum += (tiedPositives * positives) / above
        tiedPositives = 0
      }
    }
    return above === positives ? Number.NaN : sum / positives
  }
}
