/**
 * A metric as a function of how often each row counts. All ones give the metric of the rows themselves, a bootstrap's
 * counts that of a resample. NaN where it is not defined.
 */
export type Statistic = (counts: Int32Array) => number

/** Σ numerator / Σ denominator. */
export function ratio(numerator: Float64Array, denominator: Float64Array): Statistic {
  return (counts) => {
    let above = 0
    let below = 0
    for (let row = 0; row < counts.length; row++) {
      above += counts[row]! * numerator[row]!
      below += counts[row]! * denominator[row]!
    }
    return above / below
  }
}
