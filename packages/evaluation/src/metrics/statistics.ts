/**
 * A metric as a function of how often each row counts. All ones give the metric of the rows themselves, a bootstrap's
 * counts that of a resample. NaN where it is not defined.
 */
export type Statistic = (counts: Int32Array) => number

/** Σ numerator / Σ denominator; without a denominator, the mean. */
export function ratio(numerator: Float64Array, denominator: Float64Array | null): Statistic {
  return (counts) => {
    let above = 0
    let below = 0
    if (denominator) {
      for (let row = 0; row < counts.length; row++) {
        above += counts[row]! * numerator[row]!
        below += counts[row]! * denominator[row]!
      }
    } else {
      for (let row = 0; row < counts.length; row++) {
        above += counts[row]! * numerator[row]!
        below += counts[row]!
      }
    }
    return above / below
  }
}

/** The mean of the classes' recalls, over the classes that the resample holds: two at least. */
export function balancedAccuracy(labels: Float64Array, chosen: Int32Array, classes: number): Statistic {
  const cells = Int32Array.from(labels, (label, row) => 2 * label + +(chosen[row] === label))
  const sums = new Float64Array(2 * classes)
  return (counts) => {
    sums.fill(0)
    for (let row = 0; row < counts.length; row++) sums[cells[row]!]! += counts[row]!
    let recalls = 0
    let present = 0
    for (let cell = 0; cell < sums.length; cell += 2) {
      const total = sums[cell]! + sums[cell + 1]!
      if (total === 0) continue
      recalls += sums[cell + 1]! / total
      present++
    }
    return present < 2 ? Number.NaN : recalls / present
  }
}

/** The correlation of two classes as labelled and as chosen, 1 and 0 each: −1 to 1. */
export function matthewsCorrelation(labels: Float64Array, chosen: Int32Array): Statistic {
  const cells = Int32Array.from(labels, (label, row) => 2 * label + chosen[row]!)
  const sums = new Float64Array(4)
  return (counts) => {
    sums.fill(0)
    for (let row = 0; row < counts.length; row++) sums[cells[row]!]! += counts[row]!
    const [tn, fp, fn, tp] = sums as unknown as [number, number, number, number]
    // 0 / 0, which is NaN, where there is one class only.
    return (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn))
  }
}

/** 1 − Σ(y − ŷ)² / Σ(y − ȳ)². Labels are centred first, so that their variance does not drown in their mean. */
export function r2(labels: Float64Array, predictions: Float64Array): Statistic {
  const centre = labels.reduce((sum, label) => sum + label, 0) / labels.length
  const centred = labels.map((label) => label - centre)
  const squared = labels.map((label, row) => (label - predictions[row]!) ** 2)
  return (counts) => {
    let total = 0
    let sum = 0
    let squares = 0
    let errors = 0
    for (let row = 0; row < counts.length; row++) {
      const weighted = counts[row]! * centred[row]!
      total += counts[row]!
      sum += weighted
      squares += weighted * centred[row]!
      errors += counts[row]! * squared[row]!
    }
    const spread = squares - (sum * sum) / total
    // What is left of equal labels is rounding.
    return spread > squares * 1e-12 ? 1 - errors / spread : Number.NaN
  }
}
