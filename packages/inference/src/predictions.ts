/** What a model says of each row, in the order of the rows. Which fields there are depends on the task. */
export interface Predictions {
  rows: number
  /** Binary classification: probability of the positive class. */
  probabilities?: Float64Array
  /** Multiclass classification: rows × classes, row by row; multilabel: rows × labels. */
  classProbabilities?: Float64Array
  /**
   * Classification: the classes as text (`"0"`, `"1"`, `"late"`), in the order of the probabilities. Binary: negative,
   * positive; the positive one is called 1 or true, or else is the second. Multilabel: the labels, where they are named.
   */
  classes?: string[]
  /** Classification: the class that the model chose, as text, as in `classes`. */
  labels?: string[]
  /** Regression. */
  values?: Float64Array
}

/** The class that is called 1 or true; else the second, as scikit-learn sorts them. */
export function positiveOf(names: readonly string[]): 0 | 1 {
  return /^(?:1|true)$/i.test(names[0]!) ? 0 : 1
}

/** Predictions of several batches as one. */
export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const first = parts[0]!
  return {
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    ...(first.classes && { classes: first.classes }),
    ...(first.probabilities && { probabilities: joined(parts.map((part) => part.probabilities!)) }),
    ...(first.classProbabilities && { classProbabilities: joined(parts.map((part) => part.classProbabilities!)) }),
    ...(first.values && { values: joined(parts.map((part) => part.values!)) }),
    ...(first.labels && { labels: parts.flatMap((part) => part.labels!) }),
  }
}

function joined(arrays: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
