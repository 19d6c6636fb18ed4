import type { Column, Columns } from '@modelyard/data'
import { type Signature, UserError } from '@modelyard/spec'
import type { TypedTensor } from 'onnxruntime-node'
import type { InspectedModel } from './inspect.ts'

/** The columns that a model reads: what to ask a dataset for (`readColumns(names, { text })`). */
export interface Features {
  /** In the order of the inputs, or of the places in the one input. */
  names: string[]
  /** Those that the model takes as text. */
  text: string[]
  /** Whether all go into one tensor, side by side. */
  matrix: boolean
}

export interface FeatureOptions {
  /** Columns that are no features (label, id, time, group), for a model that takes all others in one tensor. */
  exclude: readonly string[]
  /** The column with the truth, which no model may take. */
  label?: string | undefined
}

const MATRIX = ['tensor(float)', 'tensor(double)']

/** Finds a model's features among columns. Throws a `UserError` where an input has none. */
export function featuresOf(
  { signature, columns: order }: Pick<InspectedModel, 'signature' | 'columns'>,
  columns: readonly Column[],
  { exclude, label }: FeatureOptions,
): Features {
  const features = isMatrix(signature, columns)
    ? matrixFeatures(signature.inputs[0]!, order, columns, exclude)
    : namedFeatures(signature, columns)
  if (label !== undefined && features.names.includes(label)) {
    throw new UserError(`The model takes ${label}, which is the label. Train it on the other columns.`)
  }
  return features
}

type Port = Signature['inputs'][number]

/** One input that is not a column of its own name takes several columns. */
function isMatrix({ inputs }: Signature, columns: readonly Column[]): boolean {
  const [input] = inputs
  if (inputs.length !== 1 || !input || !MATRIX.includes(input.type) || input.shape.length !== 2) return false
  return input.shape[1] !== 1 || !columns.some(({ name }) => name === input.name)
}

function matrixFeatures(
  input: Port,
  order: string[] | null,
  columns: readonly Column[],
  exclude: readonly string[],
): Features {
  const names = order ?? columns.map(({ name }) => name).filter((name) => !exclude.includes(name))
  for (const name of names) requireColumn(name, input.name, columns)
  const width = input.shape[1]
  if (typeof width === 'number' && width !== names.length) {
    throw new UserError(
      `The model's input ${input.name} takes ${width} columns and the data have ${names.length}: ${names.join(', ')}. Say which it takes, and in which order: onnx.helper.set_model_props(model, {"columns": json.dumps([…])}).`,
    )
  }
  return { names, text: [], matrix: true }
}

function namedFeatures({ inputs }: Signature, columns: readonly Column[]): Features {
  for (const { name } of inputs) requireColumn(name, name, columns)
  return {
    names: inputs.map(({ name }) => name),
    text: inputs.filter(({ type }) => type === 'tensor(string)').map(({ name }) => name),
    matrix: false,
  }
}

function requireColumn(name: string, input: string, columns: readonly Column[]): void {
  if (columns.some((column) => column.name === name)) return
  const others = columns.map((column) => column.name).join(', ')
  throw new UserError(`The model's input ${input} needs a column ${name}, and the data have none. They have ${others}.`)
}

type TensorConstructor = typeof import('onnxruntime-node').Tensor

/** The tensors that a batch of columns becomes. Text that is missing becomes '', a number that is missing NaN. */
export function tensorsOf(
  batch: Columns,
  features: Features,
  { inputs }: Signature,
  Tensor: TensorConstructor,
): Record<string, TypedTensor<'string' | 'float32' | 'float64' | 'int64' | 'int32' | 'bool'>> {
  const { names } = features
  const rows = batch[names[0]!]?.length ?? 0
  if (features.matrix) {
    const input = inputs[0]!
    const matrix = new Float64Array(rows * names.length)
    for (const [column, name] of names.entries()) {
      const values = numbers(batch, name, input)
      for (let row = 0; row < rows; row++) matrix[row * names.length + column] = values[row]!
    }
    return { [input.name]: numberTensor(matrix, [rows, names.length], input, Tensor) }
  }
  return Object.fromEntries(
    inputs.map((input) => {
      const shape = input.shape.length === 1 ? [rows] : [rows, 1]
      if (input.type !== 'tensor(string)') {
        return [input.name, numberTensor(numbers(batch, input.name, input), shape, input, Tensor)]
      }
      const texts = Array.from(batch[input.name] as Array<string | null>, (value) => value ?? '')
      return [input.name, new Tensor('string', texts, shape)]
    }),
  )
}

function numbers(batch: Columns, name: string, input: Port): Float64Array {
  const values = batch[name]
  if (values instanceof Float64Array) return values
  throw new UserError(`The model's input ${input.name} is ${input.type}, and the column ${name} holds no numbers.`)
}

function numberTensor(values: Float64Array, shape: number[], { name, type }: Port, Tensor: TensorConstructor) {
  switch (type) {
    case 'tensor(float)':
      return new Tensor('float32', Float32Array.from(values), shape)
    case 'tensor(double)':
      return new Tensor('float64', values, shape)
    case 'tensor(int64)':
      return new Tensor('int64', BigInt64Array.from(whole(values, name, type), BigInt), shape)
    case 'tensor(int32)':
      return new Tensor('int32', Int32Array.from(whole(values, name, type)), shape)
    case 'tensor(bool)':
      return new Tensor('bool', Uint8Array.from(whole(values, name, type)), shape)
    default:
      throw new UserError(
        `The model's input ${name} is ${type}. Modelyard feeds float, double, int64, int32, bool and string.`,
      )
  }
}

function whole(values: Float64Array, name: string, type: string): Float64Array {
  const index = values.findIndex((value) => !Number.isSafeInteger(value))
  if (index < 0) return values
  const what = Number.isNaN(values[index]) ? 'rows without a value' : 'numbers that are not whole'
  throw new UserError(
    `The model's input ${name} is ${type}, and its column has ${what}. Make the input a float, or fill the column.`,
  )
}
