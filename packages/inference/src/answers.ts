import { isClassification, type Task, UserError } from '@modelyard/spec'
import type { InspectedModel } from './inspect.ts'
import { readLabelAnswers } from './label-answers.ts'
import type { Outputs } from './outputs.ts'
import { type Predictions, positiveOf } from './predictions.ts'

/** A tensor as ONNX Runtime gives it. */
export interface OutputTensor {
  dims: readonly number[]
  data: ArrayLike<number | bigint | string | boolean>
}

/** What is known before the answers come. */
export interface Expected {
  task: Task
  outputs: Outputs
  classes: InspectedModel['classes']
  /** Of several labels, as the model's metadata name them. */
  names: InspectedModel['names']
  /** The rows that were fed. */
  fed: number
  /** How many of them count: the first. The rest only filled the batch. */
  rows: number
  /** Whether the class that the model chooses is wanted where it gives probabilities. */
  labels: boolean
}

/** Reads a batch of answers. Throws a `UserError` for a shape that does not fit rows and task. */
export function readAnswers(tensors: Record<string, OutputTensor>, expected: Expected): Predictions {
  const { task, outputs, fed, rows, names } = expected
  if (outputs.each) return readLabelAnswers(tensors, outputs.each, { fed, rows, names })
  const given = outputs.scores === undefined ? undefined : tensors[outputs.scores]!
  if (given) requireRows(given, fed, 'numbers')
  const width = given ? given.data.length / fed : 0
  const values = given && new Float64Array(given.data as ArrayLike<number>).subarray(0, rows * width)
  if (!isClassification(task)) {
    if (width === 1) return { rows, values: values! }
    throw new UserError(`The model gave ${width} numbers a row; a model for ${task} gives one.`)
  }
  const label = outputs.label === undefined ? undefined : tensors[outputs.label]!
  if (label) {
    requireRows(label, fed, 'labels')
    if (label.data.length !== fed) throw new UserError(`The model gave ${label.data.length} labels for ${fed} rows.`)
  }
  const chosen = label && Array.from(label.data, written).slice(0, rows)
  if (task === 'binary-classification') return binary(rows, values, width, chosen, expected)
  return multiclass(rows, values, width, chosen, expected)
}

function requireRows({ dims, data }: OutputTensor, fed: number, what: string): void {
  if (dims[0] === fed && data.length > 0) return
  throw new UserError(
    `The model gave ${what} of the shape ${dims.join(' × ') || 'of a single value'} for ${fed} rows. The first dimension must be the rows.`,
  )
}

function binary(
  rows: number,
  values: Float64Array | undefined,
  width: number,
  chosen: string[] | undefined,
  { classes: known, labels }: Expected,
): Predictions {
  const names = known ?? ['0', '1']
  if (names.length !== 2 || width > 2) {
    throw new UserError(`The model tells ${Math.max(names.length, width)} classes apart; a binary one has 2.`)
  }
  const positive = positiveOf(names)
  const classes = [names[1 - positive]!, names[positive]!]
  if (!values) return { rows, classes, labels: chosen! }
  const probabilities = width === 1 ? values : ofClass(values, positive)
  return { rows, classes, probabilities, ...(labels && { labels: chosen ?? labelsOf(probabilities, classes) }) }
}

/** One of two columns. */
function ofClass(values: Float64Array, column: 0 | 1): Float64Array {
  const own = new Float64Array(values.length / 2)
  for (let row = 0; row < own.length; row++) own[row] = values[2 * row + column]!
  return own
}

/** A tie is the first class, as with argmax. */
function labelsOf(probabilities: Float64Array, classes: readonly string[]): string[] {
  return Array.from(probabilities, (probability) => classes[probability > 0.5 ? 1 : 0]!)
}

function multiclass(
  rows: number,
  values: Float64Array | undefined,
  width: number,
  chosen: string[] | undefined,
  { classes: known, labels }: Expected,
): Predictions {
  if (!values) return { rows, ...(known && { classes: known }), labels: chosen! }
  const classes = known ?? Array.from({ length: width }, (_, index) => String(index))
  if (classes.length !== width) {
    throw new UserError(
      `The model gave ${width} probabilities a row and names ${classes.length} classes. Write the classes into its metadata as classes.`,
    )
  }
  const mostProbable = (_: unknown, row: number) => {
    const own = values.subarray(row * width, (row + 1) * width)
    return classes[own.indexOf(Math.max(...own))] ?? ''
  }
  return {
    rows,
    classes,
    classProbabilities: values,
    ...(labels && { labels: chosen ?? Array.from({ length: rows }, mostProbable) }),
  }
}

function written(value: number | bigint | string | boolean): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
