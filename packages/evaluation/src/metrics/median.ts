import { ascendingOrder } from '@modelyard/stats'
import type { Statistic } from './statistics.ts'

/** The median: of an even number, the mean of the two in the middle. */
export function medianOf(values: Float64Array): Statistic {
  const order = ascendingOrder(values)
  return (counts) => {
    let all = 0
    for (let row = 0; row < counts.length; row++) all += counts[row]!
    let before = 0
    let lower = Number.NaN
    for (let place = 0; place < order.length; place++) {
      const row = order[place]!
      before += counts[row]!
      if (Number.isNaN(lower) && 2 * before >= all) lower = values[row]!
      if (2 * before > all) return (lower + values[row]!) / 2
    }
    return Number.NaN
  }
}
