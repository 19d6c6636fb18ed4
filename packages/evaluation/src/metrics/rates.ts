/** Rows of each class, or with each label: that are given it rightly, that have it, that are given it. */
export interface Tally {
  hits: Float64Array
  labelled: Float64Array
  chosen: Float64Array
}

export type Rate = 'precision' | 'recall' | 'f1' | 'jaccard'

/** Over all classes: of their sums, the mean of each one's own, or that weighted by the rows that have it. */
export type Average = 'micro' | 'macro' | 'weighted'

/** Whether a class counts that no row has and none is given: to `classes` it is unknown then, `labels` are asked for. */
export type Over = 'classes' | 'labels'

/** A rate of one class, label or row; 0 / 0, which is NaN, where nothing decides it. */
export const RATES: Record<Rate, (hits: number, labelled: number, chosen: number) => number> = {
  precision: (hits, _, chosen) => hits / chosen,
  recall: (hits, labelled) => hits / labelled,
  f1: (hits, labelled, chosen) => (2 * hits) / (labelled + chosen),
  jaccard: (hits, labelled, chosen) => hits / (labelled + chosen - hits),
}

/** The average of a rate; NaN where that of a class that counts is not defined. */
export function averageRate(rate: Rate, how: Average, over: Over, tally: Tally): number {
  const { hits, labelled, chosen } = tally
  if (how === 'micro') return RATES[rate](total(hits), total(labelled), total(chosen))
  let [sum, weights] = [0, 0]
  for (let class_ = 0; class_ < hits.length; class_++) {
    const weight = weightOf(class_, how, over, tally)
    if (weight === 0) continue
    sum += weight * RATES[rate](hits[class_]!, labelled[class_]!, chosen[class_]!)
    weights += weight
  }
  return sum / weights
}

/** The first class that counts and whose rate is not defined; −1 where there is none. */
export function undefinedClass(rate: Rate, how: Average, over: Over, tally: Tally): number {
  return tally.hits.findIndex((hits, class_) => {
    const own = RATES[rate](hits, tally.labelled[class_]!, tally.chosen[class_]!)
    return Number.isNaN(own) && weightOf(class_, how, over, tally) > 0
  })
}

function weightOf(class_: number, how: Average, over: Over, { labelled, chosen }: Tally): number {
  if (how === 'weighted') return labelled[class_]!
  return over === 'labels' || labelled[class_]! + chosen[class_]! > 0 ? 1 : 0
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
