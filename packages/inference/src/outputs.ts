import { type Signature, type Task, UserError } from '@modelyard/spec'
import type { InspectedModel } from './inspect.ts'
import type { Predictions } from './predict.ts'

type Port = Signature['outputs'][number]

/** Which outputs to ask a model for, and what they mean. */
export interface Outputs {
  /** The class that the model chose. */
  label?: string
  /** Probabilities of the classes, or of the positive one alone; values of a regression. */
  scores?: string
}

/** A tensor as ONNX Runtime gives it. */
export interface OutputTensor {
  dims: readonly number[]
  data: ArrayLike<number | bigint | string | boolean>
}

const floats = ['tensor(float)', 'tensor(double)']
const labels = ['tensor(int64)', 'tensor(int32)', 'tensor(string)', 'tensor(bool)']

/** Finds a model's answers. Throws a `UserError` where the task needs one that it does not give. */
export function outputsOf({ outputs }: Signature, task: Task): Outputs {
  const score = outputs.find(({ type }) => floats.includes(type))
  if (task === 'regression') {
    if (score) return { scores: score.name }
    throw new UserError(`A regression needs an output of numbers, and the model has ${listed(outputs)}.`)
  }
  const label = outputs.find(({ type }) => labels.includes(type))
  const zipped = outputs.find(({ type }) => type.startsWith('seq('))
  if (zipped && !score) {
    throw new UserError(
      `The model's output ${zipped.name} is ${zipped.type}, which cannot be read. Export it with options={"zipmap": False}.`,
    )
  }
  if (!score && !label) {
    throw new UserError(`A classification needs labels or probabilities, and the model has ${listed(outputs)}.`)
  }
  return { ...(label && { label: label.name }), ...(score && { scores: score.name }) }
}

function listed(outputs: readonly Port[]): string {
  return outputs.map(({ name, type }) => `${name}: ${type}`).join(', ') || 'none'
}

/** Reads a batch of answers. */
export function readOutputs(
  tensors: Record<string, OutputTensor>,
  { label, scores }: Outputs,
  { classes }: Pick<InspectedModel, 'classes'>,
  task: Task,
  rows: number,
): Predictions {
  const given = scores === undefined ? undefined : tensors[scores]!
  const values = given && Float64Array.from(given.data as ArrayLike<number>)
  if (values && (values.length % rows !== 0 || values.length === 0)) {
    throw new UserError(
      `The model gave ${values.length} numbers for ${rows} rows. Its first dimension must be the rows.`,
    )
  }
  const width = values ? values.length / rows : 0
  if (task === 'regression') {
    if (width === 1) return { rows, values: values! }
    throw new UserError(`The model gave ${width} numbers a row; a regression has one.`)
  }
  const chosen = label === undefined ? undefined : Array.from(tensors[label]!.data, written)
  if (chosen && chosen.length !== rows) {
    throw new UserError(`The model gave ${chosen.length} labels for ${rows} rows.`)
  }
  if (task === 'binary-classification') return binary(rows, values, width, chosen, classes)
  return multiclass(rows, values, width, chosen, classes)
}

function binary(
  rows: number,
  values: Float64Array | undefined,
  width: number,
  chosen: string[] | undefined,
  known: string[] | null,
): Predictions {
  const names = known ?? ['0', '1']
  if (names.length !== 2 || width > 2) {
    throw new UserError(`The model tells ${Math.max(names.length, width)} classes apart; a binary one has 2.`)
  }
  const positive = positiveOf(names)
  const classes = [names[1 - positive]!, names[positive]!]
  if (!values) return { rows, classes, labels: chosen! }
  const probabilities =
    width === 1 ? values : Float64Array.from({ length: rows }, (_, row) => values[2 * row + positive]!)
  return { rows, classes, probabilities, labels: chosen ?? labelsOf(probabilities, classes) }
}

/** The class that is called 1 or true; else the second, as scikit-learn sorts them. */
function positiveOf(names: readonly string[]): 0 | 1 {
  return /^(?:1|true)$/i.test(names[0]!) ? 0 : 1
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
  known: string[] | null,
): Predictions {
  if (!values) return { rows, ...(known && { classes: known }), labels: chosen! }
  const classes = known ?? Array.from({ length: width }, (_, index) => String(index))
  if (classes.length !== width) {
    throw new UserError(
      `The model gave ${width} probabilities a row and names ${classes.length} classes. Write the classes into its metadata as classes.`,
    )
  }
  const labels =
    chosen ??
    Array.from({ length: rows }, (_, row) => {
      const own = values.subarray(row * width, (row + 1) * width)
      return classes[own.indexOf(Math.max(...own))] ?? ''
    })
  return { rows, classes, classProbabilities: values, labels }
}

function written(value: number | bigint | string | boolean): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
