import type { ColumnValues } from '@modelyard/data'
import type { Predictions } from '@modelyard/inference'
import { isClassification, type Task, UserError } from '@modelyard/spec'
import { alignLabels } from './label-sets.ts'
import type { Sample } from './sample.ts'

export interface Aligned {
  task: Task
  /** The label columns, one but for a multilabel task: numbers (NaN where missing) or text. */
  labels: readonly ColumnValues[]
  /** Their names. */
  columns: readonly string[]
  candidate: Predictions
  champion: Predictions | null
}

/** Labels and predictions in one numbering of the classes. Throws a `UserError` where they do not speak of the same. */
export function align(aligned: Aligned): Omit<Sample, 'groups'> {
  if (aligned.task === 'multilabel-classification') return alignLabels(aligned)
  const { task, candidate, champion } = aligned
  const labels = aligned.labels[0]!
  const column = aligned.columns[0]!
  if (!isClassification(task)) {
    if (!(labels instanceof Float64Array)) {
      throw new UserError(`The label column ${column} holds text, and ${task} needs numbers. Check data.label.`)
    }
    return { task, classes: [], labels, candidate: candidate.values!, champion: champion && champion.values! }
  }
  const truth = Array.from(labels as ArrayLike<number | string | null>, nameOf)
  if (task === 'binary-classification') return { task, ...alignBinary(truth, column, candidate, champion) }
  refuseStranger(truth, column, classesOf(candidate))
  const classes = [...new Set([...classesOf(candidate), ...(champion ? classesOf(champion) : [])])]
  return {
    task,
    classes,
    labels: numbered(truth, classes),
    candidate: spread(candidate, classes, 'The candidate'),
    champion: champion && spread(champion, classes, 'The champion'),
  }
}

function alignBinary(
  truth: Array<string | null>,
  column: string,
  candidate: Predictions,
  champion: Predictions | null,
) {
  const classes = classesOf(candidate)
  refuseStranger(truth, column, classes)
  const others = champion ? classesOf(champion) : classes
  if (others.length !== classes.length || others.some((name) => !classes.includes(name))) {
    throw new UserError(
      `The champion tells ${others.join(' from ')}, the candidate ${classes.join(' from ')}: they cannot be compared. Give a model that answers another question another name.`,
    )
  }
  const before = champion && given(champion.probabilities, 'The champion')
  const turned = others[0] !== classes[0]
  return {
    classes,
    labels: numbered(truth, classes),
    candidate: given(candidate.probabilities, 'The candidate'),
    champion: before && (turned ? before.map((probability) => 1 - probability) : before),
  }
}

/** A label that the candidate can never give is a mistake in the data or the model; a champion may be older than it. */
function refuseStranger(truth: ReadonlyArray<string | null>, column: string, classes: readonly string[]): void {
  const known = new Set<string | null>([...classes, null])
  const stranger = truth.find((name) => !known.has(name))
  if (stranger === undefined) return
  if (classes.every((name, index) => name === String(index)) && Number.isNaN(Number(stranger))) {
    const names = [...new Set(truth)].filter((name) => name !== null).sort()
    throw new UserError(
      `The label column ${column} holds ${JSON.stringify(stranger)}, and the candidate tells ${classes.join(' from ')}, which is what classes are called that a model does not name. Write their names into its metadata as classes, in the order of its probabilities, as in ${JSON.stringify(names.slice(0, classes.length))}; or let the labels be those numbers.`,
    )
  }
  throw new UserError(
    `The label column ${column} holds ${JSON.stringify(stranger)}, and the candidate tells ${classes.join(' from ')}. Check data.label, or train on rows of that class, too.`,
  )
}

function given(probabilities: Float64Array | undefined, whose: string): Float64Array {
  if (probabilities) return probabilities
  throw new UserError(`${whose} gives classes without probabilities. Export it with its probabilities.`)
}

function classesOf(predictions: Predictions): string[] {
  return (predictions.classes ?? ['0', '1']).map(sameBoolean)
}

/** A label as a model names its class. */
function nameOf(label: number | string | null): string | null {
  if (label === null || Number.isNaN(label)) return null
  return sameBoolean(String(label))
}

/** Booleans are numbers in data and words in some models. */
function sameBoolean(name: string): string {
  if (/^false$/i.test(name)) return '0'
  return /^true$/i.test(name) ? '1' : name
}

function numbered(names: Array<string | null>, classes: readonly string[]): Float64Array {
  const numbers = new Map<string | null, number>(classes.map((name, index) => [name, index]))
  return Float64Array.from(names, (name) => numbers.get(name) ?? Number.NaN)
}

/** Class probabilities in the order of `classes`; a class that the model does not know has probability 0. */
function spread(predictions: Predictions, classes: readonly string[], whose: string): Float64Array {
  const own = classesOf(predictions)
  const places = own.map((name) => classes.indexOf(name))
  const from = given(predictions.classProbabilities, whose)
  const to = new Float64Array(predictions.rows * classes.length)
  for (let row = 0; row < predictions.rows; row++) {
    for (const [index, place] of places.entries()) to[row * classes.length + place] = from[row * own.length + index]!
  }
  return to
}
