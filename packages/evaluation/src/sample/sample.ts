import type { OwnMetric, Task } from '@modelyard/spec'
import type { Clusters } from '@modelyard/stats'

/** What the rows of a hold-out truly are, and what two models say of them: one entry a row, in the same order. */
export interface Sample {
  task: Task
  /** The classes or labels by name, empty for regression. Binary: negative, positive. */
  classes: readonly string[]
  /**
   * Classification: the index of the class, so 1 is positive; multilabel: rows × labels, 0 and 1; regression: the value.
   * NaN where it is missing.
   */
  labels: Float64Array
  /** Binary: the probability of the positive class; multiclass and multilabel: rows × classes; regression: the value. */
  candidate: Float64Array
  /** The same of the champion; null where there is none. */
  champion: Float64Array | null
  /** Rows that are not independent of one another; null where all are. */
  groups: Clusters | null
  /** What the repository's own command says of each row, by its metrics; absent where there is no such command. */
  scores?: OwnScores
  /** Ranking: the query of each row. */
  queries?: Clusters
  /** Forecasting: what errors are measured by, where that was asked for. */
  scales?: Scales
  /** What the first prediction in the hold-out is that is no finite number, and where, as a sentence; of either model. */
  gaps?: { candidate?: string; champion?: string }
}

/** How much series vary by themselves. */
export interface Scales {
  /** The series of each row. */
  of: Int32Array
  /** By series: its scale, more than 0; or why it has none, as a sentence. */
  by: ReadonlyArray<number | string>
}

/** A score for each row of every metric of the repository's own. */
export type OwnScores = ReadonlyMap<OwnMetric, { candidate: Float64Array; champion: Float64Array | null }>

/** What metrics know of the rows beside a model's predictions. */
export type Truth = Pick<Sample, 'task' | 'classes' | 'labels' | 'queries' | 'scales' | 'gaps'>

/** Predictions per row. */
export function width({ task, classes }: Truth): number {
  return task === 'multiclass-classification' || task === 'multilabel-classification' ? classes.length : 1
}

/** Labels per row. */
function labelWidth({ task, classes }: Truth): number {
  return task === 'multilabel-classification' ? classes.length : 1
}

/** How many rows there are. */
export function rowsOf(truth: Truth): number {
  return truth.labels.length / labelWidth(truth)
}

/** The sample of some rows. Groups are numbered anew, so that their count is of those that are left. */
export function subset(sample: Sample, rows: Uint32Array): Sample {
  const { labels, candidate, champion, groups, scores, queries, scales } = sample
  return {
    ...sample,
    labels: pick(labels, rows, labelWidth(sample)),
    candidate: pick(candidate, rows, width(sample)),
    champion: champion && pick(champion, rows, width(sample)),
    groups: groups && numberGroups(Array.from(rows, (row) => groups.of[row]!)),
    ...(scores && { scores: scoresOf(scores, rows) }),
    ...(queries && { queries: numberGroups(Array.from(rows, (row) => queries.of[row]!)) }),
    ...(scales && { scales: { ...scales, of: Int32Array.from(rows, (row) => scales.of[row]!) } }),
  }
}

function scoresOf(scores: OwnScores, rows: Uint32Array): OwnScores {
  const picked = [...scores].map(([name, { candidate, champion }]) => {
    return [name, { candidate: pick(candidate, rows, 1), champion: champion && pick(champion, rows, 1) }] as const
  })
  return new Map(picked)
}

function pick(values: Float64Array, rows: Uint32Array, width: number): Float64Array {
  const picked = new Float64Array(rows.length * width)
  for (const [index, row] of rows.entries()) {
    for (let i = 0; i < width; i++) picked[index * width + i] = values[row * width + i]!
  }
  return picked
}

/** Groups by number, in the order in which they first come. */
export function numberGroups(names: ArrayLike<string | number | null>): Clusters {
  const numbers = new Map<string | number | null, number>()
  const of = Int32Array.from(names, (name) => {
    const known = numbers.get(name) ?? numbers.size
    numbers.set(name, known)
    return known
  })
  return { of, count: numbers.size }
}

/** The class that each row is given: over one half, or the most probable; the first of equals. */
export function choose(truth: Truth, predictions: Float64Array): Int32Array {
  const chosen = new Int32Array(truth.labels.length)
  if (truth.task === 'binary-classification') {
    for (let row = 0; row < chosen.length; row++) chosen[row] = +(predictions[row]! > 0.5)
    return chosen
  }
  const classes = width(truth)
  for (let row = 0; row < chosen.length; row++) {
    let best = 0
    for (let i = 1; i < classes; i++) {
      if (predictions[row * classes + i]! > predictions[row * classes + best]!) best = i
    }
    chosen[row] = best
  }
  return chosen
}
