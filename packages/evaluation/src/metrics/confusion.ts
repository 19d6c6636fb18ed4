import type { Truth } from '../sample/sample.ts'
import type { Tally } from './rates.ts'
import type { Statistic } from './statistics.ts'

/** How many rows are of each class and given each class: classes × classes, a row for each true class. */
export type Confusion = Float64Array

/** A metric of the confusion matrix, as a statistic. `of` reads the matrix and keeps none of it. */
export function ofConfusion(
  { labels, classes: { length: classes } }: Truth,
  chosen: Int32Array,
  of: (confusion: Confusion) => number,
): Statistic {
  const cells = Int32Array.from(labels, (label, row) => label * classes + chosen[row]!)
  const confusion = new Float64Array(classes * classes)
  return (counts) => {
    confusion.fill(0)
    for (let row = 0; row < counts.length; row++) confusion[cells[row]!]! += counts[row]!
    return of(confusion)
  }
}

/** The confusion matrix of the rows themselves. */
export function confusionOf({ labels, classes: { length: classes } }: Truth, chosen: Int32Array): Confusion {
  const confusion = new Float64Array(classes * classes)
  for (let row = 0; row < chosen.length; row++) confusion[labels[row]! * classes + chosen[row]!]!++
  return confusion
}

/** What a confusion matrix says of each class. */
export function tallyOf(confusion: Confusion): Tally {
  const classes = Math.sqrt(confusion.length)
  const [hits, labelled, chosen] = [0, 1, 2].map(() => new Float64Array(classes)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let truth = 0; truth < classes; truth++) {
    for (let given = 0; given < classes; given++) {
      const rows = confusion[truth * classes + given]!
      labelled[truth]! += rows
      chosen[given]! += rows
      if (truth === given) hits[truth] = rows
    }
  }
  return { hits, labelled, chosen }
}

/** The mean of the recalls of the classes that there are: two at least, else NaN. */
export function balancedAccuracy(confusion: Confusion): number {
  const { hits, labelled } = tallyOf(confusion)
  let recalls = 0
  let present = 0
  for (const [class_, rows] of labelled.entries()) {
    if (rows === 0) continue
    recalls += hits[class_]! / rows
    present++
  }
  return present < 2 ? Number.NaN : recalls / present
}

/** The correlation of the classes as labelled and as chosen (Gorodkin's R_K; of two classes, Matthews'): −1 to 1. */
export function matthewsCorrelation(confusion: Confusion): number {
  const { hits, labelled, chosen } = tallyOf(confusion)
  let [rows, right, both, labelledSquares, chosenSquares] = [0, 0, 0, 0, 0]
  for (const [class_, count] of labelled.entries()) {
    rows += count
    right += hits[class_]!
    both += count * chosen[class_]!
    labelledSquares += count * count
    chosenSquares += chosen[class_]! * chosen[class_]!
  }
  // 0 / 0, which is NaN, where there is one class only.
  return (right * rows - both) / Math.sqrt((rows * rows - labelledSquares) * (rows * rows - chosenSquares))
}

/** How far apart two classes are, from their places in order. */
export type Apart = (one: number, other: number) => number

/** 1 − the disagreement that is found over that of labels and choices that know nothing of each other (Cohen 1968). */
export function cohenKappa(confusion: Confusion, apart: Apart): number {
  const { labelled, chosen } = tallyOf(confusion)
  const classes = labelled.length
  let [found, expected, rows] = [0, 0, 0]
  for (let truth = 0; truth < classes; truth++) {
    rows += labelled[truth]!
    for (let given = 0; given < classes; given++) {
      const weight = apart(truth, given)
      found += weight * confusion[truth * classes + given]!
      expected += weight * labelled[truth]! * chosen[given]!
    }
  }
  return 1 - (found * rows) / expected
}
